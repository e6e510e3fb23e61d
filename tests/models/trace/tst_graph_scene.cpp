// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/trace/graph_scene.h"
#include "tests/models/trace/trace_dsl.h"

#include <QTest>

using namespace models::trace;
using tests::traceFrom;

namespace {

GraphScenePtr sceneOf(const QString &lines, const QSet<qint32> &expanded = {}, int threshold = GraphView::DefaultThreshold)
{
    return GraphScene::build(joinTrace(traceFrom(lines)), expanded, threshold);
}

QString idsOf(const GraphScene &scene, std::span<const qint32> items)
{
    QStringList ids;
    for (const qint32 item : items)
        ids += scene.graph().idOf(scene.view().nodeOf(item));
    return ids.join(u' ');
}

int itemOf(const GraphScene &scene, const QString &id)
{
    for (int item = 0; item < scene.count(); ++item)
        if (scene.graph().idOf(scene.view().nodeOf(item)) == id)
            return item;
    return -1;
}

const QString Tree = QStringLiteral("a A\nb B < a\nc C < a\nd D < a\ne E < c\nf F < d\n");

} // namespace

class TestGraphScene final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void numbersCountWhatALineSays()
    {
        Trace trace = traceFrom(QStringLiteral("a A < gone at=0\nb BFailed < a in=other at=50\nb BFailed < a at=60\ns S < s at=70\n"));
        trace.events[1].isDeadLettered = true;
        const TraceNumbers expected{4, 2, 70, 1, 1, 1, 1, 1, 2};
        const TraceNumbers numbers = joinTrace(trace)->numbers;
        QCOMPARE(numbers.events, expected.events);
        QCOMPARE(numbers.streams, expected.streams);
        QCOMPARE(numbers.durationMs, expected.durationMs);
        QCOMPARE(numbers.missing, expected.missing);
        QCOMPARE(numbers.cycles, expected.cycles);
        QCOMPARE(numbers.duplicates, expected.duplicates);
        QCOMPARE(numbers.deadLetters, expected.deadLetters);
        QCOMPARE(numbers.failures, expected.failures);
    }

    void eventsWithoutATimeHaveNoDuration()
    {
        Trace trace = traceFrom(QStringLiteral("a A\n"));
        trace.events[0].time = connectors::NoNumber;
        QVERIFY(!joinTrace(trace)->numbers.durationMs);
    }

    void itemsOfALayerAreFoundByRow()
    {
        const auto scene = sceneOf(Tree);
        QCOMPARE(idsOf(*scene, scene->itemsBetween(1, -1, 100)), QStringLiteral("b c d"));
        const double row = scene->layout().rowOf(itemOf(*scene, QStringLiteral("c")));
        QCOMPARE(idsOf(*scene, scene->itemsBetween(1, row, row)), QStringLiteral("c"));
        QCOMPARE(idsOf(*scene, scene->itemsBetween(1, row + 0.1, row + 0.2)), QString());
    }

    void causesAreFoundByWhereTheirEffectsReach()
    {
        const auto scene = sceneOf(Tree);
        const double lastRow = scene->layout().rowOf(itemOf(*scene, QStringLiteral("d")));
        QCOMPARE(idsOf(*scene, scene->causesReaching(0, lastRow, lastRow)), QStringLiteral("a"));
        QCOMPARE(idsOf(*scene, scene->causesReaching(0, lastRow + 1, lastRow + 2)), QString());
        QCOMPARE(idsOf(*scene, scene->causesReaching(1, -1, 100)), QStringLiteral("c d"));
    }

    void thePointInABoxIsItsItem()
    {
        const auto scene = sceneOf(Tree);
        for (int item = 0; item < scene->count(); ++item) {
            QCOMPARE(scene->itemAt(scene->layout().rectOf(item).center()), item);
            QCOMPARE(scene->itemAt(scene->layout().rectOf(item).bottomRight() + QPointF(4, 4)), -1);
        }
        QCOMPARE(scene->itemAt({-50, 0}), -1);
        QCOMPARE(scene->itemAt({1e9, 1e9}), -1);
    }

    void relatedAreCausesAndEffectsButNotSiblings()
    {
        const auto scene = sceneOf(Tree);
        const auto flags = scene->related(itemOf(*scene, QStringLiteral("c")));
        QString related;
        for (int item = 0; item < scene->count(); ++item)
            if (flags[static_cast<size_t>(item)])
                related += scene->graph().idOf(scene->view().nodeOf(item));
        QCOMPARE(related, QStringLiteral("ace"));
    }

    void neighboursAreAboveAndBelowInTheLayer()
    {
        const auto scene = sceneOf(Tree);
        const int c = itemOf(*scene, QStringLiteral("c"));
        QCOMPARE(scene->neighbour(c, -1), itemOf(*scene, QStringLiteral("b")));
        QCOMPARE(scene->neighbour(c, 1), itemOf(*scene, QStringLiteral("d")));
        QCOMPARE(scene->neighbour(itemOf(*scene, QStringLiteral("b")), -1), -1);
        QCOMPARE(scene->neighbour(itemOf(*scene, QStringLiteral("a")), 1), -1);
    }

    void elapsedTimeIsSinceTheCause()
    {
        const auto scene = sceneOf(QStringLiteral("a A < gone at=100\nb B < a at=250\nc C < a at=40\n"));
        QCOMPARE(scene->elapsedMs(itemOf(*scene, QStringLiteral("b"))), std::optional<qint64>(150));
        QCOMPARE(scene->elapsedMs(itemOf(*scene, QStringLiteral("c"))), std::optional<qint64>(-60));
        QCOMPARE(scene->elapsedMs(itemOf(*scene, QStringLiteral("a"))), std::optional<qint64>());
    }

    void groupsCountTheirEventsAndExpand()
    {
        QString lines = QStringLiteral("root Root at=0\n");
        for (int i = 0; i < 5; ++i)
            lines += QStringLiteral("m%1 Mail < root\nn%1 Bounce < m%1\n").arg(i);
        const auto collapsed = sceneOf(lines, {}, 3);
        QCOMPARE(collapsed->count(), 2);
        const int group = collapsed->itemOfEvent(1);
        QCOMPARE(collapsed->eventsOf(group), 10);
        const qint32 first = collapsed->view().nodeOf(group);
        const auto expanded = sceneOf(lines, {first}, 3);
        QCOMPARE(expanded->count(), 11);
        QCOMPARE(expanded->eventsOf(expanded->itemsBetween(1, -1, 100)), 5);
    }

    void deadLettersAndCyclesAreMarked()
    {
        Trace trace = traceFrom(QStringLiteral("a A\nb B < a\nx X < y\ny Y < x\ns S < s\n"));
        trace.events[1].isDeadLettered = true;
        const auto scene = GraphScene::build(joinTrace(trace));
        QCOMPARE(idsOf(*scene, scene->marked()), QStringLiteral("b x y s"));
        QCOMPARE(scene->cutEdges().size(), size_t(2));
        QCOMPARE(std::count_if(scene->cutEdges().cbegin(), scene->cutEdges().cend(), [](const Edge &edge) { return edge.from == edge.to; }), 1);
    }

    void aGroupThatHidesADeadLetterIsMarked()
    {
        QString lines = QStringLiteral("root Root at=0\n");
        for (int i = 0; i < 5; ++i)
            lines += QStringLiteral("m%1 Mail < root\n").arg(i);
        Trace trace = traceFrom(lines);
        trace.events[4].isDeadLettered = true;
        const auto scene = GraphScene::build(joinTrace(trace), {}, 3);
        QCOMPARE(scene->count(), 2);
        QVERIFY(scene->hasDeadLetter(1));
        QVERIFY(!scene->hasDeadLetter(0));
        QCOMPARE(scene->marked().size(), size_t(1));
    }

    void aChainOfAHundredThousandIsLaidOutAndWalked()
    {
        std::vector<TraceEvent> events(100'000);
        for (size_t i = 0; i < events.size(); ++i) {
            events[i].eventId = QString::number(i);
            events[i].time = static_cast<qint64>(i);
            events[i].causationId = i == 0 ? QString() : QString::number(i - 1);
        }
        Trace trace;
        trace.events = std::move(events);
        const auto scene = GraphScene::build(joinTrace(std::move(trace)));
        QCOMPARE(scene->layout().layerCount(), 100'000);
        const auto flags = scene->related(50'000);
        QCOMPARE(std::count(flags.cbegin(), flags.cend(), 1), 100'000);
    }

    void nothingIsASceneToo()
    {
        const auto scene = GraphScene::build(joinTrace({}));
        QCOMPARE(scene->count(), 0);
        QCOMPARE(scene->itemAt({0, 0}), -1);
    }
};

QTEST_GUILESS_MAIN(TestGraphScene)
#include "tst_graph_scene.moc"
