// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/pgstore/pgstore_connector.h"
#include "tests/connectors/conformance/conformance.h"
#include "tests/support/pgstore_fixture.h"
#include "tests/support/store_fixture.h"

#include <QTest>

using namespace connectors;

class TestPgStoreConformance final : public tests::Conformance
{
    Q_OBJECT

protected:
    void prepare() override
    {
        REQUIRE_POSTGRES();
        m_fixture = std::make_unique<tests::PgStoreFixture>();
        m_fixture->change([this](pgstore::StoreWriter &) {
            SnapshotPolicy policy;
            policy.every = SnapshotPolicy::Fewest;
            pgstore::StoreWriter writer(m_fixture->store(), policy);
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
        });
    }
    std::shared_ptr<Connector> open() override { return *pgstore::openEventStore(spec(), {}); }
    ConnectionSpec spec() const override { return m_fixture->spec(); }
    void appendOne(qint64 i) override
    {
        const auto store = *pgstore::openEventStore(spec(), {});
        QVERIFY(tests::answerOf(store->eventWriter()->append({event(i)})).has_value());
    }
    QString stream() const override { return QStringLiteral("orders"); }
    QString consumer() const override { return QStringLiteral("reader"); }
    qint64 firstPosition() const override { return 2 + SnapshotPolicy::Fewest; }
    QString snapshotStream() const override { return QStringLiteral("counter"); }
    EventAddress large() const override { return {QStringLiteral("large"), 0, 1}; } // first, so that the others follow one another

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

    std::unique_ptr<tests::PgStoreFixture> m_fixture;
};

QTEST_GUILESS_MAIN(TestPgStoreConformance)
#include "tst_pgstore_conformance.moc"
