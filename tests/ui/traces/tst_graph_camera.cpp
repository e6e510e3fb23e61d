// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/traces/graph_camera.h"
#include "ui/traces/graph_clusters.h"
#include "ui/traces/time_axis.h"

#include <QTest>

using models::trace::GraphScene;
using models::trace::Trace;
using models::trace::TraceEvent;
using ui::traces::Detail;
using ui::traces::GraphCamera;
using ui::traces::GraphCluster;

namespace {

/// Every event caused by the one `width` before it: `width` chains from one root.
models::trace::GraphScenePtr chains(int count, int width)
{
    Trace trace;
    for (int i = 0; i < count; ++i) {
        TraceEvent event;
        event.eventId = QString::number(i);
        event.eventType = QString::number(i % 97);
        event.time = i;
        if (i > 0)
            event.causationId = QString::number(std::max(0, i - width));
        event.isDeadLettered = i == count / 2;
        trace.events.push_back(event);
    }
    return GraphScene::build(models::trace::joinTrace(std::move(trace)));
}

} // namespace

class TestGraphCamera final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void fittingShowsEverythingAndEnlargesNothing()
    {
        GraphCamera camera;
        camera.setWorld({0, 0, 10'000, 60}, {1000, 500});
        camera.fit();
        QVERIFY(camera.visible().contains(camera.bounds()));
        QVERIFY(camera.scaleX() < 0.1);
        QCOMPARE(camera.scaleY(), 1.0); // a long chain keeps its height
    }

    void fittingShowsAllWhereWordsAreLostToo()
    {
        GraphCamera camera;
        camera.setWorld({0, 0, 7 * 268 + 188, 44}, {530, 300}); // eight in a row
        camera.showFirst({0, 0, 188, 44});
        QCOMPARE(camera.detail(), Detail::Text); // what is read first
        camera.fit();
        QVERIFY(camera.visible().contains(camera.bounds()));
        QCOMPARE(camera.detail(), Detail::Box);
        camera.setWorld({0, 0, 188, 40'000}, {530, 300});
        camera.fit();
        QVERIFY(camera.visible().contains(camera.bounds()));
    }

    void whatIsSmallerThanTheViewIsInTheMiddle()
    {
        GraphCamera camera;
        camera.setWorld({0, 0, 100, 60}, {1000, 500});
        camera.fit();
        QCOMPARE(camera.toView(QRectF(0, 0, 100, 60)).center(), QPointF(500, 250));
    }

    void zoomingKeepsThePointUnderTheMouse()
    {
        GraphCamera camera;
        camera.setWorld({0, 0, 20'000, 20'000}, {1000, 500});
        camera.fit();
        const QPointF mouse(400, 200);
        for (int i = 0; i < 6; ++i) {
            const QPointF before = camera.toScene(mouse);
            camera.zoomAt(mouse, 1.5);
            const QPointF after = camera.toScene(mouse);
            QVERIFY(qAbs(before.x() - after.x()) < 1 && qAbs(before.y() - after.y()) < 1);
        }
    }

    void zoomingEndsAtTheFitAndAtTwiceTheSize()
    {
        GraphCamera camera;
        camera.setWorld({0, 0, 20'000, 900}, {1000, 500});
        for (int i = 0; i < 60; ++i)
            camera.zoomAt({10, 10}, 1.25);
        QCOMPARE(camera.scaleX(), GraphCamera::MaximumScale);
        QCOMPARE(camera.scaleY(), GraphCamera::MaximumScale);
        for (int i = 0; i < 60; ++i)
            camera.zoomAt({10, 10}, 0.8);
        QVERIFY(camera.visible().contains(camera.bounds()));
    }

    void panningStopsAtTheEdge()
    {
        GraphCamera camera;
        camera.setWorld({0, 0, 5000, 5000}, {1000, 500});
        camera.panBy({1e9, 1e9});
        QVERIFY(camera.visible().right() >= 5000 && camera.visible().right() < 5100);
        camera.panBy({-1e9, -1e9});
        QVERIFY(camera.visible().left() <= 0 && camera.visible().left() > -100);
    }

    void revealingMovesOnlyAsFarAsNeeded()
    {
        GraphCamera camera;
        camera.setWorld({0, 0, 5000, 5000}, {1000, 500});
        camera.showAtNaturalSize({500, 250});
        const QRectF before = camera.visible();
        camera.reveal({300, 200, 100, 40});
        QCOMPARE(camera.visible(), before);
        camera.reveal({3000, 200, 100, 40});
        QVERIFY(camera.visible().contains(QRectF(3000, 200, 100, 40)));
        QCOMPARE(camera.visible().top(), before.top());
    }

    void smallerMeansLessDetail()
    {
        GraphCamera camera;
        camera.setWorld({0, 0, 1e6, 1e6}, {1000, 500});
        camera.fit();
        QCOMPARE(camera.detail(), Detail::Cluster);
        QList<Detail> seen;
        for (int i = 0; i < 60; ++i) {
            if (seen.isEmpty() || seen.last() != camera.detail())
                seen += camera.detail();
            camera.zoomAt({500, 250}, 1.2);
        }
        QCOMPARE(seen, (QList<Detail>{Detail::Cluster, Detail::Dot, Detail::Box, Detail::Text}));
    }

    void clustersCountEveryEventOnceAndNeverOverlap_data()
    {
        QTest::addColumn<int>("count");
        QTest::addColumn<int>("width");
        QTest::newRow("a chain") << 30'000 << 1;
        QTest::newRow("many chains") << 30'000 << 700;
        QTest::newRow("a fan") << 3'000 << 3'000;
    }

    void clustersCountEveryEventOnceAndNeverOverlap()
    {
        QFETCH(int, count);
        QFETCH(int, width);
        const auto scene = chains(count, width);
        GraphCamera camera;
        camera.setWorld(scene->layout().bounds(), {1000, 500});
        camera.fit();
        const std::vector<GraphCluster> clusters = ui::traces::clustersInSight(*scene, camera);
        qint64 events = 0;
        int marked = 0;
        for (size_t i = 0; i < clusters.size(); ++i) {
            events += clusters[i].events;
            marked += clusters[i].isMarked ? 1 : 0;
            for (size_t k = 0; k < i; ++k) {
                const QPointF apart = clusters[i].center - clusters[k].center;
                QVERIFY(qAbs(apart.x()) >= 51 || qAbs(apart.y()) >= 21);
            }
        }
        QCOMPARE(events, count);
        QCOMPARE(marked, 1);
        QVERIFY(clusters.size() < 1000);
    }

    void ticksAreRoundAndNotTooMany_data()
    {
        QTest::addColumn<double>("span");
        QTest::addColumn<double>("step");
        QTest::newRow("a few ms") << 4.0 << 1.0;
        QTest::newRow("seconds") << 9'000.0 << 2'000.0;
        QTest::newRow("minutes") << 600'000.0 << 120'000.0;
        QTest::newRow("days") << 5 * 86'400'000.0 << 86'400'000.0;
    }

    void ticksAreRoundAndNotTooMany()
    {
        QFETCH(double, span);
        QFETCH(double, step);
        QCOMPARE(ui::traces::tickStep(span, 5), step);
        const QList<double> ticks = ui::traces::ticks(1000, 1000 - span / 10, 1000 + span * 0.9, 5);
        QVERIFY(!ticks.isEmpty() && ticks.size() <= 6);
        QCOMPARE(ticks.first(), 0.0); // none before the begin
    }

    void clustersStandStillWhenTheViewIsPanned()
    {
        const auto scene = chains(30'000, 700);
        GraphCamera camera;
        camera.setWorld(scene->layout().bounds(), {1000, 500});
        camera.fit();
        camera.zoomAt({500, 250}, 1.4);
        const auto find = [&](int item) {
            for (const GraphCluster &cluster : ui::traces::clustersInSight(*scene, camera))
                if (cluster.firstItem == item)
                    return cluster;
            return GraphCluster();
        };
        const auto all = ui::traces::clustersInSight(*scene, camera);
        const GraphCluster before = all[all.size() / 2];
        camera.panBy({7, 5});
        const GraphCluster after = find(before.firstItem);
        QCOMPARE(after.events, before.events);
    }
};

QTEST_GUILESS_MAIN(TestGraphCamera)
#include "tst_graph_camera.moc"
