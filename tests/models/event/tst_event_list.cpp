// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/event/event_column.h"
#include "models/event/event_list.h"
#include "models/event/time_histogram.h"
#include "tests/models/event/event_batches.h"

#include <QTest>

#include <numeric>

using namespace models::event;

class TestEventList final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aTextHasOneNumberAndComesBackAsItWas()
    {
        InternTable table;
        const std::vector<std::string> texts{"", "a", "OrderPlaced", "6513270e-0000-4abc-8def-0123456789ab", "6513270E-0000-4ABC-8DEF-0123456789AB",
                                             std::string("with\0nul", 8), "6513270e-0000-4abc-8def-0123456789a"};
        std::vector<quint32> numbers;
        for (const std::string &text : texts)
            numbers.push_back(table.intern(text));
        for (size_t i = 0; i < texts.size(); ++i) {
            QCOMPARE(numbers[i], static_cast<quint32>(i + 1));
            QCOMPARE(table.intern(texts[i]), numbers[i]);
            QCOMPARE(table.find(texts[i]), numbers[i]);
            QCOMPARE(table.text(numbers[i]), texts[i]);
        }
        QCOMPARE(table.find("never seen"), InternTable::None);
    }

    void aTableGrowsAndKeepsItsNumbers()
    {
        InternTable table;
        for (int i = 0; i < 10'000; ++i)
            QCOMPARE(table.intern("text-" + std::to_string(i)), static_cast<quint32>(i + 1));
        for (int i = 0; i < 10'000; ++i)
            QCOMPARE(table.find("text-" + std::to_string(i)), static_cast<quint32>(i + 1));
    }

    void longTextsComeBackTooAndWhatFollowsThem()
    {
        InternTable table;
        const std::vector<std::string> texts{std::string(253, 'a'), std::string(254, 'b'), std::string(60'000, 'c'), std::string(200'000, 'd'), "e",
                                             std::string(65'536, 'f'), "6513270e-0000-4abc-8def-0123456789ab"};
        for (const std::string &text : texts)
            QVERIFY(table.intern(text) != InternTable::None);
        for (size_t i = 0; i < texts.size(); ++i) {
            QCOMPARE(table.find(texts[i]), static_cast<quint32>(i + 1));
            QVERIFY(table.text(static_cast<quint32>(i + 1)) == texts[i]);
        }
    }

    /// As in the benchmark: a UUID of its own for every event, a flow for every fourth. Sorted, it takes four bytes more.
    void anEventTakesAtMost64BytesWithItsTextsAlsoWhileTheTableIsSorted()
    {
        constexpr qint64 Events = EventList::ChunkEvents * 4;
        const auto uuid = [](qint64 number) { return QStringLiteral("00000000-0000-4000-8000-%1").arg(number, 12, 16, QLatin1Char('0')).toStdString(); };
        EventList list;
        for (qint64 first = 0; first < Events; first += 4096) {
            connectors::EventBatchBuilder builder;
            for (qint64 number = first; number < first + 4096; ++number) {
                connectors::EventRecord record;
                record.stream = builder.internStream(QStringLiteral("orders"));
                record.partition = static_cast<qint32>(number % 6);
                record.eventId = builder.addBytes(uuid(number));
                record.eventType = builder.addBytes("Type" + std::to_string(number % 40));
                record.aggregateId = builder.addBytes("order-" + std::to_string(number % (Events / 50)));
                record.correlationId = builder.addBytes(uuid(number / 4));
                builder.add(record);
            }
            list.append(*builder.take(), 0, 4096);
        }
        QVERIFY2(list.memoryBytes() <= (64 - 4) * Events, qPrintable(QString::number(static_cast<double>(list.memoryBytes()) / static_cast<double>(Events))));
    }

    void anEventKnowsItsPlaceAmongVeryMany()
    {
        EventList list;
        for (qint64 first = 0; first < EventList::ChunkEvents + 4096; first += 4096) { // each a place of its own, and more than a chunk of them
            connectors::EventBatchBuilder builder;
            for (qint64 number = first; number < first + 4096; ++number) {
                connectors::EventRecord record;
                record.stream = builder.internStream(QStringLiteral("stream-%1").arg(number % 3));
                record.partition = static_cast<qint32>(number);
                record.position = number % 7;
                record.time = number;
                builder.add(record);
            }
            list.append(*builder.take(), 0, 4096);
        }
        for (qint64 number = 0; number < list.end(); ++number) {
            const auto place = list.address(number);
            QVERIFY(place.partition == number && place.position == number % 7 && place.stream.endsWith(QString::number(number % 3)));
        }
        list.dropOldest(EventList::ChunkEvents);
        QCOMPARE(list.address(list.first()).partition, static_cast<qint32>(EventList::ChunkEvents));
        QCOMPARE(list.findPosition(0, list.first() % 7), list.first());
        QCOMPARE(list.findPosition(list.first() + 1, list.first() % 7), list.first() + 7);
        QCOMPARE(list.findPosition(list.end() - 2, 5), -1); // the last two are at 1 and 2
        QCOMPARE(list.findTime(0), list.first());
        QCOMPARE(list.findTime(list.end() - 1), list.end() - 1);
        QCOMPARE(list.findTime(list.end()), -1);
    }

    void theEarliestEventOfATimeIsFoundWhateverTheOrder()
    {
        EventList list(EventList::ChunkEvents * 3);
        connectors::EventBatchBuilder batch;
        for (const connectors::EpochMs time : {500, 900, 300, 700, 350}) {
            connectors::EventRecord record;
            record.stream = batch.internStream(QStringLiteral("orders"));
            record.time = time;
            batch.add(record);
        }
        list.append(*batch.take(), 0, 5);
        QCOMPARE(list.findTime(320), 4);
        QCOMPARE(list.findTime(600), 3);
        QCOMPARE(list.findTime(901), -1);
    }

    void theOneBeforeWithTheSameTextIsFound()
    {
        EventList list(EventList::ChunkEvents * 2);
        const auto batch = tests::orderEvents(0, EventList::ChunkEvents + 10);
        list.append(*batch, 0, batch->count());
        const quint32 number = list.types().find("PaymentFailed");
        QVERIFY(number != InternTable::None);
        qint64 expected = list.end() / 10 * 10 - 1; // every tenth, and the list does not end at one
        for (qint64 at = list.findBefore(list.end(), EventList::TextColumn::Type, number); at >= 0; at = list.findBefore(at, EventList::TextColumn::Type, number)) {
            QCOMPARE(at, expected);
            expected -= 10;
        }
        QCOMPARE(expected, -1);
        QCOMPARE(list.findBefore(list.end(), EventList::TextColumn::Aggregate, list.aggregates().find("order-9")), 9);
        QCOMPARE(list.findBefore(9, EventList::TextColumn::Aggregate, list.aggregates().find("order-9")), -1);
        QCOMPARE(list.findBefore(list.end(), EventList::TextColumn::Type, list.types().count() + 1), -1);
    }

    void aFullTableNamesWhatIsNewNotKept()
    {
        InternTable table(4096);
        quint32 last = 0;
        for (int i = 0; i < 1000; ++i)
            last = table.intern("text-" + std::to_string(i));
        QCOMPARE(last, InternTable::NotKept);
        QCOMPARE(table.intern("text-0"), 1U);
        QCOMPARE(table.text(InternTable::NotKept), std::string());
        QVERIFY(table.memoryBytes() < 16'384);
    }

    void anEventComesBackAsItWasRead()
    {
        EventList list;
        list.append(*tests::orderEvents(0, 20), 0, 20);
        QCOMPARE(list.count(), 20);
        const EventEntry entry = list.entry(9);
        QCOMPARE(list.type(entry), QStringLiteral("PaymentFailed"));
        QCOMPARE(list.aggregate(entry), QStringLiteral("order-9"));
        QCOMPARE(list.correlation(entry), QStringLiteral("flow-3"));
        QCOMPARE(list.eventId(entry), QStringLiteral("00000000-0000-4000-8000-000000000009"));
        QCOMPARE(list.address(9), (connectors::EventAddress{QStringLiteral("orders"), 0, 9}));
    }

    void anIdThatIsNoUuidComesBackToo()
    {
        for (const std::string_view id : {"1", "123456789012345", "1234567890123456", "an id that is much longer than sixteen bytes"}) {
            connectors::EventBatchBuilder builder;
            connectors::EventRecord record;
            record.stream = builder.internStream(QStringLiteral("s"));
            record.eventId = builder.addBytes(id);
            builder.add(record);
            EventList list;
            list.append(*builder.take(), 0, 1);
            QCOMPARE(list.eventId(list.entry(0)).toStdString(), std::string(id));
        }
    }

    void theOldestGoByWholeChunksAndTheRestKeepTheirNumbers()
    {
        EventList list(EventList::ChunkEvents * 2);
        const auto batch = tests::orderEvents(0, EventList::ChunkEvents * 2);
        list.append(*batch, 0, batch->count());
        QCOMPARE(list.surplusWith(0), 0);
        QCOMPARE(list.surplusWith(1), EventList::ChunkEvents);
        list.dropOldest(EventList::ChunkEvents);
        QCOMPARE(list.first(), EventList::ChunkEvents);
        QCOMPARE(list.count(), EventList::ChunkEvents);
        QCOMPARE(list.entry(EventList::ChunkEvents + 7).position, EventList::ChunkEvents + 7);
    }

    void aHistogramKeepsEveryEventHoweverFarApart()
    {
        TimeHistogram histogram;
        qint64 added = 0;
        for (const qint64 time : {1'700'000'000'000LL, 1'700'000'000'001LL, 1'700'086'400'000LL, 0LL, -1000LL, 4'000'000'000'000LL}) {
            histogram.add(time);
            ++added;
            QVERIFY(std::ssize(histogram.bins()) <= TimeHistogram::MaximumBins);
            QCOMPARE(std::accumulate(histogram.bins().begin(), histogram.bins().end(), qint64(0)), added);
            QVERIFY(histogram.begin() <= time && time < histogram.end());
        }
        QVERIFY(histogram.begin() <= -1000 && histogram.end() > 4'000'000'000'000);
    }

    void aColumnSurvivesItsKey()
    {
        std::vector<EventColumn> columns = standardColumns();
        columns.push_back({EventColumn::Kind::Header, QStringLiteral("a:b")});
        columns.push_back({EventColumn::Kind::Field, QStringLiteral("/data/it's")});
        for (const EventColumn &column : columns)
            QCOMPARE(EventColumn::fromKey(column.key()), std::optional(column));
        QCOMPARE(EventColumn::fromKey(QStringLiteral("nonsense")), std::nullopt);
        QCOMPARE(columns.back().filterName(), QStringLiteral("field('/data/it''s')"));
    }

    void aValueBecomesAConditionThatMeansIt()
    {
        const EventColumn type{EventColumn::Kind::Type, {}};
        QCOMPARE(conditionFor(type, QStringLiteral("It's"), true), QStringLiteral("eventType = 'It''s'"));
        QCOMPARE(conditionFor(type, {}, false), QStringLiteral("eventType IS NOT NULL"));
        QCOMPARE(conditionFor({EventColumn::Kind::Position, {}}, 9007199254740993LL, false), QStringLiteral("position <> 9007199254740993"));
        QCOMPARE(conditionFor({EventColumn::Kind::Time, {}}, 0LL, true), QStringLiteral("time = '1970-01-01T00:00:00.000Z'"));
        const QString cut = QString(149, u'é') + QStringLiteral("a") + QChar(QChar::ReplacementCharacter); // 300 bytes are kept of a body
        QCOMPARE(conditionFor({EventColumn::Kind::Payload, {}}, cut, true), QStringLiteral("substr(payload, 1, 150) = '") + cut.chopped(1) + u'\'');
        QCOMPARE(conditionFor({EventColumn::Kind::Field, QStringLiteral("/n")}, QStringLiteral("12.50"), true), QStringLiteral("field('/n') IN (12.50, '12.50')"));
        const auto ofField = [](const char *text, bool isEqual) { return conditionFor({EventColumn::Kind::Field, QStringLiteral("/n")}, QString::fromUtf8(text), isEqual); };
        QCOMPARE(ofField("10115", false), QStringLiteral("field('/n') NOT IN (10115, '10115')")); // a postcode is a text of digits
        QCOMPARE(ofField("007", true), QStringLiteral("field('/n') = '007'"));
        QCOMPARE(ofField("nan", true), QStringLiteral("field('/n') = 'nan'"));
        QCOMPARE(ofField("true", true), QStringLiteral("field('/n') IN (1, 'true')"));
        QCOMPARE(ofField("12345678901234567890", true), QStringLiteral("field('/n') = 12345678901234567890"));
    }

    void aFieldIsTheTextThatStandsInTheBody()
    {
        connectors::EventBatchBuilder builder;
        connectors::EventRecord record;
        record.stream = builder.internStream(QStringLiteral("s"));
        record.payload = builder.addBytes(R"({"n":9007199254740993,"s":"a\nb","o":{"x":1},"z":null})");
        record.format = connectors::BodyFormat::Json;
        record.headers = builder.addHeaders({{"h", "1"}, {"h", "2"}});
        builder.add(record);
        const auto batch = builder.take();
        const auto field = [&batch](const char *pointer) { return valueOf(*batch, 0, EventColumn{EventColumn::Kind::Field, QString::fromLatin1(pointer)}); };
        QCOMPARE(field("/n").toString(), QStringLiteral("9007199254740993"));
        QCOMPARE(field("/s").toString(), QStringLiteral("a\nb"));
        QCOMPARE(field("/o").toString(), QStringLiteral("{\"x\":1}"));
        QVERIFY(!field("/z").isValid());
        QVERIFY(!field("/nothing").isValid());
        QVERIFY(!field("not a pointer").isValid());
        QCOMPARE(valueOf(*batch, 0, EventColumn{EventColumn::Kind::Header, QStringLiteral("h")}).toString(), QStringLiteral("1"));
    }
};

QTEST_GUILESS_MAIN(TestEventList)
#include "tst_event_list.moc"
