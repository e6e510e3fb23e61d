// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/eventstore/event_store_connector.h"
#include "connectors/eventstore/store_file.h"
#include "connectors/eventstore/store_writer.h"
#include "connectors/state_fold.h"
#include "tests/support/store_fixture.h"

#include <QCryptographicHash>
#include <QFile>
#include <QTest>

using namespace connectors;
using tests::answerOf;
using tests::newEvent;
using tests::StoreFixture;

namespace {

SnapshotPolicy every(int events)
{
    SnapshotPolicy policy;
    policy.every = events;
    return policy;
}

/// Events {"n": i} of the stream, in one transaction, numbered from `first` on.
void append(const StoreFixture &fixture, const QString &stream, int first, int count, SnapshotPolicy policy)
{
    const auto database = eventstore::openForWriting(fixture.path(), true);
    eventstore::StoreWriter writer(*database, policy);
    sqlite::Transaction transaction(*database, sqlite::Transaction::Kind::Write);
    for (int i = first; i < first + count; ++i)
        std::ignore = writer.append({newEvent(stream, stream + u'/' + QString::number(i), i)}, 1000);
    transaction.commit();
}

/// As the version before had it.
void makeOld(const StoreFixture &fixture)
{
    sqlite::Database database(fixture.path(), sqlite::Database::Access::Write);
    database.execute("DROP TABLE snapshots; UPDATE store SET schema_version = 1; PRAGMA user_version = 1; PRAGMA wal_checkpoint(TRUNCATE)");
}

qint64 ask(const StoreFixture &fixture, const char *question)
{
    return sqlite::Database(fixture.path(), sqlite::Database::Access::Look).queryInteger(question);
}

/// "100: {…}, 200: {…}"
QString snapshotsOf(const StoreFixture &fixture, const QString &stream)
{
    const auto store = *eventstore::openEventStore(fixture.spec());
    QStringList found;
    const auto list = answerOf(store->snapshotSource()->listSnapshots(stream, {}));
    for (const Snapshot &listed : list.value()) {
        const auto whole = answerOf(store->snapshotSource()->newestSnapshot(stream, listed.fold, listed.streamVersion, {})).value();
        found += QStringLiteral("%1 at %2: %3").arg(listed.streamVersion).arg(listed.position).arg(QString::fromUtf8(whole->state));
    }
    return found.join(QStringLiteral(", "));
}

QByteArray hashOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? QCryptographicHash::hash(file.readAll(), QCryptographicHash::Sha256) : QByteArray();
}

} // namespace

