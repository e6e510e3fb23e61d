// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/query/event_filter.h"

#include <QTest>

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
};

QTEST_GUILESS_MAIN(TestEventFilter)
#include "tst_event_filter.moc"
