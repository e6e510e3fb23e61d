// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/session/demo/demo.h"
#include "app/session/demo/shop.h"
#include "connectors/eventstore/consumer_queries.h"
#include "connectors/eventstore/event_store_connector.h"
#include "connectors/eventstore/store_file.h"
#include "tests/support/store_fixture.h"

#include <QFileInfo>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace connectors;
using namespace connectors::eventstore;
using namespace connectors::sqlite;
using namespace session;

namespace {

constexpr EpochMs AtNoon = 1'767'268'800'000; // 2026-01-01T12:00:00Z

DemoOptions options(const QString &path, quint64 seed, qint64 events)
{
    DemoOptions options;
    options.seed = seed;
    options.storePath = path;
    options.historyEvents = events;
    options.historyEnd = AtNoon;
    return options;
}

/// The first `count` events, everything of them.
QByteArrayList eventsOf(const QString &path, qint64 count)
{
    const auto database = openForLooking(path);
    Statement statement(*database, "SELECT position || stream || recorded_at || payload FROM events WHERE position <= ?1 ORDER BY position");
    statement.bind(1, count);
    QByteArrayList events;
    while (statement.step())
        events.append(statement.string(0).toUtf8());
    return events;
}

qint64 countOf(Database &database, const char *condition)
{
    return database.queryInteger(QByteArray("SELECT count(*) FROM events WHERE ") + condition);
}

} // namespace

