// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/event/event_table_model.h"
#include "tests/models/event/event_batches.h"
#include "tests/support/qt_warnings_fail.h"

#include <QAbstractItemModelTester>
#include <QDeadlineTimer>
#include <QSignalSpy>
#include <QTest>
#include <QThread>

#include <algorithm>
#include <numeric>
#include <random>

using namespace models::event;
using models::job::JobState;
using Kind = EventColumn::Kind;

namespace {

constexpr int Many = 210'000; // four chunks, and enough for a job

/// Times and sizes that repeat, go far into the past and are missing; texts that are UUIDs, share their beginning, are long or missing.
connectors::EventBatchPtr mixedEvents(int count)
{
    std::minstd_rand random(4711);
    connectors::EventBatchBuilder builder;
    const auto slice = [&builder](const QByteArray &text) { return text.isNull() ? connectors::Slice() : builder.addBytes({text.constData(), static_cast<size_t>(text.size())}); };
    const auto text = [&random]() -> QByteArray {
        const QByteArray number = QByteArray::number(static_cast<uint>(random() % 5000));
        switch (random() % 6) {
        case 0: return {};
        case 1: return "0000" + number.rightJustified(4, '0') + "-0000-4000-8000-000000000000";
        case 2: return "00001-no-uuid-" + number;
        case 3: return QByteArray(300, 'x') + number;
        default: return "order-" + number;
        }
    };
    for (int i = 0; i < count; ++i) {
        connectors::EventRecord record;
        record.stream = builder.internStream(random() % 3 == 0 ? QStringLiteral("zoo") : QStringLiteral("orders"));
        record.partition = static_cast<qint32>(random() % 7);
        record.position = i;
        record.time = random() % 50 == 0 ? -static_cast<qint64>(random()) * 1000 : 1'700'000'000'000 + static_cast<qint64>(random() % 20'000);
        record.size = random() % 10 == 0 ? -1 : static_cast<qint64>(random() % 400);
        record.eventType = slice("Type" + QByteArray::number(static_cast<uint>(random() % 40)));
        record.aggregateId = slice(text());
        record.correlationId = slice(text());
        builder.add(record);
    }
    return builder.take();
}

/// What a row is sorted by, as something that compares by itself: numbers first, then the text.
std::pair<qint64, std::string> keyOf(const EventList &list, qint64 sequence, Kind kind)
{
    const EventEntry entry = list.entry(sequence);
    switch (kind) {
    case Kind::Time: return {entry.time, {}};
    case Kind::Position: return {entry.position, {}};
    case Kind::Partition: return {entry.partition, {}};
    case Kind::Size: return {entry.size == connectors::Slice::NullLength ? -1 : qint64{entry.size}, {}};
    case Kind::Stream: return {0, list.stream(entry).toStdString()};
    case Kind::Type: return {0, list.type(entry).toStdString()};
    case Kind::Aggregate: return {0, list.aggregate(entry).toStdString()};
    default: return {0, list.correlation(entry).toStdString()};
    }
}

std::vector<qint64> sequencesOf(const EventTableModel &model)
{
    std::vector<qint64> sequences;
    for (int row = 0; row < model.rowCount(); ++row)
        sequences.push_back(model.sequenceOf(row));
    return sequences;
}

std::vector<qint64> expectedOrder(const EventList &list, std::vector<qint64> sequences, Kind kind, Qt::SortOrder order)
{
    std::vector<std::pair<std::pair<qint64, std::string>, qint64>> keyed;
    for (const qint64 sequence : sequences)
        keyed.emplace_back(keyOf(list, sequence, kind), sequence);
    std::stable_sort(keyed.begin(), keyed.end(), [order](const auto &a, const auto &b) { return order == Qt::AscendingOrder ? a.first < b.first : b.first < a.first; });
    std::transform(keyed.cbegin(), keyed.cend(), sequences.begin(), [](const auto &each) { return each.second; });
    return sequences;
}

} // namespace

class TestEventSorting final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_warningsFail.emplace();
        m_jobs = std::make_unique<models::job::JobList>();
        m_model = std::make_unique<EventTableModel>();
        m_model->setJobs(m_jobs.get());
    }

    void cleanup()
    {
        m_model.reset();
        m_jobs.reset();
        m_warningsFail.reset();
    }

    void theOrderIsThatOfAStableSort_data()
    {
        QTest::addColumn<Kind>("kind");
        for (const Kind kind : {Kind::Time, Kind::Stream, Kind::Partition, Kind::Position, Kind::Type, Kind::Aggregate, Kind::Correlation, Kind::Size})
            QTest::newRow(EventColumn{kind, {}}.key().toLatin1().constData()) << kind;
    }

    void theOrderIsThatOfAStableSort()
    {
        QFETCH(Kind, kind);
        m_model->append(mixedEvents(12'000));
        m_model->announce();
        std::vector<qint64> expected = sequencesOf(*m_model);
        for (const Qt::SortOrder order : {Qt::DescendingOrder, Qt::AscendingOrder}) {
            expected = expectedOrder(m_model->list(), expected, kind, order);
            sort(kind, order);
            QCOMPARE(m_model->order(), std::optional(EventOrder{kind, order}));
            QVERIFY(sequencesOf(*m_model) == expected);
        }
        m_model->sortBy(std::nullopt, Qt::AscendingOrder);
        std::iota(expected.begin(), expected.end(), 0);
        QVERIFY(sequencesOf(*m_model) == expected);
        QVERIFY(!m_model->order());
    }

    void theOldOrderIsShownUntilAnotherThreadHasMadeTheNewOne()
    {
        m_model->append(mixedEvents(Many));
        m_model->announce();
        const std::vector<qint64> before = sequencesOf(*m_model);
        QSignalSpy sorted(m_model.get(), &EventTableModel::sorted);
        m_model->sortBy(Kind::Correlation, Qt::AscendingOrder);
        QCOMPARE(m_jobs->runningCount(), 1);
        // This thread handles no event meanwhile, so that nothing is done by it.
        const models::job::Job &job = *m_jobs->jobs().front();
        for (const QDeadlineTimer bound(60'000); (job.total() < 0 || job.done() != job.total()) && !bound.hasExpired();)
            QThread::yieldCurrentThread();
        QCOMPARE(job.done(), job.total());
        QVERIFY(m_model->isSorting());
        QVERIFY(sequencesOf(*m_model) == before);
        QTRY_COMPARE_WITH_TIMEOUT(sorted.size(), 1, 60'000);
        QVERIFY(sequencesOf(*m_model) == expectedOrder(m_model->list(), before, Kind::Correlation, Qt::AscendingOrder));
        QCOMPARE(job.state(), JobState::Succeeded);
    }

    void aCancelLeavesTheOldOrder()
    {
        m_model->append(mixedEvents(Many));
        m_model->announce();
        sort(Kind::Size, Qt::AscendingOrder);
        const std::vector<qint64> before = sequencesOf(*m_model);
        QSignalSpy sorted(m_model.get(), &EventTableModel::sorted);
        QSignalSpy cancelled(m_model.get(), &EventTableModel::sortCancelled);
        m_model->sortBy(Kind::Aggregate, Qt::AscendingOrder);
        m_jobs->jobs().back()->cancel();
        QTRY_COMPARE_WITH_TIMEOUT(cancelled.size(), 1, 60'000);
        QCOMPARE(m_jobs->jobs().back()->state(), JobState::Cancelled);
        QCOMPARE(sorted.size(), 0);
        QVERIFY(sequencesOf(*m_model) == before);
        QCOMPARE(m_model->order()->kind, Kind::Size);
    }

    void whatCameMeanwhileIsSortedInToo()
    {
        const QAbstractItemModelTester tester(m_model.get(), QAbstractItemModelTester::FailureReportingMode::QtTest);
        m_model->append(tests::orderEvents(0, 1000));
        m_model->announce();
        QSignalSpy sorted(m_model.get(), &EventTableModel::sorted);
        m_model->sortBy(Kind::Type, Qt::DescendingOrder);
        m_model->append(tests::orderEvents(1000, 100));
        m_model->announce();
        QTRY_COMPARE(sorted.size(), 1);
        QCOMPARE(m_model->sequenceOf(1000), 1000); // behind, until they are sorted in
        QTRY_COMPARE_WITH_TIMEOUT(sorted.size(), 2, 30'000);
        std::vector<qint64> all(1100);
        std::iota(all.begin(), all.end(), 0);
        QVERIFY(sequencesOf(*m_model) == expectedOrder(m_model->list(), all, Kind::Type, Qt::DescendingOrder));
        m_model->append(tests::orderEvents(1100, 10));
        m_model->announce();
        QTRY_COMPARE_WITH_TIMEOUT(m_model->sequenceOf(110), 1109, 30'000); // the last of the PaymentFailed
    }

    void whatIsSelectedStaysWithItsEvents()
    {
        m_model->append(mixedEvents(1000));
        m_model->announce();
        std::vector<QPersistentModelIndex> selected;
        for (int row = 0; row < 1000; row += 7)
            selected.emplace_back(m_model->index(row, row % 3));
        sort(Kind::Aggregate, Qt::AscendingOrder);
        for (size_t i = 0; i < selected.size(); ++i) {
            QCOMPARE(selected[i].data(EventTableModel::SequenceRole).toLongLong(), static_cast<qint64>(i * 7));
            QCOMPARE(selected[i].column(), static_cast<int>(i * 7 % 3));
        }
    }

    void aTableThatIsEmptiedOrFullEndsTheSorting()
    {
        m_model = std::make_unique<EventTableModel>(EventList::ChunkEvents * 2);
        m_model->append(tests::orderEvents(0, EventList::ChunkEvents * 2));
        m_model->announce();
        QSignalSpy sorted(m_model.get(), &EventTableModel::sorted);
        m_model->sortBy(Kind::Size, Qt::DescendingOrder);
        m_model->append(tests::orderEvents(EventList::ChunkEvents * 2, 10)); // the oldest chunk goes
        m_model->announce();
        QVERIFY(!m_model->isSorting());
        QCOMPARE(m_model->sequenceOf(0), EventList::ChunkEvents);
        m_model->sortBy(Kind::Size, Qt::DescendingOrder);
        m_model->reset(nullptr);
        QVERIFY(!m_model->isSorting());
        QCOMPARE(m_model->rowCount(), 0);
        m_model->append(tests::orderEvents(0, 10));
        m_model->announce();
        sorted.clear();
        sort(Kind::Position, Qt::DescendingOrder);
        QCOMPARE(m_model->sequenceOf(0), 9);
        QCOMPARE(sorted.size(), 1); // that of the table that is no more was dropped
    }

private:
    void sort(Kind kind, Qt::SortOrder order)
    {
        QSignalSpy sorted(m_model.get(), &EventTableModel::sorted);
        m_model->sortBy(kind, order);
        QVERIFY(sorted.isEmpty());
        QTRY_COMPARE_WITH_TIMEOUT(sorted.size(), 1, 60'000);
    }

    std::optional<tests::QtWarningsFail> m_warningsFail;
    std::unique_ptr<models::job::JobList> m_jobs;
    std::unique_ptr<EventTableModel> m_model;
};

QTEST_GUILESS_MAIN(TestEventSorting)
#include "tst_event_sorting.moc"
