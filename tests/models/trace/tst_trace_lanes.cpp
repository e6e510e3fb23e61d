// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/trace/trace_lanes.h"
#include "tests/models/trace/trace_dsl.h"

#include <QTest>

using namespace models::trace;

class TestTraceLanes final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aLaneIsAStreamOfAConnectionInTheOrderOfFirstEvents()
    {
        Trace trace = tests::traceFrom(QStringLiteral("a A in=orders at=0\nb B in=payments at=100\nc C in=orders at=200\nd D in=orders at=300\n"));
        trace.events[3].connection = 1;
        const TraceLanes lanes(trace);
        QStringList printed;
        for (const Lane &lane : lanes.lanes())
            printed += QStringLiteral("%1/%2:%3").arg(lane.connection).arg(lane.stream).arg(lane.events.size());
        QCOMPARE(printed.join(u' '), QStringLiteral("0/orders:2 0/payments:1 1/orders:1"));
        QCOMPARE(lanes.begin(), 0);
        QCOMPARE(lanes.end(), 300);
        QCOMPARE(lanes.laneOf(2), 0);
    }

    void anEventWithoutATimeIsCountedAndInNoLane()
    {
        Trace trace = tests::traceFrom(QStringLiteral("a A at=5\nb B at=10\n"));
        trace.events[0].time = connectors::NoNumber;
        const TraceLanes lanes(trace);
        QCOMPARE(lanes.withoutTime(), 1);
        QCOMPARE(lanes.laneOf(0), -1);
        QCOMPARE(lanes.begin(), 10);
    }

    void marksJoinWhatFallsOnTheSamePixels()
    {
        const Trace trace = tests::traceFrom(QStringLiteral("a A at=0\nb B at=1\nc CFailed at=2\nd D at=500\n"));
        const TraceLanes lanes(trace);
        const std::vector<LaneMark> expected{{0, 0, 3, true}, {50, 3, 1, false}};
        QCOMPARE(lanes.marks(0, 0, 1000, 100, 5), expected);
        QCOMPARE(lanes.marks(0, 400, 1000, 100, 5).size(), size_t(1));
        QCOMPARE(lanes.marks(0, 600, 1000, 100, 5).size(), size_t(0));
    }

    void aLaneNeverHasMoreMarksThanPixelsAllow()
    {
        Trace trace;
        trace.events.resize(200'000);
        for (size_t i = 0; i < trace.events.size(); ++i) {
            trace.events[i].time = static_cast<qint64>(i / 3);
            trace.events[i].address.stream = QStringLiteral("s");
        }
        const TraceLanes lanes(trace);
        const auto marks = lanes.marks(0, 0, 70'000, 900, 6);
        QVERIFY(marks.size() <= 151);
        qint64 total = 0;
        for (const LaneMark &mark : marks)
            total += mark.count;
        QCOMPARE(total, 200'000);
    }

    void theNearestEventIsFoundOnBothSides()
    {
        const Trace trace = tests::traceFrom(QStringLiteral("a A at=0\nb B at=100\nc C at=101\n"));
        const TraceLanes lanes(trace);
        QCOMPARE(lanes.nearest(0, -50), 0);
        QCOMPARE(lanes.nearest(0, 49), 0);
        QCOMPARE(lanes.nearest(0, 51), 1);
        QCOMPARE(lanes.nearest(0, 5000), 2);
    }

    void eventsAtOneTimeAreOneMark()
    {
        const Trace trace = tests::traceFrom(QStringLiteral("a A at=7\nb B at=7\n"));
        const auto marks = TraceLanes(trace).marks(0, 7, 7, 100, 6);
        QCOMPARE(marks.size(), size_t(1));
        QCOMPARE(marks.front().count, 2);
    }
};

QTEST_GUILESS_MAIN(TestTraceLanes)
#include "tst_trace_lanes.moc"
