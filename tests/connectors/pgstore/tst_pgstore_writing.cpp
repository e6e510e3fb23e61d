// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/pgstore/pgstore_connector.h"
#include "tests/support/pgstore_fixture.h"
#include "tests/support/store_fixture.h"

#include <QTest>

#include <thread>

using namespace connectors;
using tests::answerOf;
using tests::newEvent;

class TestPgStoreWriting final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { REQUIRE_POSTGRES(); }

    void init()
    {
        m_fixture = std::make_unique<tests::PgStoreFixture>();
        m_store = *pgstore::openEventStore(m_fixture->spec(), {});
    }

    void cleanup()
    {
        m_store.reset();
        m_fixture.reset();
    }

    void appendsInOrderAndGivesGlobalPositions()
    {
        const auto first = append({newEvent(u"order-1"_qs, u"a"_qs), newEvent(u"order-2"_qs, u"b"_qs)});
        const auto second = append({newEvent(u"order-1"_qs, u"c"_qs)});
        QVERIFY2(first.has_value(), first ? "" : qPrintable(first.error().message));
        QCOMPARE(first->at(0).position, 1);
        QCOMPARE(first->at(1).position, 2);
        QCOMPARE(second->at(0).position, 3);
        QVERIFY(!second->at(0).wasKnown);
        QVERIFY(append({})->empty());
    }

    void anotherExpectedVersionIsAConflictThatSaysBothAndStoresNothing()
    {
        QVERIFY(append({newEvent(u"order-1"_qs, u"a"_qs)}).has_value());
        NewEvent late = newEvent(u"order-1"_qs, u"c"_qs);
        late.expectedVersion = 5;
        late.line = 17;
        const auto refused = append({newEvent(u"order-9"_qs, u"b"_qs), late});
        QCOMPARE(refused.error().code, ErrorCode::Conflict);
        QVERIFY2(refused.error().message.startsWith(u"Line 17: Stream order-1 is at version 1, but version 5 was expected."_qs), qPrintable(refused.error().message));
        QVERIFY(!refused.error().advice.isEmpty());
        QCOMPARE(count(), 1);
        late.expectedVersion = 1;
        NewEvent next = newEvent(u"order-1"_qs, u"d"_qs);
        next.expectedVersion = 2; // counted within one append too
        QVERIFY(append({late, next}).has_value());
    }

    void appendingTheSameEventAgainGivesItsPosition()
    {
        NewEvent event = newEvent(u"order-1"_qs, u"a"_qs, 7);
        event.expectedVersion = 0;
        event.metadata = "{\"m\": 1}";
        QVERIFY(append({event}).has_value());
        const auto again = append({event, newEvent(u"order-1"_qs, u"b"_qs)});
        QVERIFY2(again.has_value(), again ? "" : qPrintable(again.error().message));
        QCOMPARE(again->at(0).position, 1);
        QVERIFY(again->at(0).wasKnown && !again->at(1).wasKnown);
        for (const auto &[change, word] : std::vector<std::pair<std::function<void(NewEvent &)>, QString>>{
                 {[](NewEvent &other) { other.payload = "{\"n\":8}"; }, u"body"_qs},
                 {[](NewEvent &other) { other.stream = u"order-2"_qs; }, u"stream"_qs},
                 {[](NewEvent &other) { other.metadata = "{\"m\":1}"; }, u"metadata"_qs},
                 {[](NewEvent &other) { other.causationId = u"x"_qs; }, u"causationId"_qs},
                 {[](NewEvent &other) { other.version = 9; }, u"version"_qs}}) {
            NewEvent other = event;
            change(other);
            const auto conflict = append({other});
            QCOMPARE(conflict.error().code, ErrorCode::Conflict);
            QVERIFY2(conflict.error().message.contains(u"its "_qs + word), qPrintable(conflict.error().message));
        }
        QCOMPARE(count(), 2);
    }

    void twiceTheSameIdInOneAppendIsStoredOnce()
    {
        const auto appended = append({newEvent(u"s"_qs, u"a"_qs), newEvent(u"s"_qs, u"a"_qs)});
        QVERIFY2(appended.has_value(), appended ? "" : qPrintable(appended.error().message));
        QCOMPARE(appended->at(1).position, appended->at(0).position);
        QVERIFY(!appended->at(0).wasKnown && appended->at(1).wasKnown);
        QCOMPARE(append({newEvent(u"s"_qs, u"b"_qs, 1), newEvent(u"s"_qs, u"b"_qs, 2)}).error().code, ErrorCode::Conflict);
        NewEvent nameless = newEvent(u"s"_qs, {});
        QCOMPARE(append({nameless, nameless})->size(), size_t(2));
        QCOMPARE(count(), 3);
    }

    void refusesWhatIsNotAnEvent_data()
    {
        QTest::addColumn<QString>("stream");
        QTest::addColumn<QString>("id");
        QTest::addColumn<QByteArray>("payload");
        QTest::newRow("not JSON") << u"s"_qs << u"x"_qs << QByteArray("{\"a\":");
        QTest::newRow("empty") << u"s"_qs << u"x"_qs << QByteArray();
        QTest::newRow("too deep") << u"s"_qs << u"x"_qs << QByteArray(100'000, '[') + QByteArray(100'000, ']');
        QTest::newRow("513 levels") << u"s"_qs << u"x"_qs << QByteArray(513, '[') + QByteArray(513, ']');
        QTest::newRow("NUL") << u"s"_qs << u"x"_qs << QByteArray("{\"a\":1}\0{}", 10);
        QTest::newRow("not UTF-8") << u"s"_qs << u"x"_qs << QByteArray("\"\xff\xfe\"");
        QTest::newRow("no stream") << QString() << u"x"_qs << QByteArray("{}");
        QTest::newRow("reserved") << u"$all"_qs << u"x"_qs << QByteArray("{}");
        QTest::newRow("category") << u"order-*"_qs << u"x"_qs << QByteArray("{}");
        QTest::newRow("NUL in the id") << u"s"_qs << QString(QChar(0)) << QByteArray("{}");
        QTest::newRow("long id") << u"s"_qs << randomText(9000) << QByteArray("{}");
    }

    void refusesWhatIsNotAnEvent()
    {
        QFETCH(QString, stream);
        QFETCH(QString, id);
        QFETCH(QByteArray, payload);
        NewEvent event = newEvent(stream, id);
        event.payload = payload;
        const auto refused = append({event});
        QVERIFY(!refused);
        QVERIFY2(refused.error().code == ErrorCode::InvalidInput, qPrintable(describe(refused.error())));
        QVERIFY(!refused.error().advice.isEmpty());
        QCOMPARE(count(), 0);
    }

    void storesTheBodyToTheByte_data()
    {
        QTest::addColumn<QByteArray>("payload");
        QTest::newRow("spaces") << QByteArray(" { \"b\" : 1.0, \"a\" : 2 } ");
        QTest::newRow("64 bits") << QByteArray("{\"n\":9007199254740993}");
        QTest::newRow("30 digits") << QByteArray("{\"n\":123456789012345678901234567890.10}");
        QTest::newRow("512 levels") << QByteArray(512, '[') + QByteArray(512, ']');
        QTest::newRow("duplicate members") << QByteArray("{\"a\":1,\"a\":2}");
        QTest::newRow("escapes") << QByteArray("{\"a\":\"\\u0000\\ud800\\\\ '$1\"}");
        QTest::newRow("30 MB") << '"' + QByteArray(30'000'000, 'x') + '"';
    }

    void storesTheBodyToTheByte()
    {
        QFETCH(QByteArray, payload);
        NewEvent event = newEvent(u"s"_qs, u"x"_qs);
        event.payload = payload;
        const auto appended = append({event});
        QVERIFY2(appended.has_value(), appended ? "" : qPrintable(appended.error().message));
        const auto fetched = answerOf(m_store->eventReader()->fetch({{u"s"_qs, 0, 1}}, 0, {}));
        QVERIFY((*fetched)->bytes((*fetched)->record(0).payload) == payload);
        QVERIFY(append({event})->front().wasKnown);
    }

    void eventsCanNeitherBeChangedNorDeleted()
    {
        QVERIFY(append({newEvent(u"s"_qs, u"a"_qs)}).has_value());
        for (const char *sql : {"UPDATE events SET payload = '{}'", "DELETE FROM events", "TRUNCATE events CASCADE"}) {
            const auto result = guarded([&] { m_fixture->store().database.execute(sql); });
            QVERIFY(!result);
            QCOMPARE(result.error().code, ErrorCode::Refused);
            QVERIFY2(result.error().message.contains(u"append-only"), qPrintable(result.error().message));
        }
        QCOMPARE(count(), 1);
    }

    void theStoreGivesThePositionWhateverIsAskedFor()
    {
        m_fixture->store().database.execute("INSERT INTO events (position, stream, category, stream_version, event_id, event_type, timestamp, version, payload)"
                                            " VALUES (99, 'order-1', 'other', 1, 'x', 'T', '', 1, '{}')");
        const postgres::Rows row = m_fixture->store().database.query("SELECT position, category, recorded_at > 0, transaction_id IS NOT NULL FROM events");
        QCOMPARE(row.integer(0, 0), 1);
        QCOMPARE(row.string(0, 1), u"order"_qs);
        QVERIFY(row.boolean(0, 2) && row.boolean(0, 3));
        QVERIFY(!guarded([&] {
            m_fixture->store().database.execute("INSERT INTO events (stream, stream_version, event_id, event_type, timestamp, version, payload)"
                                                " VALUES ('s', 1, 'y', 'T', '', 1, 'no JSON')");
        }));
    }

    void recordedTimesNeverGoBack()
    {
        for (const EpochMs now : {5000, 3000, 6000})
            m_fixture->change([now](pgstore::StoreWriter &writer) { std::ignore = writer.append({newEvent(u"s"_qs, QString::number(now))}, now); });
        const postgres::Rows rows = m_fixture->store().database.query("SELECT recorded_at FROM events ORDER BY position");
        QCOMPARE(rows.integer(1, 0), 5000);
        QCOMPARE(rows.integer(2, 0), 6000);
    }

    void manyAreAppendedAtOnce()
    {
        std::vector<NewEvent> events;
        for (int i = 0; i < 1700; ++i)
            events.push_back(newEvent(QStringLiteral("s-%1").arg(i % 7), QStringLiteral("e-%1").arg(i), i));
        const auto appended = append(events);
        QVERIFY2(appended.has_value(), appended ? "" : qPrintable(describe(appended.error())));
        for (int i = 0; i < 1700; ++i)
            QCOMPARE(appended->at(static_cast<size_t>(i)).position, i + 1);
        QCOMPARE(count(), 1700);
    }

    void writersOfOneStreamWaitForOneAnotherAndLoseNothing()
    {
        constexpr int PerWriter = 60;
        std::vector<std::jthread> writers;
        for (const QString &name : {u"left"_qs, u"right"_qs, u"third"_qs}) {
            writers.emplace_back([this, name] {
                const auto store = *pgstore::openEventStore(m_fixture->spec(), {});
                for (int i = 0; i < PerWriter; ++i) {
                    const QString id = name + QString::number(i);
                    const auto appended = answerOf(store->eventWriter()->append({newEvent(u"shared"_qs, id), newEvent(name, id + u'b'), newEvent(u"other"_qs, id + u'c')}));
                    QVERIFY2(appended.has_value(), appended ? "" : qPrintable(describe(appended.error())));
                }
            });
        }
        writers.clear();
        QCOMPARE(count(), 9 * PerWriter);
        const postgres::Rows shared = m_fixture->store().database.query("SELECT count(*), max(stream_version) FROM events WHERE stream = 'shared'");
        QCOMPARE(shared.integer(0, 0), 3 * PerWriter);
        QCOMPARE(shared.integer(0, 1), 3 * PerWriter);
    }

    void twoStoresInOneDatabaseAreApart()
    {
        ConnectionSpec spec = m_fixture->spec(true);
        spec.properties.insert(u"schema"_qs, u"second store"_qs);
        const auto second = *pgstore::openEventStore(spec, {});
        QCOMPARE(answerOf(second->eventWriter()->append({newEvent(u"s"_qs, u"a"_qs)}))->front().position, 1);
        QCOMPARE(count(), 0);
        QVERIFY(answerOf(second->identify({}))->systemId != answerOf(m_store->identify({}))->systemId);
    }

private:
    Result<std::vector<AppendedEvent>> append(const std::vector<NewEvent> &events) { return answerOf(m_store->eventWriter()->append(events)); }
    qint64 count() { return m_fixture->store().database.query("SELECT count(*) FROM events").integer(0, 0); }
    /// That the server cannot compress.
    static QString randomText(int length)
    {
        QString text;
        quint32 state = 1;
        for (int i = 0; i < length; ++i) {
            state = state * 1664525 + 1013904223;
            text += QChar(u'!' + static_cast<char16_t>((state >> 16) % 90));
        }
        return text;
    }

    std::unique_ptr<tests::PgStoreFixture> m_fixture;
    std::shared_ptr<Connector> m_store;
};

QTEST_GUILESS_MAIN(TestPgStoreWriting)
#include "tst_pgstore_writing.moc"
