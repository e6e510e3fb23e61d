// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/remote/read_recovery.h"

#include <QTest>

using namespace connectors;
using namespace connectors::remote;

namespace {

EventBatchPtr batchOf(const std::vector<qint64> &positions, int partition = 0)
{
    EventBatchBuilder builder;
    const quint32 stream = builder.internStream(u"orders"_qs);
    for (const qint64 position : positions) {
        EventRecord record;
        record.stream = stream;
        record.partition = partition;
        record.position = position;
        builder.add(record);
    }
    return builder.take();
}

std::vector<qint64> positionsOf(const EventBatchPtr &batch)
{
    std::vector<qint64> positions;
    for (qsizetype row = 0; batch && row < batch->count(); ++row)
        positions.push_back(batch->record(row).position);
    return positions;
}

ReadReport reportOf(qint64 matched, qint64 next, qint64 from = 0)
{
    ReadReport report;
    report.scanned = next - from;
    report.matched = matched;
    report.partitions = {{u"orders"_qs, 0, from, 1000, next, next - from}};
    return report;
}

ReadRequest requestOf(std::optional<qint64> limit = {})
{
    ReadRequest request;
    request.streams = {u"orders"_qs};
    request.where = u"version > 3"_qs;
    request.limit = limit;
    return request;
}

} // namespace

class TestReadRecovery final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aReadOfWhichNothingIsKnownBeginsAgain()
    {
        ReadRecovery recovery(requestOf());
        const ReadRequest request = recovery.goOn();
        QVERIFY(request.ranges.empty());
        QCOMPARE(request.where, u"version > 3"_qs);
    }

    void itGoesOnAtTheLastReportOfWhichEverythingHasCome()
    {
        ReadRecovery recovery(requestOf());
        std::ignore = recovery.newOf(batchOf({10, 20}));
        std::ignore = recovery.whole(reportOf(2, 100));
        std::ignore = recovery.newOf(batchOf({110}));
        std::ignore = recovery.whole(reportOf(5, 300)); // two matches are still on their way
        const ReadRequest request = recovery.goOn();
        QCOMPARE(request.ranges.size(), size_t(1));
        QCOMPARE(request.ranges.front().from, qint64(100));
        QCOMPARE(request.ranges.front().to, qint64(1000));
    }

    void aReportThatWaitsForItsEventsIsNotOvertaken()
    {
        ReadRecovery recovery(requestOf());
        std::ignore = recovery.whole(reportOf(2, 100));
        std::ignore = recovery.newOf(batchOf({10}));
        std::ignore = recovery.whole(reportOf(4, 300)); // and its own come later still
        std::ignore = recovery.newOf(batchOf({20}));
        QCOMPARE(recovery.goOn().ranges.front().from, qint64(100));
    }

    void nothingComesTwiceAndNothingIsLost()
    {
        ReadRecovery recovery(requestOf());
        QCOMPARE(positionsOf(recovery.newOf(batchOf({10, 20}))), (std::vector<qint64>{10, 20}));
        std::ignore = recovery.whole(reportOf(2, 100));
        QCOMPARE(positionsOf(recovery.newOf(batchOf({110, 120}))), (std::vector<qint64>{110, 120}));
        std::ignore = recovery.goOn();
        QCOMPARE(positionsOf(recovery.newOf(batchOf({110, 120, 130}))), (std::vector<qint64>{130}));
        QCOMPARE(positionsOf(recovery.newOf(batchOf({110}, 1))), (std::vector<qint64>{110})); // another partition's
        std::ignore = recovery.goOn();
        QVERIFY(!recovery.newOf(batchOf({110, 120, 130})));
    }

    void theReportIsThatOfOneRead()
    {
        ReadRecovery recovery(requestOf());
        std::ignore = recovery.newOf(batchOf({10, 20}));
        std::ignore = recovery.whole(reportOf(2, 100));
        std::ignore = recovery.newOf(batchOf({110}));
        std::ignore = recovery.goOn();
        std::ignore = recovery.newOf(batchOf({110, 130}));
        const ReadReport whole = recovery.whole(reportOf(2, 1000, 100));
        QCOMPARE(whole.scanned, qint64(1000));
        QCOMPARE(whole.matched, qint64(4));
        QCOMPARE(whole.partitions, (std::vector<PartitionRead>{{u"orders"_qs, 0, 0, 1000, 1000, 1000}}));
    }

    void aLimitCountsWhatHasCome()
    {
        ReadRecovery recovery(requestOf(10));
        std::ignore = recovery.newOf(batchOf({10, 20, 30}));
        std::ignore = recovery.whole(reportOf(3, 100));
        QCOMPARE(recovery.goOn().limit, std::optional<qint64>(7));
    }

    void ofAReadThatHadReachedItsLimitOnlyTheEndIsAskedFor()
    {
        ReadRecovery recovery(requestOf(2));
        std::ignore = recovery.newOf(batchOf({10, 20}));
        std::ignore = recovery.whole(reportOf(2, 21));
        const ReadRequest request = recovery.goOn();
        QCOMPARE(request.ranges.front().from, request.ranges.front().to);
    }

    void whatATailDroppedIsNotWaitedFor()
    {
        ReadRecovery recovery(requestOf());
        std::ignore = recovery.newOf(batchOf({10}));
        ReadReport report = reportOf(3, 100);
        report.dropped = 2;
        std::ignore = recovery.whole(report);
        QCOMPARE(recovery.goOn().ranges.front().from, qint64(100));
    }

    void whatWasLeftOutStaysSaid()
    {
        ReadRecovery recovery(requestOf());
        ReadReport report = reportOf(0, 100);
        report.leftOut = {{u"orders"_qs, 0, 50, 51, u"exceeds the limit"_qs}, {u"orders"_qs, 1, 7, std::nullopt, u"exceeds the limit"_qs}};
        std::ignore = recovery.whole(report);
        std::ignore = recovery.goOn();
        ReadReport next = reportOf(0, 1000, 100);
        next.leftOut = {{u"orders"_qs, 1, 7, 9, u"exceeds the limit"_qs}}; // known better
        const ReadReport whole = recovery.whole(next);
        QCOMPARE(whole.leftOut, (std::vector<LeftOutRange>{report.leftOut.front(), next.leftOut.front()}));
    }

    void whatWasNotReadAtAllStaysSaid()
    {
        ReadRecovery recovery(requestOf());
        ReadReport report = reportOf(0, 100);
        report.unread = Error{ErrorCode::Incomplete, u"partition 1 has no leader"_qs, {}, true};
        std::ignore = recovery.whole(report);
        QCOMPARE(recovery.goOn().ranges.size(), size_t(1)); // the next one is not asked for it
        const ReadReport whole = recovery.whole(reportOf(0, 1000, 100));
        QCOMPARE(whole.unread, report.unread);
        QCOMPARE(whyIncomplete(whole), report.unread);
    }
};

QTEST_GUILESS_MAIN(TestReadRecovery)
#include "tst_read_recovery.moc"
