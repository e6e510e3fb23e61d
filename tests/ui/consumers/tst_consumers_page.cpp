// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/fake_consumer_connector.h"
#include "tests/support/fake_event_connector.h"
#include "tests/support/fake_dead_letter_connector.h"
#include "tests/support/qt_warnings_fail.h"
#include "ui/consumers/consumer_table_model.h"
#include "ui/consumers/consumers_page.h"
#include "ui/consumers/partition_table_model.h"
#include "ui/widgets/sparkline_delegate.h"
#include "ui/widgets/state_view.h"

#include <QAbstractItemModelTester>
#include <QClipboard>
#include <QDeadlineTimer>
#include <QGuiApplication>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QSignalSpy>
#include <QTableView>
#include <QTest>
#include <QToolButton>

using namespace connectors;
using tests::FakeConsumerConnector;
using ui::consumers::ConsumersPage;
using ui::consumers::ConsumerTableModel;
using ui::consumers::PartitionTableModel;

namespace {
const QString Hostile = QStringLiteral("<b>x</b><img src=file:///dev/zero>\u202Egnp");

/// Has an OrderPlaced at every position, unless it is down.
class CheckpointReader final : public EventReader
{
public:
    bool isDown = false;
    int reads = 0;

    EventChannelPtr read(ReadRequest request) override
    {
        ++reads;
        auto channel = std::make_shared<EventChannel>();
        EventBatchBuilder builder;
        EventRecord record;
        record.stream = builder.internStream(request.ranges.front().stream);
        record.position = request.ranges.front().from;
        record.eventType = builder.addBytes("OrderPlaced");
        builder.add(record);
        if (!isDown)
            channel->push(builder.take());
        channel->finish(isDown ? Result<ReadReport>(failure(ErrorCode::TimedOut, QStringLiteral("no answer"))) : ReadReport());
        return channel;
    }
    QFuture<Result<EventBatchPtr>> fetch(std::vector<EventAddress>, qint64, std::stop_token) override { return {}; }
    QFuture<Result<EventPage>> fetchPage(PageRequest, std::stop_token) override { return {}; }
};
}