class TestDemo : public QObject
{
    Q_OBJECT

private:
    /// The shop alone, on its own clock, for `seconds` from noon.
    static void runShop(Database &database, demo::Shop &shop, EpochMs from, EpochMs seconds)
    {
        for (EpochMs time = from; time < from + seconds * 1000; time += 10'000) {
            Transaction transaction(database, Transaction::Kind::Write);
            for (EpochMs step = 0; step < 10'000; step += 250)
                shop.step(time + step, 250);
            transaction.commit();
        }
    }

private Q_SLOTS:
    void theSameSeedMakesTheSameHistoryAndAnotherAnother()
    {
        QList<QByteArrayList> histories;
        for (const quint64 seed : {7, 7, 8}) {
            tests::StoreFixture fixture;
            Demo demo(options(fixture.path(), seed, 2000));
            QVERIFY(demo.start().has_value());
            QVERIFY(demo.waitForHistory(60'000));
            demo.stop();
            histories.append(eventsOf(fixture.path(), 2000));
        }
        QCOMPARE(histories[0].size(), 2000);
        QCOMPARE(histories[0], histories[1]);
        QVERIFY(histories[0] != histories[2]);
    }

    void eventsAreInTheNativeEnvelope()
    {
        tests::StoreFixture fixture;
        Demo demo(options(fixture.path(), 1, 500));
        QVERIFY(demo.start().has_value());
        QVERIFY(demo.waitForHistory(60'000));
        demo.stop();
        const auto database = openForLooking(fixture.path());
        Statement statement(*database, "SELECT payload, event_id, event_type, stream, correlation_id, causation_id, version, stream_version FROM events");
        int rows = 0;
        while (statement.step()) {
            const QJsonObject body = QJsonDocument::fromJson(statement.string(0).toUtf8()).object();
            QCOMPARE(body[u"eventId"].toString(), statement.string(1));
            QCOMPARE(body[u"eventType"].toString(), statement.string(2));
            QCOMPARE(body[u"aggregateId"].toString(), statement.string(3));
            QCOMPARE(body[u"correlationId"].toString(), statement.string(4));
            QCOMPARE(body[u"causationId"].toString(), statement.string(5));
            QCOMPARE(body[u"version"].toInteger(), statement.integer(6));
            QCOMPARE(statement.integer(6), statement.integer(7));
            QVERIFY(!body[u"data"].toObject().isEmpty());
            QVERIFY(QDateTime::fromString(body[u"timestamp"].toString(), Qt::ISODateWithMs).isValid());
            ++rows;
        }
        QVERIFY(rows >= 500);
    }

    void everyFailedSagaIsFullyCompensatedAndEveryCauseIsStored()
    {
        tests::StoreFixture fixture;
        const auto database = openForWriting(fixture.path(), true);
        demo::Shop shop(*database, 3, 50);
        runShop(*database, shop, AtNoon, 300);
        QVERIFY(countOf(*database, "event_type = 'ShipmentRefused'") > 0);
        QVERIFY(countOf(*database, "event_type = 'StockReservationFailed'") > 0);
        QVERIFY(countOf(*database, "event_type = 'PaymentDeclined'") > 0);
        // Old enough to be over: half a minute is many times what an order takes.
        const QByteArray old = " AND recorded_at < " + QByteArray::number(AtNoon + 270'000);
        const auto withoutEnd = [&](const char *failed, const char *end) {
            return countOf(*database, QByteArray(QByteArray("event_type = '") + failed + "'" + old
                                                 + " AND correlation_id NOT IN (SELECT correlation_id FROM events WHERE event_type = '" + end + "')").constData());
        };
        QCOMPARE(withoutEnd("ShipmentRefused", "StockReleased"), 0);
        QCOMPARE(withoutEnd("ShipmentRefused", "PaymentRefunded"), 0);
        QCOMPARE(withoutEnd("ShipmentRefused", "OrderProcessCompensated"), 0);
        QCOMPARE(withoutEnd("StockReservationFailed", "PaymentRefunded"), 0);
        QCOMPARE(withoutEnd("PaymentDeclined", "OrderRejected"), 0);
        QCOMPARE(countOf(*database, "event_type = 'OrderCompleted' AND correlation_id IN (SELECT correlation_id FROM events WHERE event_type = 'PaymentRefunded')"), 0);
        // Causation: everything but the first event of an order has its cause before it, in the same flow.
        QCOMPARE(countOf(*database, "causation_id IS NULL AND event_type <> 'OrderPlaced'"), 0);
        QCOMPARE(database->queryInteger("SELECT count(*) FROM events e LEFT JOIN events c ON c.event_id = e.causation_id WHERE e.causation_id"
                                        " IS NOT NULL AND (c.position IS NULL OR c.position >= e.position OR c.correlation_id <> e.correlation_id)"),
                 0);
        QCOMPARE(database->queryInteger("SELECT count(*) FROM events e JOIN events c ON c.event_id = e.causation_id WHERE e.recorded_at <= c.recorded_at OR e.timestamp <= c.timestamp"), 0);
    }

    void shippingDeadLettersWhatItCannotReadAndThoseOrdersHang()
    {
        tests::StoreFixture fixture;
        const auto database = openForWriting(fixture.path(), true);
        demo::Shop shop(*database, 3, 50);
        runShop(*database, shop, AtNoon, 200);
        const auto letters = deadLetters(*database, u"shipping"_qs, 1000);
        QVERIFY(letters.size() > 3);
        for (const DeadLetter &letter : letters) {
            QCOMPARE(letter.eventType, u"ShippingRequested"_qs);
            QVERIFY(!letter.reason.isEmpty() && !letter.exceptionClass.isEmpty());
        }
        QCOMPARE(countOf(*database, "event_type = 'ShipmentPrepared' AND correlation_id IN (SELECT e.correlation_id FROM dead_letters l"
                                    " JOIN events e ON e.position = l.position)"),
                 0);
    }

    void customerMailFallsBehindAndCatchesUp()
    {
        tests::StoreFixture fixture;
        const auto database = openForWriting(fixture.path(), true);
        demo::Shop shop(*database, 3, 50);
        const EpochMs cycle = AtNoon - AtNoon % demo::MailCycleMs + demo::MailCycleMs;
        const auto lag = [&] { return *consumerStates(*database, {{u"customer-mail"_qs}, false, false}, 0).consumers.at(0).positions.at(0).scopeLag; };
        runShop(*database, shop, cycle - 20'000, 20);
        const qint64 before = lag();
        runShop(*database, shop, cycle, demo::MailSlowMs / 1000);
        const qint64 behind = lag();
        runShop(*database, shop, cycle + demo::MailSlowMs, 30);
        QVERIFY2(before < 20, qPrintable(QString::number(before)));
        QVERIFY2(behind > 200, qPrintable(QString::number(behind)));
        QVERIFY2(lag() < 20, qPrintable(QString::number(lag())));
    }

    void aResetFromOutsideIsTakenUpWithoutMakingAnythingTwice()
    {
        tests::StoreFixture fixture;
        const auto database = openForWriting(fixture.path(), true);
        demo::Shop shop(*database, 3, 50);
        runShop(*database, shop, AtNoon, 60);
        database->execute("UPDATE checkpoints SET position = 1 WHERE consumer = 'payment'");
        const qint64 payments = countOf(*database, "event_type = 'PaymentAuthorized' AND recorded_at < 1767268830000");
        runShop(*database, shop, AtNoon + 60'000, 60);
        QVERIFY(database->queryInteger("SELECT position FROM checkpoints WHERE consumer = 'payment'") > 3000);
        QCOMPARE(countOf(*database, "event_type = 'PaymentAuthorized' AND recorded_at < 1767268830000"), payments);
    }

    void consumersLiveWhileTheDemoRunsAndLeaveWithIt()
    {
        tests::StoreFixture fixture;
        Demo demo(options(fixture.path(), 1, 500));
        QVERIFY(demo.start().has_value());
        QVERIFY(demo.waitForHistory(60'000));
        const auto store = *openEventStore(demo.spec());
        const auto states = [&] { return tests::answerOf(store->consumerCatalog()->consumerStates({{u"payment"_qs}, true, false}, {})); };
        QTRY_VERIFY_WITH_TIMEOUT(states()->consumers.at(0).summary.activity == ConsumerActivity::Active, 20'000);
        QCOMPARE(states()->consumers.at(0).members->size(), 1U);
        demo.stop();
        QCOMPARE(states()->consumers.at(0).summary.activity, ConsumerActivity::Empty);
        QVERIFY(!demo.error());
    }

    void theTemporaryStoreIsGoneWithTheDemo()
    {
        QString path;
        {
            Demo demo({});
            QVERIFY(demo.start().has_value());
            path = demo.spec().path;
            QCOMPARE(demo.spec().environment, Environment::AssumedDevelopment);
            QVERIFY(QFileInfo::exists(path)); // it can be opened at once
            QVERIFY(tests::answerOf((*openEventStore(demo.spec()))->identify({})).has_value());
        }
        QVERIFY(!QFileInfo(path).dir().exists());
    }

    void aStoreThatWasKeptGoesOnWhereItWas()
    {
        tests::StoreFixture fixture;
        qint64 events = 0;
        for (int run = 0; run < 2; ++run) {
            Demo demo(options(fixture.path(), 1, 500));
            QVERIFY(demo.start().has_value());
            QVERIFY(demo.waitForHistory(60'000));
            if (run == 1)
                QTRY_VERIFY_WITH_TIMEOUT(openForLooking(fixture.path())->queryInteger("SELECT count(*) FROM events") > events, 20'000);
            demo.stop();
            QVERIFY(!demo.error());
            events = openForLooking(fixture.path())->queryInteger("SELECT count(*) FROM events");
        }
    }

    void aStoreOfOthersIsLeftAlone()
    {
        tests::StoreFixture fixture;
        {
            const auto store = *openEventStore(fixture.spec(true));
            QVERIFY(tests::answerOf(store->eventWriter()->append({tests::newEvent(u"mine"_qs, u"a"_qs)})).has_value());
        }
        Demo demo(options(fixture.path(), 1, 500));
        const auto refused = demo.start();
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::Refused);
        QCOMPARE(openForLooking(fixture.path())->queryInteger("SELECT count(*) FROM events"), 1);
    }

    void theHistoryIsToldAsMomentsInOrder()
    {
        std::mutex mutex;
        std::vector<session::DemoMoment> told;
        session::DemoOptions options;
        options.historyEvents = 3000; // a minute
        options.historyMade = [&](std::vector<session::DemoMoment> moments) {
            const std::lock_guard lock(mutex);
            told = std::move(moments);
        };
        session::Demo demo(options);
        QVERIFY(demo.start());
        QVERIFY(demo.waitForHistory(60'000));
        demo.stop();
        QVERIFY(told.size() >= 6);
        for (size_t i = 1; i < told.size(); ++i)
            QVERIFY(told[i - 1].time < told[i].time);
        QCOMPARE(told.back().consumers.consumers.size(), 5u);
        for (const auto &consumer : told.back().consumers.consumers)
            QVERIFY(consumer.positions.front().checkpoint > told.front().consumers.consumers.front().positions.front().checkpoint);
    }

    void theWarehouseLivesLongEnoughToHaveSnapshots()
    {
        tests::StoreFixture fixture;
        session::DemoOptions wanted = options(fixture.path(), 1, 2000);
        wanted.warehouseEvents = 300;
        Demo demo(wanted);
        QVERIFY(demo.start().has_value());
        QVERIFY(demo.waitForHistory(60'000));
        demo.stop();
        const auto database = openForLooking(fixture.path());
        QCOMPARE(countOf(*database, "stream = 'warehouse-1'"), 300);
        QCOMPARE(countOf(*database, "event_type = 'BookingCorrected' AND json_extract(metadata, '$.compensates') IN (SELECT event_id FROM events)"), 7);
        QCOMPARE(database->queryInteger("SELECT max(stream_version) FROM snapshots WHERE stream = 'warehouse-1'"), 250);
    }

    void makesAHundredThousandEvents()
    {
        tests::StoreFixture fixture;
        Demo demo(options(fixture.path(), 1, 100'000));
        QVERIFY(demo.start().has_value());
        QVERIFY(demo.waitForHistory(100'000));
        demo.stop();
        const qint64 events = openForLooking(fixture.path())->queryInteger("SELECT count(*) FROM events");
        QVERIFY2(events >= 100'000 && events < 112'000, qPrintable(QString::number(events)));
    }
};

QTEST_GUILESS_MAIN(TestDemo)
#include "tst_demo.moc"
