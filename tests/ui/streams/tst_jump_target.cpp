// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/streams/jump_target.h"

#include <QLocale>
#include <QTest>

using namespace ui::streams;

namespace {

connectors::StreamInfo stream(const std::vector<std::pair<qint64, qint64>> &extents)
{
    connectors::StreamInfo info;
    info.stream = QStringLiteral("orders");
    for (const auto &[start, end] : extents) {
        connectors::PartitionExtent extent;
        extent.partition = static_cast<int>(info.partitions.size());
        extent.start = start;
        extent.end = end;
        info.partitions.push_back(extent);
    }
    return info;
}

QString missing(const QString &written, const std::vector<connectors::StreamInfo> &streams)
{
    return missingWords(**parseJump(written, 0), streams, QStringLiteral("orders"));
}

} // namespace

class TestJumpTarget final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates)); }

    void whatAPartitionHoldsIsTold()
    {
        const std::vector streams{stream({{0, 10}, {5, 5}, {0, 9}, {1204, 8812}, {0, 9}, {0, 9}})};
        QCOMPARE(missing(QStringLiteral("3:1203"), streams), QStringLiteral("Position 1,203 is not in orders: partition 3 holds 1,204 … 8,811."));
        QCOMPARE(missing(QStringLiteral("3:8812"), streams), QStringLiteral("Position 8,812 is not in orders: partition 3 holds 1,204 … 8,811."));
        QCOMPARE(missing(QStringLiteral("1:5"), streams), QStringLiteral("Position 5 is not in orders: partition 1 holds nothing now; its next position is 5."));
        QCOMPARE(missing(QStringLiteral("9:5"), streams), QStringLiteral("orders has no partition 9; it has 0 … 5."));
        QCOMPARE(missing(QStringLiteral("9000"), streams),
                 QStringLiteral("Position 9,000 is not in orders: partition 0 holds 0 … 9; partition 1 holds nothing now; its next position is 5; "
                                "partition 2 holds 0 … 8; partition 3 holds 1,204 … 8,811; and so on, 6 partitions in all."));
    }

    void whatIsThereIsNotMissing()
    {
        const std::vector streams{stream({{0, 10}, {1204, 8812}})};
        for (const char *place : {"9", "0:0", "1:1204", "1:8811", "8000"})
            QCOMPARE(missing(QLatin1String(place), streams), QString());
        std::vector unknown{stream({{0, 10}})};
        unknown.front().partitions.front().end.reset(); // could not be read
        QCOMPARE(missing(QStringLiteral("77"), unknown), QString());
        QCOMPARE(missing(QStringLiteral("2026-01-01"), streams), QString()); // times are not told
    }

    void endsOfARangeAreNoPlaces()
    {
        for (const char *end : {"latest", "earliest", "last:100"})
            QVERIFY(!parseJump(QLatin1String(end), 0)->has_value());
        QVERIFY(!parseJump(QStringLiteral("nowhere"), 0));
    }

    void aTimeIsReadAroundItsPlaceInEachPartition()
    {
        connectors::StreamInfo orders;
        orders.stream = QStringLiteral("orders");
        for (int partition = 0; partition < 4; ++partition) {
            connectors::PartitionExtent extent;
            extent.partition = partition;
            extent.start = 100;
            extent.end = 5000;
            orders.partitions.push_back(extent);
        }
        orders.partitions[3].end.reset(); // not known, and neither is the place in it
        const auto ranges = ui::streams::rangesAround({{0, 3000}, {1, 110}, {2, std::nullopt}, {3, std::nullopt}}, {orders}, 1000);
        QCOMPARE(ranges.size(), size_t(3));
        QCOMPARE(ranges[0], (connectors::PartitionRead{orders.stream, 0, 2875, 3125, 0, 0}));
        QCOMPARE(ranges[1], (connectors::PartitionRead{orders.stream, 1, 100, 235, 0, 0})); // no lower than its start
        QCOMPARE(ranges[2], (connectors::PartitionRead{orders.stream, 2, 4875, 5125, 0, 0})); // no event is that late
        const std::vector<connectors::TimePosition> many(200, {0, 3000});
        QCOMPARE(ui::streams::rangesAround(many, {orders}, 1000).front().from, qint64(2980));
    }
};

QTEST_MAIN(TestJumpTarget)
#include "tst_jump_target.moc"
