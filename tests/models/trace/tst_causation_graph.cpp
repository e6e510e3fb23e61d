// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/models/trace/trace_dsl.h"

#include <QTest>

using namespace models::trace;

class TestCausationGraph final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void joinsByEveryKindOfLink_data()
    {
        QTest::addColumn<QString>("events");
        QTest::addColumn<QString>("graph");
        const auto row = [](const char *name, const QString &events, const QString &graph) { QTest::newRow(name) << events << graph; };
        row("nothing", QString(), QString());
        row("one event", u"a A"_qs, u"roots a"_qs);
        row("a chain", u"a A\nb B < a\nc C < b"_qs, u"a>b causation; b>c causation; roots a"_qs);
        row("one cause, three effects", u"a A\nb B < a\nc C < a\nd D < a"_qs, u"a>b causation; a>c causation; a>d causation; roots a"_qs);
        row("several causes, a list", u"a A\nb B\nc C < a,b"_qs, u"a>c causation; b>c causation; roots a b"_qs);
        row("several causes, JSON", u"a A\nb B\nc C < [\"a\",\"b\"]"_qs, u"a>c causation; b>c causation; roots a b"_qs);
        row("an id with a comma is one id", u"a,b A\nc C < a,b"_qs, u"a,b>c causation; roots a,b"_qs);
        row("one of several is missing", u"a A\nc C < a,x"_qs, u"a>c causation; x>c causation; roots a; missing x"_qs);
        row("a missing parent is shared", u"b B < x\nc C < x"_qs, u"x>b causation; x>c causation; missing x"_qs);
        row("cause is the flow's own id", u"b B < f\nc C < b"_qs, u"b>c causation; roots b"_qs);
        row("cause is a parent's correlation", u"a A flow=1\nb B flow=2 < 1"_qs, u"a>b correlation; roots a"_qs);
        row("by place", u"a A in=x\nb B in=y place=x@0"_qs, u"a>b position; roots a"_qs);
        row("by a place that is gone", u"b B in=y place=x@7"_qs, u"x/7>b position; missing x/7"_qs);
        row("by span", u"a A span=1\nb B span=2 parent=1"_qs, u"a>b span; roots a"_qs);
        row("cause names a span", u"a A span=1\nb B < 1"_qs, u"a>b span; roots a"_qs);
        row("a span without a message is no phantom", u"a A span=1 parent=9"_qs, u"roots a"_qs);
        row("no cause at all: in time", u"b B at=20\na A at=10\nc C at=30"_qs, u"a>b time; b>c time; roots a"_qs);
        row("events without an id go by their place", u"- A\n- B < x"_qs, u"x>s/0@1 causation; roots s/0@0; missing x"_qs);
        row("an effect before its cause", u"b B < a at=1\na A at=2"_qs, u"a>b causation; roots a"_qs);
        row("a duplicate is one node", u"a A\nb B < a\nb B < a"_qs, u"a>b causation; roots a; duplicate b×2"_qs);
        row("its own cause", u"a A < a\nb B < a"_qs, u"a>b causation; roots a; cycle a"_qs);
        row("two cause each other", u"a A < b\nb B < a"_qs, u"a>b causation; roots a; cycle a>b"_qs);
        row("a cycle is cut at its latest event", u"c C < b at=10\na A < c at=20\nb B < a at=30\nd D < b at=40"_qs,
            u"c>a causation; a>b causation; b>d causation; roots c; cycle c>a>b"_qs);
        row("two cycles that share an event", u"a A < b,c\nb B < a\nc C < a"_qs,
            u"a>b causation; a>c causation; roots a; cycle a>c; cycle a>b"_qs);
    }

    void joinsByEveryKindOfLink()
    {
        QFETCH(QString, events);
        QFETCH(QString, graph);
        QCOMPARE(tests::printed(CausationGraph::join(tests::traceFrom(events).events)), graph);
    }

    void aChainOfAHundredThousandDoesNotEndTheStack()
    {
        std::vector<TraceEvent> events = chain(100'000);
        const CausationGraph graph = CausationGraph::join(events);
        QCOMPARE(graph.edges().size(), size_t(99'999));
        QCOMPARE(graph.roots(), std::vector<qint32>{0});
        QCOMPARE(graph.causesFirst().back(), 99'999);
    }

    void aCycleOfAHundredThousandIsCutOnce()
    {
        std::vector<TraceEvent> events = chain(100'000);
        events.front().causationId = events.back().eventId;
        const CausationGraph graph = CausationGraph::join(events);
        QCOMPARE(graph.cutEdges(), (std::vector<Edge>{{99'999, 0, EdgeKind::Causation}}));
        QCOMPARE(graph.cycles().size(), size_t(1));
        QCOMPARE(graph.cycles().front().size(), size_t(100'000));
    }

    void everybodyCausingEverybodyEndsWithoutACycle()
    {
        std::vector<TraceEvent> events = chain(60);
        QStringList all;
        for (const TraceEvent &event : events)
            all += event.eventId;
        for (TraceEvent &event : events)
            event.causationId = all.join(u',');
        const CausationGraph graph = CausationGraph::join(events);
        QCOMPARE(graph.causesFirst().size(), events.size());
        QCOMPARE(graph.edges().size() + graph.cutEdges().size(), events.size() * events.size());
        for (const Edge &edge : graph.edges())
            QVERIFY(edge.from < edge.to);
    }

private:
    static std::vector<TraceEvent> chain(int count)
    {
        std::vector<TraceEvent> events(static_cast<size_t>(count));
        for (int i = 0; i < count; ++i) {
            TraceEvent &event = events[static_cast<size_t>(i)];
            event.eventId = QString::number(i);
            event.time = i;
            if (i > 0)
                event.causationId = QString::number(i - 1);
        }
        return events;
    }
};

QTEST_GUILESS_MAIN(TestCausationGraph)
#include "tst_causation_graph.moc"
