// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/query/event_filter.h"

#include <QTest>

#include <thread>

using namespace connectors;
using query::EventFilter;

namespace {

/// One event of a test: the body, and what else a test wants to set.
struct Given {
    QByteArray body = "{}";
    QByteArray eventType = "ThingHappened";
    std::vector<Header> headers;
    EpochMs time = 1'700'000'000'000; // 2023-11-14T22:13:20.000Z
    QByteArray timestamp;
    BodyFormat format = BodyFormat::Null; ///< Null with a body: not looked at by the reader
    bool hasBody = true;
};

EventBatchPtr batchOf(const std::vector<Given> &events)
{
    EventBatchBuilder builder;
    const auto add = [&builder](const QByteArray &bytes) { return builder.addBytes({bytes.constData(), static_cast<size_t>(bytes.size())}); };
    qint64 position = 100;
    for (const Given &given : events) {
        EventRecord record;
        record.stream = builder.internStream(u"orders"_qs);
        record.partition = 3;
        record.position = position++;
        record.time = given.time;
        record.key = add("4711");
        record.eventType = add(given.eventType);
        record.eventId = add("e-" + QByteArray::number(record.position));
        record.version = 7;
        if (!given.timestamp.isNull())
            record.timestamp = add(given.timestamp);
        if (given.hasBody) {
            record.payload = add(given.body);
            record.size = given.body.size();
        }
        record.format = given.format;
        record.headers = builder.addHeaders(given.headers);
        builder.add(record);
    }
    return builder.take();
}

std::vector<Given> bodies(const QList<QByteArray> &texts)
{
    std::vector<Given> events;
    for (const QByteArray &text : texts) {
        Given given;
        given.body = text;
        events.push_back(given);
    }
    return events;
}

query::FilterOutcome outcomeOf(const QString &where, const std::vector<Given> &events)
{
    auto filter = EventFilter::compile(where);
    if (!filter) {
        QTest::qFail(qPrintable(where + u": "_qs + describe(filter.error())), __FILE__, __LINE__);
        return {};
    }
    const auto outcome = (*filter)->apply(*batchOf(events), {});
    if (!outcome) {
        QTest::qFail(qPrintable(describe(outcome.error())), __FILE__, __LINE__);
        return {};
    }
    return *outcome;
}

bool matches(const QString &where, const Given &event = {})
{
    return outcomeOf(where, {event}).matches.size() == 1;
}

bool matchesBody(const QString &where, const QByteArray &body)
{
    return matches(where, bodies({body}).front());
}

} // namespace