class TestStoreSnapshots final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void oneIsKeptEverySoManyEvents()
    {
        StoreFixture fixture;
        append(fixture, u"other"_qs, 0, 3, every(100));
        append(fixture, u"order-1"_qs, 0, 99, every(100));
        QCOMPARE(snapshotsOf(fixture, u"order-1"_qs), QString());
        append(fixture, u"order-1"_qs, 99, 151, every(100));
        QCOMPARE(snapshotsOf(fixture, u"order-1"_qs), u"100 at 103: {\"n\":99}, 200 at 203: {\"n\":199}"_qs);
        QCOMPARE(snapshotsOf(fixture, u"other"_qs), QString());
    }

    void itHoldsWhatAllEventsBeforeHaveLeft()
    {
        StoreFixture fixture;
        const auto database = eventstore::openForWriting(fixture.path(), true);
        eventstore::StoreWriter writer(*database, every(100));
        sqlite::Transaction transaction(*database, sqlite::Transaction::Kind::Write);
        for (int i = 1; i <= 200; ++i) {
            NewEvent event = newEvent(u"a-1"_qs, u"e-%1"_qs.arg(i));
            event.payload = i == 1 ? QByteArray(R"({"eventId":"e-1","data":{"first":9007199254740993,"gone":true}})")
                : i == 150         ? QByteArray(R"({"gone":null,"price":12345678901234567890123456.1234567890})")
                                   : QByteArray(R"({"data":{"last":)") + QByteArray::number(i) + "}}";
            std::ignore = writer.append({event}, 1000);
        }
        transaction.commit();
        const QByteArray at100 = R"({"first":9007199254740993,"gone":true,"last":100})";
        const QByteArray at200 = R"({"first":9007199254740993,"last":200,"price":12345678901234567890123456.1234567890})";
        QCOMPARE(eventstore::newestSnapshot(*database, u"a-1"_qs, fold::ruleName(), 100)->state, at100);
        QCOMPARE(eventstore::newestSnapshot(*database, u"a-1"_qs, fold::ruleName(), 999)->state, at200);
    }

    void whatIsNotStoredLeavesNone()
    {
        StoreFixture fixture;
        append(fixture, u"a"_qs, 0, 99, every(100));
        {
            const auto database = eventstore::openForWriting(fixture.path(), false);
            eventstore::StoreWriter writer(*database, every(100));
            sqlite::Transaction transaction(*database, sqlite::Transaction::Kind::Write);
            std::ignore = writer.append({newEvent(u"a"_qs, u"a/99"_qs, 99)}, 1000);
        }
        QCOMPARE(snapshotsOf(fixture, u"a"_qs), QString());
        append(fixture, u"a"_qs, 98, 1, every(100)); // is there already
        QCOMPARE(snapshotsOf(fixture, u"a"_qs), QString());
        append(fixture, u"a"_qs, 99, 1, every(100));
        QCOMPARE(snapshotsOf(fixture, u"a"_qs), u"100 at 100: {\"n\":99}"_qs);
    }

    void theConnectionSaysHowOften()
    {
        StoreFixture fixture;
        ConnectionSpec spec = fixture.spec(true);
        spec.properties.insert(SnapshotPolicy::propertyName(), u"120"_qs);
        const auto store = *eventstore::openEventStore(spec);
        std::vector<NewEvent> events;
        for (int i = 0; i < 250; ++i)
            events.push_back(newEvent(u"s"_qs, u"e-%1"_qs.arg(i), i));
        QVERIFY(answerOf(store->eventWriter()->append(events)).has_value());
        QCOMPARE(snapshotsOf(fixture, u"s"_qs), u"120 at 120: {\"n\":119}, 240 at 240: {\"n\":239}"_qs);
    }

    void anotherNumberIsRefused()
    {
        StoreFixture fixture;
        for (const auto &wrong : {u"99"_qs, u"501"_qs, u"0"_qs, u"x"_qs}) {
            ConnectionSpec spec = fixture.spec(true);
            spec.properties.insert(SnapshotPolicy::propertyName(), wrong);
            const auto refused = eventstore::openEventStore(spec);
            QVERIFY(!refused);
            QCOMPARE(refused.error().code, ErrorCode::InvalidInput);
            QVERIFY(refused.error().advice.contains(u"100 to 500"));
        }
        ConnectionSpec spec = fixture.spec(true);
        spec.properties.insert(u"snapshots"_qs, u"250"_qs);
        QVERIFY(!eventstore::openEventStore(spec));
    }

    void aStreamThatWasLongBeforeGetsNone()
    {
        StoreFixture fixture;
        append(fixture, u"long"_qs, 0, 450, every(500));
        SnapshotPolicy policy = every(100);
        policy.mostEvents = 200;
        append(fixture, u"long"_qs, 450, 60, policy);
        QCOMPARE(snapshotsOf(fixture, u"long"_qs), QString());
    }

    void aStateThatIsTooLargeIsNotKept()
    {
        StoreFixture fixture;
        SnapshotPolicy policy = every(100);
        policy.mostStateBytes = 7; // {"n":99} has eight
        append(fixture, u"a"_qs, 0, 100, policy);
        QCOMPARE(snapshotsOf(fixture, u"a"_qs), QString());
    }

    void lookingAtAnOldStoreChangesNothing()
    {
        StoreFixture fixture;
        append(fixture, u"a"_qs, 0, 300, every(100));
        makeOld(fixture);
        const QByteArray before = hashOf(fixture.path());
        {
            const auto store = *eventstore::openEventStore(fixture.spec());
            QCOMPARE(answerOf(store->identify({}))->version, u"1"_qs);
            QCOMPARE(answerOf(store->streamCatalog()->listStreams({}, {}))->streams.size(), size_t(1));
            QCOMPARE(tests::readAll(store->eventReader()->read({})).positions().size(), size_t(300));
            QVERIFY(answerOf(store->snapshotSource()->listSnapshots(u"a"_qs, {}))->empty());
            QVERIFY(!answerOf(store->snapshotSource()->newestSnapshot(u"a"_qs, fold::ruleName(), 300, {}))->has_value());
        }
        QCOMPARE(hashOf(fixture.path()), before);
        QCOMPARE(ask(fixture, "PRAGMA user_version"), 1);
    }

    void appendingToAnOldStoreBringsItUpToDate()
    {
        StoreFixture fixture;
        append(fixture, u"a"_qs, 0, 199, every(100));
        makeOld(fixture);
        const auto looking = *eventstore::openEventStore(fixture.spec()); // stays open across
        QVERIFY(answerOf(looking->snapshotSource()->listSnapshots(u"a"_qs, {}))->empty());
        append(fixture, u"a"_qs, 199, 1, every(100));
        QCOMPARE(ask(fixture, "PRAGMA user_version"), eventstore::SchemaVersion);
        QCOMPARE(ask(fixture, "SELECT schema_version FROM store"), eventstore::SchemaVersion);
        QCOMPARE(ask(fixture, "SELECT count(*) FROM events"), 200);
        QCOMPARE(snapshotsOf(fixture, u"a"_qs), u"200 at 200: {\"n\":199}"_qs);
        QCOMPARE(answerOf(looking->snapshotSource()->listSnapshots(u"a"_qs, {}))->size(), size_t(1));
    }
};

QTEST_GUILESS_MAIN(TestStoreSnapshots)
#include "tst_store_snapshots.moc"
