// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/fake_event_connector.h"
#include "models/trace/read_windows.h"
#include "models/trace/trace_search.h"

#include <QTest>

#include <limits>

using namespace connectors;
using namespace models::trace;
using tests::FakeEventConnector;

class TestTraceSearch final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_kafka = std::make_shared<FakeEventConnector>(QStringLiteral("kafka"));
        m_store = std::make_shared<FakeEventConnector>(QStringLiteral("store"));
        m_store->add(u"orders"_qs, {u"o1"_qs, u"OrderPlaced"_qs, {}, u"flow-1"_qs, u"order-1"_qs, u"order-1"_qs});
        m_kafka->add(u"payments"_qs, {u"p1"_qs, u"PaymentTaken"_qs, u"o1"_qs, u"flow-1"_qs, u"payment-1"_qs, u"k1"_qs});
        m_kafka->add(u"payments"_qs, {u"p2"_qs, u"PaymentTaken"_qs, u"o2"_qs, u"flow-2"_qs, u"payment-2"_qs, u"k2"_qs});
        m_store->add(u"orders"_qs, {u"o3"_qs, u"OrderShipped"_qs, u"p1"_qs, u"flow-1"_qs, u"order-1"_qs, u"order-1"_qs});
        m_store->add(u"orders"_qs, {u"o4"_qs, u"OrderPlaced"_qs, {}, u"flow-3"_qs, u"order-1"_qs, u"order-1"_qs});
        m_store->add(u"loose"_qs, {u"l1"_qs, u"Seen"_qs, {}, {}, {}, {}});
        m_store->add(u"loose"_qs, {u"l2"_qs, u"Noted"_qs, u"l1"_qs, {}, {}, {}});
    }

    void findsTheWholeFlowOverAllConnections_data()
    {
        QTest::addColumn<KnownAs>("knownAs");
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("found");
        const QString flow1 = QStringLiteral("flow-1: o1 p1 o3");
        QTest::newRow("correlation") << KnownAs::CorrelationId << u"flow-1"_qs << flow1;
        QTest::newRow("event") << KnownAs::EventId << u"p1"_qs << flow1;
        QTest::newRow("key") << KnownAs::Key << u"k1"_qs << flow1;
        QTest::newRow("aggregate, newest of two flows") << KnownAs::AggregateId << u"order-1"_qs << u"flow-3: o4; also flow-1"_qs;
        QTest::newRow("text") << KnownAs::Text << u"OrderShipped"_qs << flow1;
        QTest::newRow("anything: correlation") << KnownAs::Anything << u"flow-1"_qs << flow1;
        QTest::newRow("anything: an event, not those that name it") << KnownAs::Anything << u"o1"_qs << flow1;
        QTest::newRow("anything: part of a type") << KnownAs::Anything << u"Shipped"_qs << flow1;
        QTest::newRow("no correlation: causes and effects") << KnownAs::EventId << u"l1"_qs << u": l1 l2"_qs;
        QTest::newRow("no correlation: causes too") << KnownAs::EventId << u"l2"_qs << u": l1 l2"_qs;
        QTest::newRow("nothing") << KnownAs::EventId << u"nobody"_qs << u": "_qs;
    }

    void findsTheWholeFlowOverAllConnections()
    {
        QFETCH(KnownAs, knownAs);
        QFETCH(QString, text);
        QFETCH(QString, found);
        for (const bool isNewestFirst : {false, true}) {
            const auto trace = searchTrace(sources(), query(knownAs, text, isNewestFirst), {});
            QVERIFY2(trace.has_value(), trace ? "" : qPrintable(describe(trace.error())));
            QCOMPARE(printed(*trace), found);
            QVERIFY(trace->isComplete());
        }
    }

    void saysWhatWasSearched()
    {
        const auto trace = searchTrace(sources(), query(KnownAs::CorrelationId, u"flow-1"_qs, false), {});
        QCOMPARE(trace->searched, (std::vector<SearchedStream>{{0, u"payments"_qs, {{0, 0, 2, 2, true}}}, {1, u"loose"_qs, {{0, 0, 2, 2, true}}},
                                                               {1, u"orders"_qs, {{0, 0, 3, 3, true}}}}));
    }

    void searchesOnlyTheStreamsAskedFor()
    {
        TraceQuery asked = query(KnownAs::CorrelationId, u"flow-1"_qs, true);
        asked.streams = {u"payments"_qs};
        const auto trace = searchTrace(sources(), asked, {});
        QCOMPARE(printed(*trace), QStringLiteral("flow-1: p1"));
        QCOMPARE(trace->searched.size(), size_t(1));
    }

    void keepsTheBytesWhenAsked()
    {
        TraceQuery asked = query(KnownAs::EventId, u"p1"_qs, false);
        asked.keepsBodies = true;
        const auto trace = searchTrace(sources(), asked, {});
        for (const TraceEvent &event : trace->events) {
            const EventBatchPtr &batch = trace->batches[static_cast<size_t>(event.batch)];
            QCOMPARE(QString::fromUtf8(batch->bytes(batch->record(event.row).eventId)), event.eventId);
        }
    }

    void oneConnectionThatFailsMakesTheAnswerPartial()
    {
        m_kafka->failWith({ErrorCode::CannotConnect, u"Nobody answers."_qs, {}, true});
        const auto trace = searchTrace(sources(), query(KnownAs::CorrelationId, u"flow-1"_qs, true), {});
        QCOMPARE(printed(*trace), QStringLiteral("flow-1: o1 o3"));
        QVERIFY(!trace->isComplete());
        QCOMPARE(trace->problems.front().message, QStringLiteral("Nobody answers."));
    }

    void whatNobodyCanReadLeavesTheRestToBeFound()
    {
        m_kafka->leaveOutWith({ErrorCode::Incomplete, u"The batch at position 3 exceeds the limit."_qs, {}, false});
        const auto trace = searchTrace({{u"kafka"_qs, m_kafka, 0}}, query(KnownAs::Anything, u"flow-1"_qs, true), {});
        QVERIFY2(trace, trace ? "" : qPrintable(describe(trace.error())));
        QCOMPARE(printed(*trace), QStringLiteral("flow-1: p1"));
        QCOMPARE(trace->problems.size(), size_t(1)); // said once, however often it was met
        QVERIFY(!trace->isComplete());
    }

    void whenAllFailTheErrorIsReturned()
    {
        for (const auto &connector : {m_kafka, m_store})
            connector->failWith({ErrorCode::CannotConnect, u"Nobody answers."_qs, {}, true});
        const auto trace = searchTrace(sources(), query(KnownAs::CorrelationId, u"flow-1"_qs, false), {});
        QCOMPARE(trace.error().code, ErrorCode::CannotConnect);
    }

    void anEmptyTextIsRefused()
    {
        QCOMPARE(searchTrace(sources(), query(KnownAs::Anything, {}, true), {}).error().code, ErrorCode::InvalidInput);
    }

    void aCancelledSearchEndsWithWhatItHas()
    {
        m_kafka->hang();
        std::stop_source stop;
        std::jthread canceller([&stop] {
            std::this_thread::sleep_for(std::chrono::milliseconds(50));
            stop.request_stop();
        });
        const auto trace = searchTrace(sources(), query(KnownAs::CorrelationId, u"flow-1"_qs, true), stop.get_token());
        QCOMPARE(printed(*trace), QStringLiteral("flow-1: o1 o3"));
        QVERIFY(!trace->isComplete());
    }

    void aTimeThatNoCalendarKnowsIsNone()
    {
        models::trace::TraceEventReader reader;
        for (const connectors::EpochMs time : {std::numeric_limits<qint64>::max(), std::numeric_limits<qint64>::min() + 1}) {
            connectors::EventBatchBuilder builder;
            connectors::EventRecord record;
            record.stream = builder.internStream(QStringLiteral("orders"));
            record.time = time;
            builder.add(record);
            QCOMPARE(reader.read(*builder.take(), 0, 0).time, connectors::NoNumber);
        }
    }

    void aSearchEndsAtItsTime()
    {
        m_kafka->hang();
        TraceQuery asked = query(KnownAs::CorrelationId, u"flow-1"_qs, true);
        asked.maxDuration = std::chrono::milliseconds(200);
        const auto trace = searchTrace(sources(), asked, {});
        QVERIFY(!trace->isComplete());
        QCOMPARE(trace->searched.front().stream, QStringLiteral("payments"));
        QCOMPARE(trace->searched.front().isComplete(), false);
    }

    void theNewestAreReadFirstAndAFindEndsTheFirstStep()
    {
        for (int i = 0; i < 30'000; ++i)
            m_kafka->add(u"payments"_qs, {QString::number(i), u"Noise"_qs, {}, {}, {}, {}});
        m_kafka->add(u"payments"_qs, {u"new"_qs, u"New"_qs, {}, {}, {}, {}});
        const auto trace = searchTrace({{u"kafka"_qs, m_kafka}}, query(KnownAs::EventId, u"new"_qs, true), {});
        QCOMPARE(printed(*trace), QStringLiteral(": new"));
        QCOMPARE(m_kafka->scanned(), ReadWindows::FirstWindow + 30'003);
    }

    void windowsCoverEverythingOnce()
    {
        for (int i = 0; i < 200'000; ++i)
            m_kafka->add(u"payments"_qs, {});
        auto windows = ReadWindows::plan(*m_kafka, {}, AtPosition{100}, Latest{}, {});
        qint64 next = 200'002;
        for (auto ranges = windows->takeNext(); !ranges.empty(); ranges = windows->takeNext()) {
            QCOMPARE(ranges.size(), size_t(1));
            QCOMPARE(ranges.front().to, next);
            next = ranges.front().from;
        }
        QCOMPARE(next, 100);
        QCOMPARE(windows->total(), 199'902);
    }

private:
    [[nodiscard]] std::vector<TraceSource> sources() const { return {{u"kafka"_qs, m_kafka}, {u"store"_qs, m_store}}; }

    static TraceQuery query(KnownAs knownAs, const QString &text, bool isNewestFirst)
    {
        TraceQuery query;
        query.knownAs = knownAs;
        query.text = text;
        query.isNewestFirst = isNewestFirst;
        return query;
    }

    static QString printed(const Trace &trace)
    {
        QStringList ids;
        for (const TraceEvent &event : trace.events)
            ids += event.eventId;
        ids.sort();
        QStringList inTime;
        for (const QString &id : {u"l1"_qs, u"o1"_qs, u"p1"_qs, u"p2"_qs, u"o3"_qs, u"o4"_qs, u"l2"_qs, u"new"_qs})
            if (ids.contains(id))
                inTime += id;
        QString text = trace.correlationId + QStringLiteral(": ") + inTime.join(u' ');
        for (const QString &flow : trace.otherFlows)
            text += QStringLiteral("; also ") + flow;
        return ids.size() == inTime.size() ? text : QStringLiteral("unexpected ") + ids.join(u' ');
    }

    std::shared_ptr<FakeEventConnector> m_kafka;
    std::shared_ptr<FakeEventConnector> m_store;
};

QTEST_GUILESS_MAIN(TestTraceSearch)
#include "tst_trace_search.moc"
