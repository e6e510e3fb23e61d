// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/eventstore/event_store_connector.h"
#include "connectors/eventstore/store_file.h"
#include "connectors/eventstore/store_writer.h"
#include "tests/connectors/conformance/conformance.h"
#include "tests/support/store_fixture.h"

#include <QTest>

using namespace connectors;

class TestEventStoreConformance final : public tests::Conformance
{
    Q_OBJECT

protected:
    void prepare() override
    {
        const auto database = eventstore::openForWriting(m_fixture.path(), true);
        SnapshotPolicy policy;
        policy.every = SnapshotPolicy::Fewest;
        eventstore::StoreWriter writer(*database, policy);
        sqlite::Transaction transaction(*database, sqlite::Transaction::Kind::Write);
        NewEvent largest = tests::newEvent(large().stream, QStringLiteral("e-large"));
        largest.eventType = QStringLiteral("L");
        largest.aggregateId = QStringLiteral("order-large");
        largest.correlationId = QStringLiteral("flow-large");
        largest.causationId = QStringLiteral("e-1");
        largest.version = 3;
        largest.payload = largeBody();
        largest.metadata = largeHeader();
        std::ignore = writer.append({largest}, FirstTime);
        for (int i = 0; i < SnapshotPolicy::Fewest; ++i)
            std::ignore = writer.append({tests::newEvent(snapshotStream(), QStringLiteral("c-%1").arg(i), i)}, FirstTime);
        for (qint64 i = 0; i < EventCount; ++i)
            std::ignore = writer.append({event(i)}, FirstTime + i * 1000);
        writer.saveCheckpoint(consumer(), stream(), firstPosition() + CheckpointAt, {}, FirstTime);
        transaction.commit();
    }
    std::shared_ptr<Connector> open() override { return *eventstore::openEventStore(spec()); }
    ConnectionSpec spec() const override { return m_fixture.spec(); }
    void appendOne(qint64 i) override
    {
        const auto store = *eventstore::openEventStore(m_fixture.spec());
        QVERIFY(tests::answerOf(store->eventWriter()->append({event(i)})).has_value());
    }
    QString stream() const override { return QStringLiteral("orders"); }
    QString consumer() const override { return QStringLiteral("reader"); }
    qint64 firstPosition() const override { return 2 + SnapshotPolicy::Fewest; }
    EventAddress large() const override { return {QStringLiteral("large"), 0, 1}; } // first, so that the others follow one another
    QString snapshotStream() const override { return QStringLiteral("counter"); }

private:
    NewEvent event(qint64 i) const
    {
        NewEvent event = tests::newEvent(stream(), QStringLiteral("e-%1").arg(i));
        event.eventType = typeOf(i);
        event.correlationId = flowOf(i);
        event.version = 1;
        event.payload = bodyOf(i);
        return event;
    }

    tests::StoreFixture m_fixture;
};

QTEST_GUILESS_MAIN(TestEventStoreConformance)
#include "tst_event_store_conformance.moc"
