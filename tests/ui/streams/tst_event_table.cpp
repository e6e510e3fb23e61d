// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/models/event/event_batches.h"
#include "tests/support/qt_warnings_fail.h"
#include "ui/streams/event_table.h"

#include <QHeaderView>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTest>

using models::event::EventTableModel;
using ui::streams::EventTable;
using Kind = models::event::EventColumn::Kind;

class TestEventTable final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_warningsFail.emplace();
        m_jobs = std::make_unique<models::job::JobList>();
        m_model = std::make_unique<EventTableModel>();
        m_model->setJobs(m_jobs.get());
        m_table = std::make_unique<EventTable>(m_model.get());
        connect(m_table.get(), &EventTable::sortRequested, m_model.get(), &EventTableModel::sortBy);
        m_table->resize(800, 400);
        m_table->show();
        m_model->append(tests::orderEvents(0, 30'000));
        m_model->announce();
    }

    void cleanup()
    {
        m_table.reset();
        m_model.reset();
        m_jobs.reset();
        m_warningsFail.reset();
    }

    void theCurrentEventAndTheSelectionAreSeenAfterSorting()
    {
        m_table->setCurrentSequence(29'000);
        m_table->selectionModel()->select(m_model->index(5, 0), QItemSelectionModel::Select | QItemSelectionModel::Rows);
        click(Kind::Position);
        click(Kind::Position); // down
        QCOMPARE(m_table->currentIndex().row(), 999);
        QVERIFY(m_table->viewport()->rect().contains(m_table->visualRect(m_table->currentIndex())));
        QCOMPARE(selectedSequences(), (std::vector<qint64>{29'000, 5}));
        click(Kind::Position); // as read
        QCOMPARE(selectedSequences(), (std::vector<qint64>{5, 29'000}));
        QVERIFY(!m_table->horizontalHeader()->isSortIndicatorShown());
    }

    void theWordsOfWhatNobodyCanReadGoOnOverTheNextColumns()
    {
        m_model->reset(nullptr);
        connectors::EventBatchBuilder builder;
        connectors::EventRecord record;
        record.stream = builder.internStream(QStringLiteral("orders"));
        record.format = connectors::BodyFormat::LeftOut;
        record.eventType = builder.addBytes("exceeds the limit (takes more than 1.00 GiB to read)");
        builder.add(record);
        m_model->append(builder.take());
        m_model->announce();
        int column = 0;
        while (m_model->columns()[static_cast<size_t>(column)].kind != Kind::Type)
            ++column;
        m_table->setColumnWidth(column, 80); // too narrow for them
        const QRect next = m_table->visualRect(m_model->index(0, column + 1));
        const QImage image = m_table->viewport()->grab(next).toImage();
        int red = 0;
        for (int y = 0; y < image.height(); ++y)
            for (int x = 0; x < image.width(); ++x)
                red += qRed(image.pixel(x, y)) > qGreen(image.pixel(x, y)) + 60 ? 1 : 0;
        QVERIFY2(red > 20, qPrintable(QString::number(red)));
    }

    void allStaySelectedAndOfVeryManyTheCurrentOne()
    {
        m_table->selectAll();
        click(Kind::Size);
        QCOMPARE(std::ssize(selectedSequences()), 30'000);
        m_table->setCurrentSequence(7);
        m_table->selectionModel()->select({m_model->index(0, 0), m_model->index(20'000, 0)}, QItemSelectionModel::Select | QItemSelectionModel::Rows);
        click(Kind::Time);
        QCOMPARE(selectedSequences(), (std::vector<qint64>{7}));
    }

    void allThatWereSelectedInPiecesStaySelected()
    {
        m_table->selectionModel()->select({m_model->index(0, 0), m_model->index(19'999, 0)}, QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
        m_table->selectionModel()->select({m_model->index(20'000, 0), m_model->index(29'999, 0)}, QItemSelectionModel::Select | QItemSelectionModel::Rows);
        QCOMPARE(m_table->selectedRows(), (std::vector<models::event::RowSpan>{{0, 29'999}}));
        click(Kind::Size);
        QCOMPARE(m_table->selectionModel()->selection().size(), 1); // not one for each row
        QCOMPARE(m_table->selectedRows(), (std::vector<models::event::RowSpan>{{0, 29'999}}));
    }

    void theHeadSaysTheOrderThatIsShownAfterACancel()
    {
        m_model->append(tests::orderEvents(30'000, 200'000));
        m_model->announce();
        click(Kind::Position);
        QSignalSpy cancelled(m_model.get(), &EventTableModel::sortCancelled);
        clickOnly(Kind::Type);
        QCOMPARE(m_table->horizontalHeader()->sortIndicatorSection(), columnOf(Kind::Type));
        m_jobs->jobs().back()->cancel();
        QTRY_COMPARE_WITH_TIMEOUT(cancelled.size(), 1, 30'000);
        QVERIFY(m_table->horizontalHeader()->isSortIndicatorShown());
        QCOMPARE(m_table->horizontalHeader()->sortIndicatorSection(), columnOf(Kind::Position));
    }

private:
    int columnOf(Kind kind) const
    {
        const auto &columns = m_model->columns();
        return static_cast<int>(std::find_if(columns.cbegin(), columns.cend(), [kind](const auto &column) { return column.kind == kind; }) - columns.cbegin());
    }
    std::vector<qint64> selectedSequences() const
    {
        std::vector<qint64> sequences;
        for (const models::event::RowSpan &span : m_table->selectedRows())
            for (int row = span.first; row <= span.last; ++row)
                sequences.push_back(m_model->sequenceOf(row));
        return sequences;
    }
    /// The sorting is under way then, and its end cannot be heard before the event loop runs.
    void clickOnly(Kind kind)
    {
        const QHeaderView *header = m_table->horizontalHeader();
        const int x = header->sectionViewportPosition(columnOf(kind)) + 10;
        QTest::mouseClick(header->viewport(), Qt::LeftButton, {}, QPoint(x, header->height() / 2));
    }
    void click(Kind kind)
    {
        QSignalSpy sorted(m_model.get(), &EventTableModel::sorted);
        clickOnly(kind);
        QTRY_COMPARE_WITH_TIMEOUT(sorted.size(), 1, 30'000);
    }

    std::optional<tests::QtWarningsFail> m_warningsFail;
    std::unique_ptr<models::job::JobList> m_jobs;
    std::unique_ptr<EventTableModel> m_model;
    std::unique_ptr<EventTable> m_table;
};

QTEST_MAIN(TestEventTable)
#include "tst_event_table.moc"