class TestEventFilter final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyColumnCanBeAskedFor_data()
    {
        QTest::addColumn<QString>("where");
        for (const QString &where :
             {u"stream = 'orders'"_qs, u"partition = 3"_qs, u"position = 100"_qs, u"time = '2023-11-14T22:13:20.000Z'"_qs, u"key = '4711'"_qs,
              u"eventId = 'e-100'"_qs, u"eventType = 'ThingHappened'"_qs, u"aggregateId IS NULL"_qs, u"timestamp IS NULL"_qs,
              u"correlationId IS NULL"_qs, u"causationId IS NULL"_qs, u"version = 7"_qs, u"size = 2"_qs, u"headers = '[]'"_qs, u"payload = '{}'"_qs,
              u"event.stream = 'orders'"_qs, u"eventtype LIKE 'thing%'"_qs, u"version BETWEEN 1 AND 7"_qs, u"eventType IN ('a', 'ThingHappened')"_qs})
            QTest::newRow(qPrintable(where)) << where;
    }

    void everyColumnCanBeAskedFor()
    {
        QFETCH(QString, where);
        QVERIFY(matches(where));
        QVERIFY(!matches(u"NOT (%1)"_qs.arg(where)));
    }

    void rowsComeInTheirOrderOnceEach()
    {
        std::vector<Given> events(6);
        for (size_t i = 0; i < events.size(); ++i)
            events[i].eventType = i % 2 ? "A" : "B";
        QCOMPARE(outcomeOf(u"eventType = 'A'"_qs, events).matches, (std::vector<qsizetype>{1, 3, 5}));
        QCOMPARE(outcomeOf(u"eventType = 'A' OR eventId = 'e-102' OR eventType = 'A'"_qs, events).matches, (std::vector<qsizetype>{1, 2, 3, 5}));
        QCOMPARE(outcomeOf(u"eventType IN ('B', 'A')"_qs, events).matches.size(), size_t(6));
        QCOMPARE(outcomeOf(u"eventType = NULL"_qs, events).matches.size(), size_t(0));
        QCOMPARE(outcomeOf(u"1"_qs, {}).matches.size(), size_t(0));
    }

    void theBodyIsLookedIntoByEverySpelling_data()
    {
        QTest::addColumn<QString>("where");
        for (const QString &where :
             {u"field('/data/amount') > 400"_qs, u"payload ->> '$.data.amount' > 400"_qs, u"json_extract(payload, '$.data.amount') > 400"_qs,
              u"payload -> 'data' ->> 'amount' > 400"_qs, u"event.payload -> '$.data' ->> 'amount' = 400.5"_qs, u"field('/lines/1/price') = 3"_qs,
              u"payload ->> '$.lines[1].price' = 3"_qs, u"payload ->> '$.lines[#-1].price' = 3"_qs, u"payload -> 'lines' ->> 0 = '{\"price\":2}'"_qs,
              u"EXISTS (SELECT 1 FROM json_each(payload, '$.lines') WHERE value ->> 'price' = 3)"_qs,
              u"(SELECT sum(value ->> 'price') FROM json_each(payload, '$.lines')) = 5"_qs, u"field('/name') = 'Zoë'"_qs,
              u"field('/isNew') = true AND field('/none') IS NULL AND field('/gone') IS NULL"_qs, u"typeof(field('/data')) = 'text'"_qs,
              u"json_extract(payload, '$.name', '$.gone') = '[\"Zo\\u00eb\",null]'"_qs, u"(SELECT field('/data/amount')) = 400.5"_qs})
            QTest::newRow(qPrintable(where)) << where;
    }

    void theBodyIsLookedIntoByEverySpelling()
    {
        QFETCH(QString, where);
        QVERIFY(matchesBody(where, "{\"name\":\"Zo\\u00eb\",\"isNew\":true,\"none\":null,\"data\":{\"amount\":400.5},\"lines\":[ {\"price\" : 2},{\"price\":3} ]}"));
        QVERIFY(!matchesBody(where, "{}"));
    }

    void aBodyThatIsNoJsonIsCountedNotFatal()
    {
        const auto outcome = outcomeOf(u"field('/a') > 1"_qs, bodies({"{\"a\":2}", "not JSON", "{\"a\":", "{\"a\":3}"}));
        QCOMPARE(outcome.matches, (std::vector<qsizetype>{0, 3}));
        QCOMPARE(outcome.notFilterable, 2);
        QCOMPARE(outcome.firstNotFilterable, u"orders/3@101: The body is not JSON."_qs);
    }

    void whatTheBodyIsNotNeededForIsNotCounted()
    {
        std::vector<Given> events = bodies({"no JSON", "no JSON", "{}"});
        events[0].eventType = "A";
        QCOMPARE(outcomeOf(u"eventType = 'A' AND field('/a') = 1"_qs, events).notFilterable, 1);
        const auto either = outcomeOf(u"eventType = 'A' OR field('/a') = 1"_qs, events);
        QCOMPARE(either.matches, (std::vector<qsizetype>{0}));
        QCOMPARE(either.notFilterable, 1); // the first matches whatever its body is
    }

    void hostileBodiesAreCounted_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::newRow("100,000 levels") << QByteArray(100'000, '[') + QByteArray(100'000, ']');
        QTest::newRow("NUL") << QByteArray("{\"a\":1}\0", 8);
        QTest::newRow("NUL in a string") << QByteArray("{\"a\":\"\0\"}", 9);
        QTest::newRow("invalid UTF-8") << QByteArray("{\"a\":\"\xff\xfe\"}");
        QTest::newRow("truncated") << QByteArray("{\"a\":1");
        QTest::newRow("two values") << QByteArray("{\"a\":1}{}");
        QTest::newRow("empty") << QByteArray("");
        QTest::newRow("byte order mark") << QByteArray("\xef\xbb\xbf{\"a\":1}");
    }

    void hostileBodiesAreCounted()
    {
        QFETCH(QByteArray, body);
        const std::vector<Given> events = bodies({"{\"a\":1}", body, "{\"a\":1}"});
        for (const QString &where : {u"field('/a') = 1"_qs, u"payload ->> 'a' = 1"_qs, u"json_extract(payload, '$.a') = 1"_qs,
                                     u"json_extract(payload || '', '$.a') = 1"_qs}) {
            const auto outcome = outcomeOf(where, events);
            QCOMPARE(outcome.matches, (std::vector<qsizetype>{0, 2}));
            QCOMPARE(outcome.notFilterable, 1);
        }
        // SQLite's own functions end at a NUL and do not look at UTF-8; what they cannot read does not end the statement.
        for (const QString &where : {u"EXISTS (SELECT 1 FROM json_each(payload) WHERE value = 1)"_qs, u"json_type(payload, '$.a') = 'integer'"_qs}) {
            const std::vector<qsizetype> rows = outcomeOf(where, events).matches;
            QVERIFY(rows.front() == 0 && rows.back() == 2);
        }
    }

    void aTombstoneHasNoBodyAndIsNoProblem()
    {
        Given tombstone;
        tombstone.hasBody = false;
        QCOMPARE(outcomeOf(u"field('/a') = 1"_qs, {tombstone}).notFilterable, 0);
        QVERIFY(matches(u"payload IS NULL AND size IS NULL AND field('/a') IS NULL"_qs, tombstone));
    }

    void aBodyOf30MegabytesIsFilteredByItsMembers()
    {
        const QByteArray body = "{\"a\":1,\"text\":\"" + QByteArray(30'000'000, 'x') + "\"}";
        QVERIFY(matchesBody(u"field('/a') = 1 AND payload ->> '$.a' = 1 AND json_extract(payload, '$.a') = 1 AND size > 30000000"_qs, body));
        // As a value SQLite takes no more than 16 MiB: said, not skipped.
        QCOMPARE(outcomeOf(u"payload LIKE '%zzz%'"_qs, bodies({body})).notFilterable, 1);
    }

    void numbersAreComparedExactly_data()
    {
        QTest::addColumn<QByteArray>("number");
        QTest::addColumn<QString>("condition");
        QTest::addColumn<bool>("isTrue");
        const auto row = [](const char *number, const QString &condition, bool isTrue) {
            QTest::newRow(qPrintable(QString::fromUtf8(number) + u' ' + condition)) << QByteArray(number) << condition << isTrue;
        };
        row("9007199254740993", u"= 9007199254740993"_qs, true);
        row("9007199254740993", u"= 9007199254740992"_qs, false);
        row("9223372036854775807", u"= 9223372036854775807"_qs, true);
        row("9223372036854775807", u"< 9223372036854775808"_qs, true);
        row("9223372036854775808", u"= 9223372036854775809"_qs, false);
        row("9223372036854775808", u"> 9223372036854775807"_qs, true);
        row("123456789012345678901234567890", u"= 123456789012345678901234567890"_qs, true);
        row("123456789012345678901234567890", u"= 123456789012345678901234567891"_qs, false);
        row("123456789012345678901234567890", u"< 123456789012345678901234567891"_qs, true);
        row("123456789012345678901234567890", u"> 99999999999999999999"_qs, true);
        row("123456789012345678901234567890", u"< 1e30"_qs, true);
        row("123456789012345678901234567890", u"> 1.2e29"_qs, true);
        row("123456789012345678901234567890", u"> 5"_qs, true);
        row("123456789012345678901234567890", u"> -5"_qs, true);
        row("123456789012345678901234567890", u"BETWEEN 123456789012345678901234567889 AND 123456789012345678901234567891"_qs, true);
        row("123456789012345678901234567890", u"IN (1, 123456789012345678901234567890)"_qs, true);
        row("5", u"< 123456789012345678901234567890"_qs, true);
        row("1.5e400", u"> 1e399"_qs, true);
        row("1e999999999999999999999", u"> 1e400"_qs, true);
        row("-9223372036854775808", u"= -9223372036854775808"_qs, true);
        row("-9223372036854775809", u"= -9223372036854775808"_qs, false);
        row("-9223372036854775809", u"< -9223372036854775808"_qs, true);
        row("-123456789012345678901234567890", u"= -123456789012345678901234567890"_qs, true);
        row("-123456789012345678901234567890", u"= -123456789012345678901234567891"_qs, false);
        row("-123456789012345678901234567890", u"> -123456789012345678901234567891"_qs, true);
        row("-123456789012345678901234567892", u"< -123456789012345678901234567891"_qs, true);
        row("-123456789012345678901234567890", u"< 5"_qs, true);
        row("-123456789012345678901234567890", u"< -5"_qs, true);
        row("0.1", u"= 0.1"_qs, true);
        row("1e3", u"= 1000"_qs, true);
        row("1e-400", u"= 0"_qs, true);
        row("12.50", u"> 12"_qs, true);
    }

    void numbersAreComparedExactly()
    {
        QFETCH(QByteArray, number);
        QFETCH(QString, condition);
        QFETCH(bool, isTrue);
        const QByteArray body = "{\"n\": " + number + " }";
        QCOMPARE(matchesBody(u"field('/n') "_qs + condition, body), isTrue);
        QCOMPARE(matchesBody(u"payload ->> '$.n' "_qs + condition, body), isTrue);
        QCOMPARE(matchesBody(u"json_extract(payload, '$.n') "_qs + condition, body), isTrue);
    }

    void ofDuplicateNamesTheFirstCounts()
    {
        QVERIFY(matchesBody(u"field('/a') = 1 AND payload ->> 'a' = 1"_qs, "{\"a\":1,\"a\":2}"));
    }

    void pointersAreRfc6901()
    {
        QVERIFY(matchesBody(u"field('/a~1b/m~0n') = 1"_qs, "{\"a/b\":{\"m~n\":1}}"));
        QVERIFY(matchesBody(u"field('') LIKE '{%'"_qs, "{\"a\":1}"));
        QVERIFY(matchesBody(u"field('/') = 1"_qs, "{\"\":1}"));
        QVERIFY(matchesBody(u"payload ->> '$[0]' IS NULL"_qs, "{\"\":1,\"0\":2}"));
    }

    void timesAreComparedAsTimes_data()
    {
        QTest::addColumn<QString>("where");
        for (const QString &where :
             {u"time = '2023-11-14T22:13:20Z'"_qs, u"time >= '2023-11-14T22:13:20Z'"_qs, u"time = '2023-11-14T23:13:20+01:00'"_qs,
              u"time > '2023-11-14'"_qs, u"time < '2023-11-15'"_qs, u"time > '2023-11-14 22:13'"_qs, u"time < '2023-11-14 22:14'"_qs,
              u"time < ago('15m')"_qs, u"timestamp = '2023-11-14T22:13:20.123Z'"_qs, u"timestamp = '2023-11-14T22:13:20.123456Z'"_qs,
              u"timestamp > time AND length(timestamp) = 24"_qs, u"time BETWEEN '2023-11-14T22:13:20Z' AND '2023-11-14T22:13:20Z'"_qs})
            QTest::newRow(qPrintable(where)) << where;
    }

    void timesAreComparedAsTimes()
    {
        QFETCH(QString, where);
        Given given;
        given.timestamp = "2023-11-15T00:13:20.123456+02:00";
        QVERIFY(matches(where, given));
    }

    void headersKeepOrderDuplicatesAndBytes()
    {
        Given given;
        given.headers = {{"a", "1", false}, {"a", "2", false}, {"n", "", true}, {"b", "\xff", false}, {"q", "\"\n", false}};
        QVERIFY(matches(u"header('a') = '1' AND header('none') IS NULL AND header('n') IS NULL"_qs, given));
        QVERIFY(matches(u"header('b') = x'ff'"_qs, given));
        QVERIFY(matches(u"headers = '[[\"a\",\"1\"],[\"a\",\"2\"],[\"n\",null],[\"b\",{\"base64\":\"/w==\"}],[\"q\",\"\\\"\\u000a\"]]'"_qs, given));
        QVERIFY(matches(u"EXISTS (SELECT 1 FROM json_each(headers) WHERE value ->> 0 = 'a' AND value ->> 1 = '2')"_qs, given));
    }

    void whatCannotBeUsedIsRefusedAtItsPlace_data()
    {
        QTest::addColumn<QString>("where");
        QTest::addColumn<QString>("message");
        QTest::addColumn<int>("offset");
        const auto row = [](const QString &where, const QString &message, int offset) {
            QTest::newRow(qPrintable(where.left(60))) << where << message << offset;
        };
        row(u""_qs, u"empty"_qs, 0);
        row(u" -- nothing"_qs, u"empty"_qs, 0);
        row(u"1) UNION SELECT (1"_qs, u"closes none"_qs, 1);
        row(u"1=1) OR (1=1"_qs, u"closes none"_qs, 3);
        row(u"1=1; DROP TABLE event"_qs, u"semicolon"_qs, 3);
        row(u"(1=1"_qs, u"never closed"_qs, 0);
        row(u"key = 'x"_qs, u"never closed"_qs, 6);
        row(u"key = 'x' /* and"_qs, u"never closed"_qs, 10);
        row(u"\"typo\" = 'x'"_qs, u"no column “typo”"_qs, 0);
        row(u"eventType = 'Größe' AND typo = 1"_qs, u"no column “typo”"_qs, 24);
        row(u"eventType ="_qs, u"ends too early"_qs, 11);
        row(u"eventType = 'a' ORDER BY key"_qs, u"“ORDER” was not expected"_qs, 16);
        row(u"eventType == = 'a'"_qs, u"“=” was not expected"_qs, 13);
        row(u"foo(key)"_qs, u"no function “foo”"_qs, 0);
        row(u"random() > 1"_qs, u"“random” cannot be used"_qs, 0);
        row(u"load_extension('x')"_qs, u"“load_extension” cannot be used"_qs, 0);
        row(u"count(*) > 1"_qs, u"needs many events"_qs, 0);
        row(u"(SELECT name FROM sqlite_master) = 1"_qs, u"cannot look at"_qs, -1);
        row(u"EXISTS (SELECT 1 FROM pragma_database_list)"_qs, u"only look at the event"_qs, -1);
        row(u"EXISTS (SELECT 1 FROM event)"_qs, u"about one event"_qs, 22);
        row(u"EXISTS (SELECT 1 FROM \"event\" AS e)"_qs, u"about one event"_qs, 22);
        row(u"(WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT max(x) FROM c) > 0"_qs, u"only look at the event"_qs, -1);
        row(u"key = ?1"_qs, u"no parameters"_qs, 6);
        row(u"key = :name"_qs, u"no parameters"_qs, 6);
        row(u"field('amount') > 1"_qs, u"“amount” is no JSON Pointer"_qs, 6);
        row(u"payload ->> '$.a[' = 1"_qs, u"no JSON path"_qs, 12);
        row(u"time > ago('soon')"_qs, u"“soon” is no duration"_qs, 11);
        row(u"field() = 1"_qs, u"another number of arguments"_qs, 0);
        row(u"body_ IS NULL"_qs, u"There is no “body_”"_qs, 0);
        row(QString(200'000, u'x'), u"longer than"_qs, 0);
        row(u"1"_qs + u" AND 1"_qs.repeated(5000), u"cannot be evaluated"_qs, -1);
        row(u"("_qs.repeated(5000) + u"1"_qs + u")"_qs.repeated(5000), u"cannot be evaluated"_qs, -1);
        row(QString(QChar(0)) + u"1"_qs, u"no meaning"_qs, 0);
    }

    void whatCannotBeUsedIsRefusedAtItsPlace()
    {
        QFETCH(QString, where);
        QFETCH(QString, message);
        QFETCH(int, offset);
        const auto error = query::checkCondition(where);
        QVERIFY(error.has_value());
        QVERIFY2(error->message.contains(message), qPrintable(error->message));
        if (offset >= 0)
            QCOMPARE(error->offset, offset);
        const auto filter = EventFilter::compile(where);
        QVERIFY(!filter);
        QCOMPARE(filter.error().code, ErrorCode::InvalidInput);
    }

    void whatIsSoundIsAccepted()
    {
        for (const QString &where : {u"1=1 -- comment"_qs, u"/* a ) */ 1 = 1"_qs, u"key = ')' OR key = '('"_qs, u"key <> 'it''s; ok'"_qs})
            QVERIFY2(!query::checkCondition(where), qPrintable(where));
    }

    void cancellingEndsALongCondition()
    {
        auto filter = *EventFilter::compile(u"(SELECT count(*) FROM json_each(payload) a, json_each(payload) b, json_each(payload) c) = 1"_qs);
        const QByteArray body = "[" + QByteArray("1,").repeated(20'000) + "1]";
        const EventBatchPtr batch = batchOf(bodies({body}));
        std::stop_source stop;
        const std::jthread canceller([&stop] { stop.request_stop(); });
        const auto outcome = filter->apply(*batch, stop.get_token());
        QVERIFY(!outcome);
        QCOMPARE(outcome.error().code, ErrorCode::Cancelled);
        QVERIFY(filter->apply(*batchOf({Given()}), {}).has_value()); // and can be used again
    }

    void aConditionThatDoesNotEndOnAnEventIsCounted()
    {
        const QString where = u"(SELECT count(*) FROM json_each(payload) a, json_each(payload) b, json_each(payload) c) = 0"_qs;
        const QByteArray body = "[" + QByteArray("1,").repeated(3000) + "1]";
        const auto outcome = outcomeOf(where, bodies({"[]", body, "[]"}));
        QCOMPARE(outcome.matches, (std::vector<qsizetype>{0, 2}));
        QCOMPARE(outcome.notFilterable, 1);
        QVERIFY2(outcome.firstNotFilterable.contains(u"does not end"), qPrintable(outcome.firstNotFilterable));
    }

    void aFunctionCannotMakeMoreThan16Megabytes()
    {
        QCOMPARE(outcomeOf(u"length(replace(printf('%.*c', 1000000 + partition, 'x'), 'x', 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx')) > 1"_qs, {Given()}).notFilterable, 1);
    }

    void aPointerFoundInNoEventAndTextComparedWithANumberAreWarnedOf()
    {
        auto filter = *EventFilter::compile(u"field('/amuont') = 1 OR field('/amount') > 400 OR 3 < payload ->> 'amount'"_qs);
        QCOMPARE(filter->warnings(), QString());
        QVERIFY(filter->apply(*batchOf(bodies({"{\"amount\":\"12.50\"}", "{\"amount\":1}"})), {}).has_value());
        QVERIFY2(filter->warnings().contains(u"“/amuont” was found in none of 2 events."), qPrintable(filter->warnings()));
        QVERIFY2(filter->warnings().contains(u"“/amount” is text in 1 of 2 events: compared with 400, text is always the greater."),
                 qPrintable(filter->warnings()));
    }
};

QTEST_GUILESS_MAIN(TestEventFilter)
#include "tst_event_filter.moc"
