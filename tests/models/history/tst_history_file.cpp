// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/history/history_file.h"

#include <QTemporaryDir>
#include <QTest>

#include <cmath>

using namespace models::history;
using connectors::EpochMs;

namespace {
constexpr EpochMs Begin = 1'790'000'000'000;
constexpr EpochMs Poll = 10'000;
const QString Payments = QStringLiteral("payments");
}

class TestHistoryFile final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m_file = *HistoryFile::open({}); }

    void lagIsTheSumOfThePartitionsAtEachPoll()
    {
        record(0, {90, 40}, 100);
        record(1, {100, 100}, 100);
        const auto series = m_file->query({SampleKind::Consumer, Payments, false, Begin, Begin + 10 * Poll, 100});
        QVERIFY(series);
        const auto &points = series->at({});
        QCOMPARE(points, (std::vector<SeriesPoint>{{Begin, 70}, {Begin + Poll, 0}}));
    }

    void whatWasNotWatchedIsAGap()
    {
        record(0, {90, 40}, 100);
        record(100, {90, 40}, 100);
        const auto series = m_file->query({SampleKind::Consumer, Payments, false, Begin, Begin + 101 * Poll, 100});
        const auto &points = series->at({});
        QCOMPARE(points.size(), size_t(3));
        QVERIFY(std::isnan(points[1].value));
    }

    void aFileIsReadAgain()
    {
        const QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("deep/in/history.db"));
        m_file = *HistoryFile::open(path);
        record(0, {0, 0}, 100);
        record(1, {50, 50}, 100);
        m_file = *HistoryFile::open(path);
        QCOMPARE(rate(), std::optional<double>(10.0));
    }

    void theRateIsThatOfAllPartitionsTogether()
    {
        QCOMPARE(rate(), std::nullopt);
        record(0, {0, 0}, 1000);
        record(1, {0, 0}, 1000);
        QCOMPARE(rate(), std::nullopt); // it was never seen moving
        record(2, {100, 200}, 1000);
        QCOMPARE(rate(), std::optional<double>(30.0));
    }

    void oneJumpIsNotARate()
    {
        for (int i = 0; i <= 10; ++i)
            record(i, {i * 100, i * 100}, 1'000'000);
        record(11, {900'000, 900'000}, 1'000'000); // a reset to the end
        QCOMPARE(rate(), std::optional<double>(20.0));
    }

    void whatGoesBackOrWasNotWatchedDoesNotCount()
    {
        record(0, {500, 500}, 1000);
        record(1, {100, 100}, 1000);
        record(100, {900, 900}, 1000); // fifteen minutes later
        QCOMPARE(rate(), std::nullopt);
    }

private:
    void record(int poll, const std::vector<qint64> &checkpoints, qint64 end)
    {
        PollSamples samples;
        samples.time = Begin + poll * Poll;
        int partition = 0;
        for (const qint64 checkpoint : checkpoints)
            samples.samples.push_back({Payments, QStringLiteral("orders"), partition++, checkpoint, 0, end, {}});
        if (const auto recorded = m_file->record(samples); !recorded)
            qFatal("%s", qPrintable(connectors::describe(recorded.error())));
    }

    std::optional<double> rate() { return *m_file->readingRate(Payments, Begin, Begin + 200 * Poll); }

    std::unique_ptr<HistoryFile> m_file;
};

QTEST_GUILESS_MAIN(TestHistoryFile)
#include "tst_history_file.moc"
