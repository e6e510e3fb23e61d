// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/eventstore/event_store_connector.h"
#include "connectors/eventstore/store_file.h"
#include "connectors/eventstore/store_writer.h"
#include "tests/support/store_fixture.h"

#include <QProcess>
#include <QTest>

using namespace connectors;
using tests::answerOf;
using tests::newEvent;
using tests::StoreFixture;

class TestEventStore : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void appendsInOrderAndGivesGlobalPositions()
    {
        StoreFixture fixture;
        const auto store = *eventstore::openEventStore(fixture.spec(true));
        const auto first = answerOf(store->eventWriter()->append({newEvent(u"order-1"_qs, u"a"_qs), newEvent(u"order-2"_qs, u"b"_qs)}));
        const auto second = answerOf(store->eventWriter()->append({newEvent(u"order-1"_qs, u"c"_qs)}));
        QVERIFY2(first.has_value(), first ? "" : qPrintable(first.error().message));
        QCOMPARE(first->at(0).position, 1);
        QCOMPARE(first->at(1).position, 2);
        QCOMPARE(second->at(0).position, 3);
        QVERIFY(!second->at(0).wasKnown);
    }

    void anotherExpectedVersionIsAConflictThatSaysBothAndStoresNothing()
    {
        StoreFixture fixture;
        const auto store = *eventstore::openEventStore(fixture.spec(true));
        QVERIFY(answerOf(store->eventWriter()->append({newEvent(u"order-1"_qs, u"a"_qs)})).has_value());
        NewEvent late = newEvent(u"order-1"_qs, u"c"_qs);
        late.expectedVersion = 5;
        const auto refused = answerOf(store->eventWriter()->append({newEvent(u"order-9"_qs, u"b"_qs), late}));
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::Conflict);
        QVERIFY(refused.error().message.contains(u"version 1") && refused.error().message.contains(u"version 5"));
        QVERIFY(!refused.error().advice.isEmpty());
        late.expectedVersion = 1;
        const auto appended = answerOf(store->eventWriter()->append({late}));
        QCOMPARE(appended->at(0).position, 2); // nothing of the refused append is there
    }

    void appendingTheSameEventAgainGivesItsPosition()
    {
        StoreFixture fixture;
        const auto store = *eventstore::openEventStore(fixture.spec(true));
        NewEvent event = newEvent(u"order-1"_qs, u"a"_qs, 7);
        event.expectedVersion = 0;
        QVERIFY(answerOf(store->eventWriter()->append({event})).has_value());
        const auto again = answerOf(store->eventWriter()->append({event, newEvent(u"order-1"_qs, u"b"_qs)}));
        QVERIFY2(again.has_value(), again ? "" : qPrintable(again.error().message));
        QCOMPARE(again->at(0).position, 1);
        QVERIFY(again->at(0).wasKnown);
        QCOMPARE(again->at(1).position, 2);

        NewEvent other = event;
        other.payload = "{\"n\":8}";
        QCOMPARE(answerOf(store->eventWriter()->append({other})).error().code, ErrorCode::Conflict);
        other = event;
        other.stream = u"order-2"_qs;
        QCOMPARE(answerOf(store->eventWriter()->append({other})).error().code, ErrorCode::Conflict);
    }

    void twiceTheSameIdInOneAppendIsStoredOnce()
    {
        StoreFixture fixture;
        const auto store = *eventstore::openEventStore(fixture.spec(true));
        const auto appended = answerOf(store->eventWriter()->append({newEvent(u"s"_qs, u"a"_qs), newEvent(u"s"_qs, u"a"_qs)}));
        QVERIFY2(appended.has_value(), appended ? "" : qPrintable(appended.error().message));
        QCOMPARE(appended->at(1).position, appended->at(0).position);
        QVERIFY(appended->at(1).wasKnown);
    }

    void refusesWhatIsNotAnEvent_data()
    {
        QTest::addColumn<QString>("stream");
        QTest::addColumn<QByteArray>("payload");
        QTest::newRow("not JSON") << u"s"_qs << QByteArray("{\"a\":");
        QTest::newRow("empty") << u"s"_qs << QByteArray();
        QTest::newRow("too deep") << u"s"_qs << QByteArray(100'000, '[') + QByteArray(100'000, ']');
        QTest::newRow("513 levels") << u"s"_qs << QByteArray(513, '[') + QByteArray(513, ']');
        QTest::newRow("NUL") << u"s"_qs << QByteArray("{\"a\":1}\0{}", 10);
        QTest::newRow("not UTF-8") << u"s"_qs << QByteArray("\"\xff\xfe\"");
        QTest::newRow("no stream") << QString() << QByteArray("{}");
        QTest::newRow("reserved") << u"$all"_qs << QByteArray("{}");
        QTest::newRow("category") << u"order-*"_qs << QByteArray("{}");
    }

    void refusesWhatIsNotAnEvent()
    {
        QFETCH(QString, stream);
        QFETCH(QByteArray, payload);
        StoreFixture fixture;
        const auto store = *eventstore::openEventStore(fixture.spec(true));
        NewEvent event = newEvent(stream, u"x"_qs);
        event.payload = payload;
        const auto refused = answerOf(store->eventWriter()->append({event}));
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::InvalidInput);
        QVERIFY(!refused.error().advice.isEmpty());
    }

    void storesTheBodyToTheByte_data()
    {
        QTest::addColumn<QByteArray>("payload");
        QTest::newRow("spaces") << QByteArray(" { \"a\" : 1.0 } ");
        QTest::newRow("64 bits") << QByteArray("{\"n\":9007199254740993}");
        QTest::newRow("30 digits") << QByteArray("{\"n\":123456789012345678901234567890.10}");
        QTest::newRow("512 levels") << QByteArray(512, '[') + QByteArray(512, ']');
        QTest::newRow("duplicate members") << QByteArray("{\"a\":1,\"a\":2}");
        QTest::newRow("30 MB") << '"' + QByteArray(30'000'000, 'x') + '"';
    }

    void storesTheBodyToTheByte()
    {
        QFETCH(QByteArray, payload);
        StoreFixture fixture;
        const auto store = *eventstore::openEventStore(fixture.spec(true));
        NewEvent event = newEvent(u"s"_qs, u"x"_qs);
        event.payload = payload;
        const auto appended = answerOf(store->eventWriter()->append({event}));
        QVERIFY2(appended.has_value(), appended ? "" : qPrintable(appended.error().message));
        const auto fetched = answerOf(store->eventReader()->fetch({{u"s"_qs, 0, 1}}, 0, {}));
        QCOMPARE((*fetched)->bytes((*fetched)->record(0).payload), payload);
    }

    void eventsCanNeitherBeChangedNorDeleted()
    {
        StoreFixture fixture;
        {
            const auto store = *eventstore::openEventStore(fixture.spec(true));
            QVERIFY(answerOf(store->eventWriter()->append({newEvent(u"s"_qs, u"a"_qs)})).has_value());
        }
        const auto database = eventstore::openForWriting(fixture.path(), false);
        for (const char *sql : {"UPDATE events SET payload = '{}'", "DELETE FROM events"}) {
            const auto result = guarded([&] { database->execute(sql); });
            QVERIFY(!result);
            QVERIFY2(result.error().message.contains(u"append-only"), qPrintable(result.error().message));
        }
        QCOMPARE(database->queryInteger("SELECT count(*) FROM events"), 1);
    }

    void recordedTimesNeverGoBack()
    {
        StoreFixture fixture;
        const auto database = eventstore::openForWriting(fixture.path(), true);
        eventstore::StoreWriter writer(*database);
        for (const EpochMs now : {5000, 3000, 6000}) {
            sqlite::Transaction transaction(*database, sqlite::Transaction::Kind::Write);
            std::ignore = writer.append({newEvent(u"s"_qs, QString::number(now))}, now);
            transaction.commit();
        }
        QCOMPARE(database->queryInteger("SELECT recorded_at FROM events WHERE position = 2"), 5000);
        QCOMPARE(database->queryInteger("SELECT recorded_at FROM events WHERE position = 3"), 6000);
    }

    void twoProgramsAppendAtOnceWithoutLosingAnything()
    {
        StoreFixture fixture;
        constexpr int PerProgram = 200;
        std::vector<std::unique_ptr<QProcess>> programs;
        for (const QString &name : {u"left"_qs, u"right"_qs}) {
            auto program = std::make_unique<QProcess>();
            program->setProcessChannelMode(QProcess::ForwardedErrorChannel);
            program->start(QCoreApplication::applicationFilePath(), {u"--append"_qs, fixture.path(), name, QString::number(PerProgram)});
            programs.push_back(std::move(program));
        }
        for (const auto &program : programs) {
            QVERIFY(program->waitForFinished(60'000));
            QCOMPARE(program->exitCode(), 0);
        }
        const auto database = eventstore::openForLooking(fixture.path());
        QCOMPARE(database->queryInteger("SELECT count(*) FROM events"), 2 * PerProgram);
        QCOMPARE(database->queryInteger("SELECT max(position) FROM events"), 2 * PerProgram);
        QCOMPARE(database->queryInteger("SELECT max(stream_version) FROM events WHERE stream = 'shared'"), 2 * PerProgram);
    }
};

/// The other program of twoProgramsAppendAtOnce: appends one event after the other to the same stream.
static int appendFromCommandLine(const QStringList &arguments)
{
    ConnectionSpec spec;
    spec.path = arguments.at(2);
    spec.mayCreate = true;
    const auto store = *eventstore::openEventStore(spec);
    for (int i = 0; i < arguments.at(4).toInt(); ++i) {
        const auto appended = answerOf(store->eventWriter()->append({newEvent(u"shared"_qs, arguments.at(3) + QString::number(i))}));
        if (!appended) {
            qWarning("%s", qPrintable(describe(appended.error())));
            return 1;
        }
    }
    return 0;
}

int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    if (app.arguments().value(1) == u"--append")
        return appendFromCommandLine(app.arguments());
    TestEventStore test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_event_store.moc"
