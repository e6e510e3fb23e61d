// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/trace/graph_view.h"
#include "models/trace/layered_layout.h"
#include "tests/models/trace/trace_dsl.h"

#include <QRandomGenerator>
#include <QTest>

using namespace models::trace;

namespace {

struct Drawn {
    Trace trace;
    CausationGraph graph;
    GraphView view;
    LayeredLayout layout;
};

Drawn drawn(std::vector<TraceEvent> events, const QSet<qint32> &expanded = {})
{
    Drawn drawn;
    drawn.trace.events = std::move(events);
    drawn.graph = CausationGraph::join(drawn.trace.events);
    drawn.view = GraphView::build(drawn.graph, drawn.trace.events, expanded);
    drawn.layout = LayeredLayout::arrange(drawn.view.count(), drawn.view.edges());
    return drawn;
}

/// The first rule that is broken; empty when causes are left of effects, nothing overlaps and all is inside the bounds.
QString brokenRule(const Drawn &drawn)
{
    for (const Edge &edge : drawn.view.edges())
        if (drawn.layout.rectOf(edge.from).right() >= drawn.layout.rectOf(edge.to).left())
            return QStringLiteral("%1 is not left of %2").arg(edge.from).arg(edge.to);
    std::vector<std::pair<int, double>> places;
    for (int item = 0; item < drawn.layout.count(); ++item) {
        places.emplace_back(drawn.layout.layerOf(item), drawn.layout.rowOf(item));
        if (!drawn.layout.bounds().contains(drawn.layout.rectOf(item)))
            return QStringLiteral("%1 is outside").arg(item);
    }
    std::sort(places.begin(), places.end());
    for (size_t i = 1; i < places.size(); ++i)
        if (places[i].first == places[i - 1].first && places[i].second - places[i - 1].second < 1)
            return QStringLiteral("overlap in layer %1 at row %2").arg(places[i].first).arg(places[i].second);
    return {};
}

std::vector<TraceEvent> randomEvents(quint32 seed, int count, bool hasSeveralCauses)
{
    QRandomGenerator random(seed);
    std::vector<TraceEvent> events(static_cast<size_t>(count));
    for (int i = 0; i < count; ++i) {
        TraceEvent &event = events[static_cast<size_t>(i)];
        event.eventId = QString::number(i);
        event.eventType = QString::number(random.bounded(5));
        event.time = i;
        if (i > 0)
            event.causationId = QString::number(random.bounded(i));
        if (i > 0 && hasSeveralCauses && random.bounded(3) == 0)
            event.causationId += u',' + QString::number(random.bounded(i));
    }
    return events;
}

std::vector<TraceEvent> fan(int effects)
{
    std::vector<TraceEvent> events(static_cast<size_t>(effects) + 1);
    for (int i = 0; i <= effects; ++i) {
        TraceEvent &event = events[static_cast<size_t>(i)];
        event.eventId = QString::number(i);
        event.eventType = i == 0 ? QStringLiteral("Cause") : i % 4 == 0 ? QStringLiteral("Rare") : QStringLiteral("Often");
        event.time = i;
        if (i > 0)
            event.causationId = QStringLiteral("0");
    }
    return events;
}

} // namespace

class TestGraphLayout final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void causesAreLeftAndNothingOverlaps()
    {
        for (quint32 seed = 0; seed < 40; ++seed) {
            const Drawn graph = drawn(randomEvents(seed, 10 + static_cast<int>(seed) * 7, seed % 2 == 1));
            QVERIFY2(brokenRule(graph).isEmpty(), qPrintable(QStringLiteral("seed %1: ").arg(seed) + brokenRule(graph)));
        }
    }

    void aHundredThousandRandomEventsKeepTheRulesToo()
    {
        QCOMPARE(brokenRule(drawn(randomEvents(7, 100'000, true))), QString());
    }

    void aLongChainIsAStraightLine()
    {
        std::vector<TraceEvent> events = randomEvents(1, 100'000, false);
        for (size_t i = 1; i < events.size(); ++i)
            events[i].causationId = QString::number(i - 1);
        const Drawn graph = drawn(std::move(events));
        QCOMPARE(graph.layout.layerCount(), 100'000);
        QCOMPARE(graph.layout.bounds().height(), LayeredLayout::NodeHeight);
    }

    void siblingsAreOrderedSoThatCrossEdgesAreShort()
    {
        // Two branches whose leaves are joined the wrong way round in time.
        const Drawn graph = drawn(tests::traceFrom(u"a A\nb B < a\nc C < a\nd D < a\ne E < b,d\nf F < d\ng G < d"_qs).events);
        const auto rowOf = [&](const char *id) {
            for (int item = 0; item < graph.view.count(); ++item)
                if (graph.graph.idOf(graph.view.nodeOf(item)) == QLatin1String(id))
                    return graph.layout.rowOf(item);
            return -1.0;
        };
        QCOMPARE(brokenRule(graph), QString());
        QVERIFY(rowOf("c") < qMin(rowOf("b"), rowOf("d")) || rowOf("c") > qMax(rowOf("b"), rowOf("d")));
    }

    void manyEffectsCollapseIntoACountedGroupByType()
    {
        const Drawn graph = drawn(fan(1'000'000));
        QCOMPARE(graph.view.count(), 3);
        QCOMPARE(graph.view.groupOf(0), nullptr);
        QCOMPARE(graph.view.groupOf(1)->eventType, QStringLiteral("Often"));
        QCOMPARE(graph.view.groupOf(1)->members.size(), size_t(750'000));
        QCOMPARE(graph.view.groupOf(2)->members.size(), size_t(250'000));
        QCOMPARE(brokenRule(graph), QString());
    }

    void anExpandedGroupShowsItsMembersAndKnowsItsWayBack()
    {
        const Drawn collapsed = drawn(fan(100));
        const qint32 name = collapsed.view.groupOf(2)->members.front();
        const Drawn graph = drawn(fan(100), {name});
        QCOMPARE(graph.view.count(), 2 + 25);
        QCOMPARE(graph.view.expandedGroupOf(name), name);
        QCOMPARE(graph.view.expandedGroupOf(100), name);
        QCOMPARE(graph.view.expandedGroupOf(1), -1);
    }

    void effectsOfAGroupGoWithIt()
    {
        std::vector<TraceEvent> events = fan(50);
        for (int i = 1; i <= 50; ++i) {
            TraceEvent effect;
            effect.eventId = QString::number(1000 + i);
            effect.eventType = QStringLiteral("Then");
            effect.time = 1000 + i;
            effect.causationId = QString::number(i);
            events.push_back(effect);
        }
        const Drawn graph = drawn(std::move(events));
        // The 38 "Often" collapse with their 38 effects; the 12 "Rare" are too few to.
        QCOMPARE(graph.view.groupOf(1)->members.size(), size_t(38));
        QCOMPARE(graph.view.groupOf(1)->hiddenEffects, 38);
        QCOMPARE(graph.view.count(), 1 + 1 + 12 + 12);
        QCOMPARE(brokenRule(graph), QString());
    }

    void rootsCollapseLikeEffects()
    {
        std::vector<TraceEvent> events = fan(100);
        for (TraceEvent &event : events)
            event.correlationId = event.causationId = QStringLiteral("command");
        QCOMPARE(drawn(std::move(events)).view.count(), 1 + 2);
    }
};

QTEST_GUILESS_MAIN(TestGraphLayout)
#include "tst_graph_layout.moc"
