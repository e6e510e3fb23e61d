// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/pgstore/pgstore_connector.h"
#include "tests/support/pgstore_fixture.h"
#include "tests/support/store_fixture.h"

#include <QTest>

using namespace connectors;
using tests::answerOf;
using tests::newEvent;

namespace {

Result<SystemIdentity> identityOf(const ConnectionSpec &spec, const Credentials &credentials = {})
{
    return answerOf((*pgstore::openEventStore(spec, credentials))->identify({}));
}

} // namespace

class TestPgStoreAccess final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { REQUIRE_POSTGRES(); }

    void lookingMakesNothing()
    {
        const tests::FreshDatabase empty;
        const auto before = tablesOf(empty);
        const auto store = *pgstore::openEventStore(empty.spec(), {});
        const auto identity = answerOf(store->identify({}));
        QCOMPARE(identity.error().code, ErrorCode::NotFound);
        QVERIFY2(identity.error().message.contains(u"streamgauge in "_qs + empty.name()), qPrintable(identity.error().message));
        QVERIFY(identity.error().advice.contains(u"schema="));
        QCOMPARE(tests::readAll(store->eventReader()->read({})).result.error().code, ErrorCode::NotFound);
        QCOMPARE(answerOf(store->streamCatalog()->listStreams({}, {})).error().code, ErrorCode::NotFound);
        QCOMPARE(answerOf(store->eventWriter()->append({newEvent(u"s"_qs, u"a"_qs)})).error().code, ErrorCode::NotFound);
        QCOMPARE(tablesOf(empty), before);
    }

    void appendingMakesTheStore()
    {
        const tests::FreshDatabase empty;
        const auto store = *pgstore::openEventStore(empty.spec(true), {});
        QVERIFY(answerOf(store->eventWriter()->append({newEvent(u"s"_qs, u"a"_qs)})).has_value());
        const auto identity = identityOf(empty.spec());
        QVERIFY2(identity.has_value(), identity ? "" : qPrintable(describe(identity.error())));
        QVERIFY(!identity->systemId.isEmpty());
        QCOMPARE(identity->product, u"Streamgauge event store on PostgreSQL"_qs);
        QCOMPARE(identity->userName, empty.spec().userName);
        QVERIFY(identity->version.section(u'.', 0, 0).toInt() >= 13);
        QCOMPARE(identityOf(empty.spec(true))->systemId, identity->systemId); // it is made once
    }

    void aSchemaThatHoldsSomethingElseIsLeftAlone()
    {
        const tests::FreshDatabase other;
        other.open()->execute("CREATE SCHEMA streamgauge; CREATE TABLE streamgauge.something (a int); CREATE SCHEMA foreign_store; CREATE TABLE foreign_store.store (a int)");
        const auto refused = identityOf(other.spec(true));
        QCOMPARE(refused.error().code, ErrorCode::Refused);
        QVERIFY(refused.error().message.contains(u"something"));
        const auto foreign = identityOf(other.spec(true, {{u"schema"_qs, u"foreign_store"_qs}}));
        QCOMPARE(foreign.error().code, ErrorCode::Unsupported);
    }

    void aStoreOfANewerVersionIsNotTouched()
    {
        tests::PgStoreFixture fixture;
        fixture.store().database.execute("UPDATE store SET schema_version = 99");
        QCOMPARE(identityOf(fixture.spec()).error().code, ErrorCode::Unsupported);
        QCOMPARE(answerOf((*pgstore::openEventStore(fixture.spec(true), {}))->eventWriter()->append({newEvent(u"s"_qs, u"a"_qs)})).error().code, ErrorCode::Unsupported);
    }

    void aDatabaseThatIsNotThereIsNamed()
    {
        const auto missing = identityOf(tests::postgresSpec(u"no_such_database"_qs));
        QCOMPARE(missing.error().code, ErrorCode::NotFound);
        QVERIFY(missing.error().message.contains(u"no_such_database"));
    }

    void aWrongPasswordIsTold()
    {
        tests::PgStoreFixture fixture;
        const QByteArray role = "reader_" + fixture.spec().path.toUtf8();
        fixture.store().database.execute("CREATE ROLE " + role + " LOGIN PASSWORD 'right'");
        ConnectionSpec spec = fixture.spec();
        spec.userName = QString::fromUtf8(role);
        QCOMPARE(identityOf(spec, {u"wrong"_qs, {}, {}, {}}).error().code, ErrorCode::NotAuthenticated);
        QCOMPARE(identityOf(spec).error().code, ErrorCode::NotAuthenticated);
        QCOMPARE(identityOf(spec, {u"right"_qs, {}, {}, {}}).error().code, ErrorCode::NotPermitted);
        fixture.store().database.execute("GRANT USAGE ON SCHEMA streamgauge TO " + role + "; GRANT SELECT ON ALL TABLES IN SCHEMA streamgauge TO " + role
                                         + "; GRANT SELECT ON SEQUENCE events_position TO " + role);
        const auto reader = *pgstore::openEventStore(spec, {u"right"_qs, {}, {}, {}});
        QVERIFY(answerOf(reader->identify({})).has_value());
        fixture.change([](pgstore::StoreWriter &writer) { std::ignore = writer.append({newEvent(u"s"_qs, u"a"_qs)}); });
        QCOMPARE(tests::readAll(reader->eventReader()->read({})).positions(), (std::vector<qint64>{1}));
        QCOMPARE(answerOf(reader->eventWriter()->append({newEvent(u"s"_qs, u"b"_qs)})).error().code, ErrorCode::NotPermitted);
        fixture.store().database.execute("REVOKE ALL ON ALL TABLES IN SCHEMA streamgauge FROM " + role + "; REVOKE ALL ON SEQUENCE events_position FROM " + role
                                         + "; REVOKE ALL ON SCHEMA streamgauge FROM " + role + "; DROP ROLE " + role);
    }

    void anApplicationAppendsWithFewRights()
    {
        tests::PgStoreFixture fixture;
        const QByteArray role = "application_" + fixture.spec().path.toUtf8();
        fixture.store().database.execute("CREATE ROLE " + role + " LOGIN PASSWORD 'right'; GRANT USAGE ON SCHEMA streamgauge TO " + role
                                         + "; GRANT INSERT, SELECT ON events TO " + role + "; GRANT USAGE, SELECT ON SEQUENCE events_position TO " + role);
        ConnectionSpec spec = fixture.spec();
        spec.userName = QString::fromUtf8(role);
        {
            postgres::Database application(*postgres::optionsOf(spec, {u"right"_qs, {}, {}, {}}), postgres::Database::Access::Write);
            application.execute("INSERT INTO streamgauge.events (stream, stream_version, event_id, event_type, timestamp, version, payload)"
                                " VALUES ('order-4711', 1, 'e-1', 'OrderShipped', '2026-03-01T12:00:00Z', 1, '{\"carrier\": \"DHL\"}')");
        }
        const tests::ReadEvents events = tests::readAll((*pgstore::openEventStore(fixture.spec(), {}))->eventReader()->read({}));
        QCOMPARE(events.positions(), std::vector<qint64>{1});
        QCOMPARE(events.batches.front()->bytes(events.batches.front()->record(0).payload), QByteArray("{\"carrier\": \"DHL\"}"));
        fixture.store().database.execute("REVOKE ALL ON events FROM " + role + "; REVOKE ALL ON SEQUENCE events_position FROM " + role
                                         + "; REVOKE ALL ON SCHEMA streamgauge FROM " + role + "; DROP ROLE " + role);
    }

    void aPropertyThatIsNotKnownIsRefusedAtOnce()
    {
        QCOMPARE(pgstore::openEventStore(tests::postgresSpec(u"x"_qs, {{u"service"_qs, u"y"_qs}}), {}).error().code, ErrorCode::InvalidInput);
        QCOMPARE(pgstore::openEventStoreCheckpointWriter(tests::postgresSpec({}), {}).error().code, ErrorCode::InvalidInput);
    }

private:
    static qint64 tablesOf(const tests::FreshDatabase &database)
    {
        return database.open()->query("SELECT (SELECT count(*) FROM pg_class) + (SELECT count(*) FROM pg_namespace) + (SELECT count(*) FROM pg_proc)").integer(0, 0);
    }
};

QTEST_GUILESS_MAIN(TestPgStoreAccess)
#include "tst_pgstore_access.moc"