class TestConsumersPage final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_warningsFail = std::make_unique<tests::QtWarningsFail>();
        m_fake = std::make_shared<FakeConsumerConnector>();
        m_workspace = std::make_unique<models::connection::Workspace>(m_opener);
        m_history = std::make_unique<models::history::History>(QString());
        m_page = std::make_unique<ConsumersPage>(*m_workspace, *m_history);
        m_page->resize(1100, 700);
        m_page->show();
    }

    void cleanup()
    {
        m_page.reset();
        m_workspace.reset();
        m_history.reset();
        m_warningsFail.reset();
    }

    void everyConsumerHasARowWithItsStateInWordsAndTheWorstFirst()
    {
        fill();
        const QAbstractItemModelTester tester(table()->model(), QAbstractItemModelTester::FailureReportingMode::Warning);
        QCOMPARE(column(ConsumerTableModel::ConsumerColumn), (QStringList{QStringLiteral("stopped"), QStringLiteral("busy"), QStringLiteral("quiet")}));
        QCOMPARE(column(ConsumerTableModel::StateColumn), (QStringList{QStringLiteral("STOPPED, no members"), QStringLiteral("lagging"), QStringLiteral("caught up")}));
        QCOMPARE(column(ConsumerTableModel::LagColumn), (QStringList{QStringLiteral("90"), QStringLiteral("30"), QStringLiteral("0")}));
        QCOMPARE(column(ConsumerTableModel::MembersColumn), (QStringList{QStringLiteral("0"), QStringLiteral("1"), QStringLiteral("1")}));
        QTRY_COMPARE(m_page->attentionCount(), 1);
        ConnectionSpec same;
        same.name = QStringLiteral("the same under another name");
        m_workspace->add(same, m_fake);
        QTRY_COMPARE(table()->model()->rowCount(), 6);
        QTRY_COMPARE(m_page->attentionCount(), 1);
        QVERIFY(table()->model()->index(0, ConsumerTableModel::TrendColumn).data(ui::widgets::SparklineDelegate::ValuesRole).isValid());
    }

    void theChosenRowKeepsTheColourOfItsState()
    {
        fill();
        table()->selectRow(0);
        const QModelIndex state = table()->model()->index(0, ConsumerTableModel::StateColumn);
        // Painted onto the selection's ground, somewhere the words are in the state's own colour.
        const QImage picture = table()->viewport()->grab(table()->visualRect(state)).toImage();
        const QColor ink = state.data(Qt::ForegroundRole).value<QColor>();
        bool isFound = false;
        for (int y = 0; y < picture.height(); ++y)
            for (int x = 28; x < picture.width(); ++x) // beside the icon
                isFound = isFound || picture.pixelColor(x, y) == ink;
        QVERIFY(isFound);
    }

    void aClickOnAHeaderSorts()
    {
        fill();
        QHeaderView *header = table()->horizontalHeader();
        QTest::mouseClick(header->viewport(), Qt::LeftButton, {}, QPoint(header->sectionViewportPosition(ConsumerTableModel::ConsumerColumn) + 12, header->height() / 2));
        QStringList names = column(ConsumerTableModel::ConsumerColumn);
        QStringList sorted = names;
        std::sort(sorted.begin(), sorted.end());
        if (table()->horizontalHeader()->sortIndicatorOrder() == Qt::DescendingOrder)
            std::reverse(sorted.begin(), sorted.end());
        QCOMPARE(names, sorted);
    }

    void howLongTheOldestEventHasWaitedIsReadFromTheEventItself()
    {
        tests::FakeEventConnector events(QStringLiteral("shop"));
        m_fake->reader = &events;
        for (int i = 0; i < 100; ++i)
            events.add(QStringLiteral("orders"), {QStringLiteral("e-%1").arg(i), QStringLiteral("OrderPlaced"), {}, {}, {}, {}});
        fill();
        const QModelIndex timeLag = table()->model()->index(1, ConsumerTableModel::TimeLagColumn);
        QTRY_VERIFY(timeLag.data().toString() != QStringLiteral("–"));
        QVERIFY2(!timeLag.data().toString().contains(u'≈'), qPrintable(timeLag.data().toString()));
    }

    void theFilterShowsWhatMatchesAndCounts()
    {
        fill();
        QTest::keyClicks(find<QLineEdit>("consumer-filter"), QStringLiteral("QUI"));
        QCOMPARE(table()->model()->rowCount(), 1);
        QCOMPARE(find<QLabel>("consumer-count")->text(), QStringLiteral("1 of 3"));
    }

    void theWorstIsOpenedAndItsPartitionsAreShown()
    {
        fill();
        QTRY_COMPARE(find<QLabel>("consumer-name")->text(), QStringLiteral("stopped"));
        QCOMPARE(find<QLabel>("consumer-state")->text(), QStringLiteral("STOPPED, no members"));
        QVERIFY(find<QLabel>("consumer-facts")->text().contains(QStringLiteral("lag 90")));
        auto *partitions = find<QTableView>("partition-table");
        QTRY_COMPARE(partitions->model()->rowCount(), 2);
        const QAbstractItemModelTester tester(partitions->model(), QAbstractItemModelTester::FailureReportingMode::Warning);
        QCOMPARE(partitions->model()->index(0, PartitionTableModel::LagColumn).data().toString(), QStringLiteral("60"));
        QCOMPARE(partitions->model()->index(0, PartitionTableModel::BarColumn).data(PartitionTableModel::CheckpointRole), QVariant(40));
        table()->selectRow(1);
        QTRY_COMPARE(partitions->model()->index(0, PartitionTableModel::MemberColumn).data().toString(), QStringLiteral("pod-1"));
    }

    void resetLeadsToTheWizard()
    {
        fill();
        QSignalSpy places(m_page.get(), &ConsumersPage::placeRequested);
        QTRY_VERIFY(find<QPushButton>("consumer-reset")->isVisible());
        QTest::mouseClick(find<QPushButton>("consumer-reset"), Qt::LeftButton);
        QCOMPARE(places.size(), 1);
        QCOMPARE(places[0][0].value<ui::frame::Place>(), (ui::frame::Place{QStringLiteral("replay"), QStringLiteral("shop"), QStringLiteral("stopped"), {}}));
    }

    void aResetThatIsNotPossibleSaysWhy()
    {
        m_fake->whyNoReset = QStringLiteral("This <b>system</b> keeps no checkpoints.");
        fill();
        QTRY_VERIFY(find<QPushButton>("consumer-reset")->isVisible());
        QVERIFY(!find<QPushButton>("consumer-reset")->isEnabled());
        QVERIFY(find<QPushButton>("consumer-reset")->toolTip().contains(QStringLiteral("&lt;b&gt;")));
    }

    void theCountIsKeptWhileAnotherPageIsShown()
    {
        m_page->hide();
        m_fake->add(QStringLiteral("stopped"), ConsumerActivity::Empty, {10}, 100);
        ConnectionSpec shop;
        shop.name = QStringLiteral("shop");
        m_workspace->add(shop, m_fake);
        QTRY_COMPARE(m_page->attentionCount(), 1);
    }

    void theEventOfAMovingConsumerStaysUntilTheNextIsRead()
    {
        PartitionTableModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::Warning);
        const auto standAt = [&model](qint64 checkpoint) {
            ConsumerState state;
            state.summary.consumer = QStringLiteral("payments");
            ConsumerPosition position;
            position.stream = QStringLiteral("orders");
            position.checkpoint = checkpoint;
            position.start = 0;
            position.end = position.safeHead = 100;
            state.positions = {position};
            model.setConsumer(models::lag::consumerLag(state), {}, checkpoint, 0);
        };
        const auto shown = [&model] { return model.index(0, PartitionTableModel::EventColumn).data().toString(); };
        standAt(10);
        model.setEvents({{QStringLiteral("orders"), {QStringLiteral("orders"), 0, 10}, NoNumber, QStringLiteral("OrderPlaced"), {}, {}, 5}});
        standAt(20);
        QCOMPARE(shown(), QStringLiteral("OrderPlaced"));
        model.setEvents({{QStringLiteral("orders"), {QStringLiteral("orders"), 0, 20}, NoNumber, QStringLiteral("OrderShipped"), {}, {}, 5}});
        QCOMPARE(shown(), QStringLiteral("OrderShipped"));
        standAt(30);
        model.setEvents({}); // nothing could be read
        QCOMPARE(shown(), QString());
        model.setEvents({{QStringLiteral("orders"), {QStringLiteral("orders"), 0, 30}, NoNumber, QStringLiteral("OrderPlaced"), {}, {}, 5}});
        standAt(100);
        QCOMPARE(shown(), QStringLiteral("–"));
    }

    void ratesOfAPartitionStayWhereTheNextAnswerComesTooSoon()
    {
        PartitionTableModel model;
        const auto standAt = [&model](qint64 checkpoint, connectors::EpochMs time) {
            ConsumerState state;
            state.summary.consumer = QStringLiteral("payments");
            ConsumerPosition position;
            position.stream = QStringLiteral("orders");
            position.start = 0;
            position.checkpoint = checkpoint;
            position.end = position.safeHead = 1'000;
            state.positions = {position};
            model.setConsumer(models::lag::consumerLag(state), {}, time, 8'000);
            return model.index(0, PartitionTableModel::OutColumn).data().toString();
        };
        QCOMPARE(standAt(100, 1'000), QStringLiteral("–"));
        QCOMPARE(standAt(100, 2'000), QStringLiteral("–"));
        QCOMPARE(standAt(500, 11'000), QStringLiteral("40"));
        QCOMPARE(standAt(500, 11'500), QStringLiteral("40"));
        QCOMPARE(standAt(600, 21'000), QStringLiteral("10"));
    }

    void anEmptyPartitionSaysSoInsteadOfABar()
    {
        PartitionTableModel model;
        const auto bar = [&model](qint64 start, std::optional<qint64> checkpoint, qint64 end) {
            ConsumerState state;
            state.summary.consumer = QStringLiteral("payments");
            ConsumerPosition position;
            position.stream = QStringLiteral("orders");
            position.start = start;
            position.checkpoint = checkpoint;
            position.end = end;
            state.positions = {position};
            model.setConsumer(models::lag::consumerLag(state), {}, 0, 0);
            return model.index(0, PartitionTableModel::BarColumn).data().toString();
        };
        QCOMPARE(bar(0, 0, 0), QStringLiteral("no events"));
        QCOMPARE(bar(7, std::nullopt, 7), QStringLiteral("no events"));
        QCOMPARE(bar(0, 0, 1), QString());
        QCOMPARE(bar(7, 3, 7), QString()); // what was lost is drawn
    }

    void theEventAtTheCheckpointIsReadAgainAfterAnOutage()
    {
        CheckpointReader reader;
        m_fake->reader = &reader;
        reader.isDown = true;
        m_fake->add(QStringLiteral("stopped"), ConsumerActivity::Empty, {40}, 100);
        add();
        const QAbstractItemModel *partitions = find<QTableView>("partition-table")->model();
        const auto shown = [partitions] { return partitions->index(0, PartitionTableModel::EventColumn).data().toString(); };
        QTRY_VERIFY(reader.reads > 0);
        QCOMPARE(shown(), QString());
        reader.isDown = false;
        for (const QDeadlineTimer bound(20'000); shown().isEmpty() && !bound.hasExpired();) {
            m_workspace->refresh();
            QTest::qWait(150); // one poll after the other, each seen
        }
        QCOMPARE(shown(), QStringLiteral("OrderPlaced"));
        m_fake->error = Error{ErrorCode::TimedOut, QStringLiteral("no answer"), {}, true};
        m_workspace->refresh();
        QTRY_COMPARE(find<QLabel>("consumer-state")->text(), QStringLiteral("unknown"));
        QCOMPARE(shown(), QStringLiteral("OrderPlaced")); // where it stood last
        m_fake->error.reset();
        m_workspace->refresh();
        QTRY_COMPARE(find<QLabel>("consumer-state")->text(), QStringLiteral("STOPPED, no members"));
        QCOMPARE(shown(), QStringLiteral("OrderPlaced"));
    }

    void hostileNamesStayPlainText()
    {
        m_fake->add(Hostile, ConsumerActivity::Empty, {10}, 100);
        add();
        QTRY_COMPARE(table()->model()->rowCount(), 1);
        const QModelIndex name = table()->model()->index(0, ConsumerTableModel::ConsumerColumn);
        QVERIFY(name.data().toString().startsWith(QStringLiteral("<b>x</b>")));
        QVERIFY(!name.data().toString().contains(QChar(0x202E)));
        QVERIFY(name.data(Qt::ToolTipRole).toString().contains(QStringLiteral("&lt;b&gt;")));
        QTRY_VERIFY(find<QLabel>("consumer-name")->text().startsWith(QStringLiteral("<b>x</b>")));
        for (const QLabel *label : m_page->findChildren<QLabel *>())
            QVERIFY2(label->textFormat() == Qt::PlainText || !label->text().contains(QStringLiteral("<b>")), qPrintable(label->objectName()));
    }

    void aConsumerCanBeCopiedAsACommandAndALink()
    {
        m_fake->add(QStringLiteral("it's"), ConsumerActivity::Empty, {10}, 100);
        add();
        QTRY_COMPARE(find<QLabel>("consumer-name")->text(), QStringLiteral("it's"));
        const QList<QAction *> actions = find<QToolButton>("consumer-copy")->menu()->actions();
        actions.at(1)->trigger();
        QCOMPARE(QGuiApplication::clipboard()->text(), QStringLiteral("streamgaugectl lag 'shop' --group 'it'\\''s'"));
        actions.at(2)->trigger();
        QCOMPARE(QGuiApplication::clipboard()->text(), QStringLiteral("streamgauge://shop/consumers/it%27s"));
    }

    void aFailureKeepsWhatWasKnownAndSaysHowOldItIs()
    {
        fill();
        m_fake->error = Error{ErrorCode::TimedOut, QStringLiteral("no answer"), {}, true};
        m_workspace->refresh();
        QTRY_VERIFY(column(ConsumerTableModel::StateColumn).first().startsWith(QStringLiteral("unknown for")));
        QCOMPARE(table()->model()->rowCount(), 3);
        // Never a number that is no longer true, nor the mark of a state that is not known.
        QCOMPARE(column(ConsumerTableModel::LagColumn), QStringList(3, QStringLiteral("?")));
        QCOMPARE(column(ConsumerTableModel::TimeLagColumn), QStringList(3, QStringLiteral("?")));
        QCOMPARE(column(ConsumerTableModel::RateColumn), QStringList(3, QStringLiteral("?")));
        QCOMPARE(find<QLabel>("consumer-state")->text(), QStringLiteral("unknown"));
        const QAbstractItemModel *partitions = find<QTableView>("partition-table")->model();
        for (int row = 0; row < partitions->rowCount(); ++row)
            for (const auto &[each, words] : {std::pair(PartitionTableModel::StateColumn, "unknown"), std::pair(PartitionTableModel::LagColumn, "?"),
                                              std::pair(PartitionTableModel::InColumn, "?"), std::pair(PartitionTableModel::OutColumn, "?")})
                QCOMPARE(partitions->index(row, each).data().toString(), QString::fromLatin1(words));
        m_fake->error.reset();
        m_workspace->refresh();
        QTRY_COMPARE(find<QLabel>("consumer-state")->text(), QStringLiteral("STOPPED, no members"));
    }

    void aConnectionsNameHasAsMuchRoomAsAConsumers()
    {
        fill();
        ConnectionSpec spec;
        spec.name = QStringLiteral("kafka://broker-1.prod.example.com:9092");
        m_workspace->add(spec, std::make_shared<FakeConsumerConnector>());
        QTRY_VERIFY(!table()->isColumnHidden(ConsumerTableModel::ConnectionColumn));
        for (const int width : {1112, 3600}) {
            m_page->resize(width, 700);
            QTRY_VERIFY(std::abs(table()->columnWidth(ConsumerTableModel::ConnectionColumn) - table()->columnWidth(ConsumerTableModel::ConsumerColumn)) <= 1);
        }
        // To show what there is of one connection.
        m_page->goTo({QStringLiteral("consumers"), spec.name, {}, {}});
        QTRY_COMPARE(table()->model()->rowCount(), 0);
        m_page->goTo({QStringLiteral("consumers"), QStringLiteral("shop"), {}, {}});
        QTRY_COMPARE(table()->model()->rowCount(), 3);
    }

    void nothingToShowIsSaid()
    {
        add();
        QTRY_COMPARE(m_page->findChild<ui::widgets::StateView *>()->title(), QStringLiteral("There are no consumers"));
    }

    void whatCannotBeReadIsAnErrorWithAWayOut()
    {
        m_fake->error = Error{ErrorCode::NotPermitted, QStringLiteral("may not list groups"), QStringLiteral("Ask for the ACL Describe on Group."), false};
        add();
        QTRY_COMPARE(m_page->findChild<ui::widgets::StateView *>()->title(), QStringLiteral("The consumers of shop could not be read"));
    }

    void aPlaceIsGoneToAsSoonAsItIsKnown()
    {
        m_page->goTo({QStringLiteral("consumers"), QStringLiteral("shop"), QStringLiteral("quiet"), {}});
        fill();
        QTRY_COMPARE(m_page->place().object, QStringLiteral("quiet"));
    }

private:
    void add()
    {
        ConnectionSpec spec;
        spec.name = QStringLiteral("shop");
        m_workspace->add(spec, m_fake);
    }
    void fill()
    {
        m_fake->add(QStringLiteral("busy"), ConsumerActivity::Active, {70}, 100);
        m_fake->add(QStringLiteral("quiet"), ConsumerActivity::Active, {100}, 100);
        m_fake->add(QStringLiteral("stopped"), ConsumerActivity::Empty, {70, 40}, 100);
        add();
        QTRY_COMPARE(table()->model()->rowCount(), 3);
    }
    QTableView *table() { return find<QTableView>("consumer-table"); }
    QStringList column(int at)
    {
        QStringList texts;
        for (int row = 0; row < table()->model()->rowCount(); ++row)
            texts += table()->model()->index(row, at).data().toString();
        return texts;
    }
    template<typename T>
    T *find(const char *name)
    {
        T *widget = m_page->findChild<T *>(QString::fromLatin1(name));
        if (!widget)
            qFatal("no widget %s", name);
        return widget;
    }

    tests::NoOpener m_opener;
    std::unique_ptr<tests::QtWarningsFail> m_warningsFail;
    std::shared_ptr<FakeConsumerConnector> m_fake;
    std::unique_ptr<models::connection::Workspace> m_workspace;
    std::unique_ptr<models::history::History> m_history;
    std::unique_ptr<ConsumersPage> m_page;
};

QTEST_MAIN(TestConsumersPage)
#include "tst_consumers_page.moc"
