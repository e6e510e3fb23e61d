// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/sqlite/database.h"
#include "connectors/eventstore/event_store_connector.h"
#include "tests/support/fake_dead_letter_connector.h"
#include "tests/support/fake_event_connector.h"
#include "tests/support/qt_warnings_fail.h"
#include "tests/support/store_fixture.h"
#include "ui/event/event_panel.h"
#include "ui/streams/event_table.h"
#include "ui/streams/streams_page.h"
#include "ui/widgets/state_view.h"
#include "ui/widgets/text.h"

#include <QAction>
#include <QClipboard>
#include <QComboBox>
#include <QFile>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QSettings>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>
#include <QTreeView>

using ui::streams::EventTable;
using ui::streams::StreamsPage;

class TestStreamsPage final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void withoutAConnectionItSaysSo();
    void theDeepestStreamIsShownWithItsNewestEvent();
    void theNameOfAStreamHasRoomInASmallWindow();
    void aConditionReadsWhatMatchesAndCountsIt();
    void aRefusedConditionIsToldAtTheBar();
    void aConditionKnownToBeWrongLeavesTheTable();
    void aTextIsFoundInWhatIsShownAndInTheWholeStream();
    void aPositionIsGoneTo();
    void aPlaceThatIsNotThereIsToldAndNothingElse_data();
    void aPlaceThatIsNotThereIsToldAndNothingElse();
    void aGapLeadsToTheNextEvent();
    void aPlaceThatIsLongLookedForIsSaidToBe();
    void aPlaceNearAnEndIsGoneToWhereBoundsBeyondItAreRefused();
    void aPlaceSelectsItsEventAndSaysWhenItIsGone();
    void aSingleStreamThatIsReadIsNamedInTheTree();
    void aFilterOnATailGoesOnTailing();
    void aTailShowsWhatComesAndPauses();
    void aValueIsFilteredByItsMenu();
    void aValueThatACellCutsIsReadWholeForItsMenu();
    void selectedRowsAreCopied();
    void whatIsShownIsExported();
    void columnsAreRemembered();
    void eventsOfAllStreamsSayInFrontWhichTheyAreOf();
    void aConnectionThatDoesNotAnswerHasNoRates();
    void hostileNamesStayPlainText();
    void aStoreThatCannotBeReadIsNamedAndShownAsSoonAsItCanBe_data();
    void aStoreThatCannotBeReadIsNamedAndShownAsSoonAsItCanBe();

private:
    template<typename T>
    T *find(const char *name) const
    {
        T *widget = m_page->findChild<T *>(QLatin1String(name));
        if (!widget)
            qFatal("no widget %s", name);
        return widget;
    }
    void append(int first, int count);
    /// Opens the store and waits until its newest events are shown.
    void open(int events = 50);
    int rows() const { return find<EventTable>("event-table")->model()->rowCount(); }
    void trigger(const char *command) const { find<QAction>(command)->trigger(); }
    void write(const char *edit, const QString &text) const;

    std::unique_ptr<tests::StoreFixture> m_store;
    tests::NoOpener m_opener;
    std::unique_ptr<models::connection::Workspace> m_workspace;
    std::unique_ptr<models::job::JobList> m_jobs;
    std::unique_ptr<StreamsPage> m_page;
    std::shared_ptr<connectors::Connector> m_connector;
    std::optional<tests::QtWarningsFail> m_warningsFail;
};

void TestStreamsPage::init()
{
    m_warningsFail.emplace();
    m_store = std::make_unique<tests::StoreFixture>();
    m_workspace = std::make_unique<models::connection::Workspace>(m_opener);
    m_jobs = std::make_unique<models::job::JobList>();
    m_page = std::make_unique<StreamsPage>(*m_workspace, *m_jobs);
    m_page->resize(1280, 760);
    m_page->show();
}

void TestStreamsPage::cleanup()
{
    m_page.reset();
    m_workspace.reset();
    m_connector.reset();
    m_jobs.reset();
    m_store.reset();
    m_warningsFail.reset();
}

void TestStreamsPage::append(int first, int count)
{
    std::vector<connectors::NewEvent> events;
    for (int number = first; number < first + count; ++number)
        events.push_back(tests::newEvent(QStringLiteral("order-%1").arg(number % 5), QStringLiteral("event-%1").arg(number), number));
    QVERIFY(tests::answerOf(m_connector->eventWriter()->append(events)));
}

void TestStreamsPage::open(int events)
{
    auto spec = m_store->spec(true);
    m_connector = connectors::eventstore::openEventStore(spec).value();
    append(0, events);
    spec.name = QStringLiteral("shop");
    m_workspace->add(spec, m_connector);
    QTRY_COMPARE_WITH_TIMEOUT(rows(), events, 20'000);
    QTRY_VERIFY(!find<QToolButton>("read-cancel")->isVisible());
}

void TestStreamsPage::write(const char *edit, const QString &text) const
{
    auto *line = find<QLineEdit>(edit);
    line->setText(text);
    QTest::keyClick(line, Qt::Key_Return);
}

void TestStreamsPage::withoutAConnectionItSaysSo()
{
    QCOMPARE(find<ui::widgets::StateView>("streams-nothing")->title(), QStringLiteral("No connection is open"));
}

void TestStreamsPage::theDeepestStreamIsShownWithItsNewestEvent()
{
    open();
    QCOMPARE(m_page->place().object, QStringLiteral("order-*"));
    QTRY_VERIFY(find<ui::event::EventPanel>("event-panel")->shownEvent());
    QVERIFY(find<QLabel>("event-place")->text().startsWith(QStringLiteral("order-4 0:50")));
    QCOMPARE(find<QLabel>("event-count")->text(), QStringLiteral("50 of 50"));
    QVERIFY2(find<QLabel>("read-status")->text().startsWith(QStringLiteral("Scanned 50, matched 50")), qPrintable(find<QLabel>("read-status")->text()));
    QCOMPARE(m_jobs->runningCount(), 0);
    find<QComboBox>("event-from")->setEditText(QStringLiteral("earliest"));
    QCOMPARE(find<QLabel>("read-status")->text(),
             QStringLiteral("Will read 50 events of order-*, from the beginning to the end. It counts as production, so at most 20.0\u00A0MB a second are read."));
}

void TestStreamsPage::theNameOfAStreamHasRoomInASmallWindow()
{
    m_page->resize(1112, 690); // of a window of 1280 × 800
    open();
    const auto *tree = find<QTreeView>("stream-tree");
    const int name = tree->fontMetrics().horizontalAdvance(QStringLiteral("orders.events"));
    QTRY_VERIFY2(tree->columnWidth(0) >= 2 * tree->indentation() + name + 8, qPrintable(QString::number(tree->columnWidth(0))));
    const QModelIndex shop = tree->model()->index(0, 0);
    QVERIFY(shop.data(Qt::FontRole).value<QFont>().bold()); // a connection is told from a stream
    QVERIFY(!tree->model()->index(0, 0, shop).data(Qt::FontRole).value<QFont>().bold());
}

void TestStreamsPage::aConditionReadsWhatMatchesAndCountsIt()
{
    open();
    write("event-where", QStringLiteral("field('/n') >= 40"));
    QTRY_COMPARE(find<QLabel>("event-count")->text(), QStringLiteral("10 of 50"));
    QTest::keyClick(find<QLineEdit>("event-where"), Qt::Key_A, Qt::ControlModifier);
    write("event-where", QStringLiteral("field('/n') = 400"));
    QTRY_COMPARE(find<ui::widgets::StateView>("streams-state")->title(), QStringLiteral("No event matches"));
}

void TestStreamsPage::aRefusedConditionIsToldAtTheBar()
{
    open();
    write("event-where", QStringLiteral("eventTyp = 'x'"));
    QTRY_VERIFY(find<QLabel>("event-where-problem")->isVisible());
    QVERIFY(find<QLabel>("event-where-problem")->text().contains(QStringLiteral("eventTyp")));
}

void TestStreamsPage::aConditionKnownToBeWrongLeavesTheTable()
{
    class RefusesAll final : public models::event::ConditionChecker
    {
    public:
        std::optional<models::event::ConditionProblem> check(const QString &where) const override
        {
            return models::event::ConditionProblem{QStringLiteral("Not this one."), {}, 0, where.size()};
        }
    };
    open();
    m_page->setConditionChecker(std::make_shared<RefusesAll>());
    write("event-where", QStringLiteral("size > 3"));
    QCOMPARE(find<QLabel>("event-where-problem")->text(), QStringLiteral("Not this one."));
    QCOMPARE(rows(), 50);
    QCOMPARE(m_jobs->runningCount(), 0);
}

void TestStreamsPage::aTextIsFoundInWhatIsShownAndInTheWholeStream()
{
    open();
    find<QLineEdit>("event-search")->setText(QStringLiteral("flow-3"));
    QTRY_COMPARE(rows(), 5);
    find<QLineEdit>("event-search")->setText(QStringLiteral("\"n\":42"));
    QTRY_COMPARE(rows(), 0);
    QTest::mouseClick(find<QToolButton>("event-whole-stream"), Qt::LeftButton);
    QTRY_COMPARE(rows(), 1);
}

void TestStreamsPage::aPositionIsGoneTo()
{
    open();
    trigger("streams-jump");
    write("event-jump", QStringLiteral("7"));
    QTRY_COMPARE(m_page->place().address->position, 7);
    QTRY_VERIFY(find<QLabel>("event-place")->text().endsWith(QStringLiteral("0:7")));
    write("event-jump", QStringLiteral("no place"));
    QVERIFY(find<QLabel>("jump-notice-text")->text().contains(QStringLiteral("“no place” is not a position.")));
}

void TestStreamsPage::aPlaceThatIsNotThereIsToldAndNothingElse_data()
{
    QTest::addColumn<QString>("place");
    QTest::addColumn<QString>("said");
    QTest::newRow("beyond the end") << QStringLiteral("99999") << QStringLiteral("Position 99,999 is not in order-*: partition 0 holds 1 … 50.");
    QTest::newRow("before the start") << QStringLiteral("0") << QStringLiteral("Position 0 is not in order-*: partition 0 holds 1 … 50.");
    QTest::newRow("beyond the end of a partition") << QStringLiteral("0:51") << QStringLiteral("Position 51 is not in order-*: partition 0 holds 1 … 50.");
    QTest::newRow("no such partition") << QStringLiteral("7:3") << QStringLiteral("order-* has no partition 7, only partition 0.");
    QTest::newRow("before the first time") << QStringLiteral("2001-01-01") << QStringLiteral("order-* has no event at 2001-01-01 00:00:00.000: it holds those from ");
    QTest::newRow("after the last time") << QStringLiteral("2999-01-01") << QStringLiteral("order-* has no event at 2999-01-01 00:00:00.000: it holds those from ");
}

void TestStreamsPage::aPlaceThatIsNotThereIsToldAndNothingElse()
{
    QFETCH(const QString, place);
    QFETCH(const QString, said);
    ui::widgets::text::setTimeZone(ui::widgets::text::TimeZone::Utc);
    open();
    write("event-where", QStringLiteral("field('/n') >= 0"));
    QTRY_COMPARE(find<QLabel>("event-count")->text(), QStringLiteral("50 of 50"));
    const auto before = m_page->place();
    const QString from = find<QComboBox>("event-from")->currentText();
    write("event-jump", place);
    QTRY_VERIFY2(find<QLabel>("jump-notice-text")->text().startsWith(said), qPrintable(find<QLabel>("jump-notice-text")->text()));
    QVERIFY(find<QLabel>("jump-notice-text")->isVisible());
    QCOMPARE(m_jobs->runningCount(), 0);
    QCOMPARE(rows(), 50);
    QCOMPARE(find<QComboBox>("event-from")->currentText(), from);
    QCOMPARE(find<QLineEdit>("event-where")->text(), QStringLiteral("field('/n') >= 0"));
    QCOMPARE(m_page->place(), before);
    find<QLineEdit>("event-jump")->setText(QStringLiteral("5"));
    QVERIFY(!find<QLabel>("jump-notice-text")->isVisible());
}

void TestStreamsPage::aGapLeadsToTheNextEvent()
{
    open();
    m_page->goTo({QStringLiteral("streams"), QStringLiteral("shop"), QStringLiteral("order-2"), {}});
    QTRY_COMPARE(rows(), 10);
    write("event-jump", QStringLiteral("9")); // of another stream of the same store
    QTRY_COMPARE(find<QLabel>("jump-notice-text")->text(), QStringLiteral("There is no event at position 9; the next one is at 13."));
    QCOMPARE(m_page->place().address->position, 13);
    QCOMPARE(m_jobs->runningCount(), 0);
}

void TestStreamsPage::aPlaceThatIsLongLookedForIsSaidToBe()
{
    const auto shop = std::make_shared<tests::FakeEventConnector>(QStringLiteral("shop"));
    for (int i = 0; i < 3; ++i)
        shop->add(QStringLiteral("orders"), {});
    connectors::ConnectionSpec spec;
    spec.name = QStringLiteral("shop");
    m_workspace->add(spec, shop);
    QTRY_COMPARE(rows(), 3);
    shop->holdLists();
    write("event-jump", QStringLiteral("99"));
    QTRY_COMPARE(find<QLabel>("jump-notice-text")->text(), QStringLiteral("Looking for 99"));
    shop->releaseLists();
    QTRY_COMPARE(find<QLabel>("jump-notice-text")->text(), QStringLiteral("Position 99 is not in orders: partition 0 holds 0 … 2."));
}

void TestStreamsPage::aPlaceNearAnEndIsGoneToWhereBoundsBeyondItAreRefused()
{
    const auto shop = std::make_shared<tests::FakeEventConnector>(QStringLiteral("shop"));
    for (const char *stream : {"orders", "orders", "orders", "letters", "letters"})
        shop->add(QString::fromLatin1(stream), {});
    connectors::ConnectionSpec spec;
    spec.name = QStringLiteral("shop");
    m_workspace->add(spec, shop);
    QTRY_COMPARE(rows(), 3);
    const QString letters = QStringLiteral("letters");
    m_page->goTo({QStringLiteral("streams"), spec.name, letters, connectors::EventAddress{letters, 0, 1}});
    QTRY_VERIFY(m_page->place().address);
    QCOMPARE(*m_page->place().address, (connectors::EventAddress{letters, 0, 1}));
    QCOMPARE(rows(), 2);
    shop->add(letters, {});
    write("event-jump", QStringLiteral("0:2"));
    QTRY_COMPARE(m_page->place().address->position, 2);
    QCOMPARE(rows(), 3);
}

void TestStreamsPage::aPlaceSelectsItsEventAndSaysWhenItIsGone()
{
    open();
    m_page->goTo({QStringLiteral("streams"), QStringLiteral("shop"), {}, connectors::EventAddress{QStringLiteral("order-2"), 0, 8}});
    QTRY_COMPARE(m_page->place().address, std::optional(connectors::EventAddress{QStringLiteral("order-2"), 0, 8}));
    QTRY_COMPARE(rows(), 10); // of this stream around it
    QTRY_VERIFY(find<EventTable>("event-table")->isVisible());
    QCOMPARE(m_page->window()->focusWidget(), find<EventTable>("event-table")); // its neighbours by the arrow keys
    m_page->goTo({QStringLiteral("streams"), QStringLiteral("shop"), {}, connectors::EventAddress{QStringLiteral("order-2"), 0, 9}});
    QTRY_VERIFY(m_page->findChild<ui::event::EventPanel *>()->findChild<ui::widgets::StateView *>()->title().contains(QStringLiteral("order-2 0:9 is no longer stored")));
}

void TestStreamsPage::aSingleStreamThatIsReadIsNamedInTheTree()
{
    open();
    m_page->goTo({QStringLiteral("streams"), QStringLiteral("shop"), {}, connectors::EventAddress{QStringLiteral("order-2"), 0, 8}});
    QTRY_COMPARE(rows(), 10);
    const auto *tree = find<QTreeView>("stream-tree");
    QCOMPARE(tree->currentIndex().data().toString(), QStringLiteral("order-2"));
    QVERIFY(find<QLabel>("read-status")->text().contains(QStringLiteral("order-2")));
    // The list is read again meanwhile and does not hold it; another choice leaves it as a way back.
    m_workspace->refresh();
    const quint64 asked = m_workspace->find(QStringLiteral("shop"))->streams().generation;
    QTRY_VERIFY_WITH_TIMEOUT(m_workspace->find(QStringLiteral("shop"))->streams().generation > asked, 20'000);
    QTest::qWait(0);
    QCOMPARE(tree->currentIndex().data().toString(), QStringLiteral("order-2"));
    m_page->goTo({QStringLiteral("streams"), QStringLiteral("shop"), QStringLiteral("order-*"), {}});
    QTRY_COMPARE(rows(), 50);
    QCOMPARE(tree->currentIndex().data().toString(), QStringLiteral("order-*"));
}

void TestStreamsPage::aFilterOnATailGoesOnTailing()
{
    open();
    QTest::mouseClick(find<QToolButton>("event-tail"), Qt::LeftButton);
    QTRY_COMPARE(rows(), 50);
    write("event-where", QStringLiteral("position > 48"));
    QTRY_COMPARE(rows(), 2);
    QVERIFY(find<QToolButton>("event-tail")->isChecked());
    append(50, 3);
    QTRY_COMPARE(rows(), 5);
    QTest::mouseClick(find<QToolButton>("read-cancel"), Qt::LeftButton);
    QTRY_COMPARE(m_jobs->runningCount(), 0);
}

void TestStreamsPage::aTailShowsWhatComesAndPauses()
{
    open();
    QTest::mouseClick(find<QToolButton>("event-tail"), Qt::LeftButton);
    append(50, 3);
    QTRY_COMPARE(rows(), 53);
    QVERIFY(find<QToolButton>("event-tail")->isChecked());
    QTest::keyClick(find<EventTable>("event-table"), Qt::Key_Space);
    QVERIFY(find<QLabel>("read-status")->text().startsWith(QStringLiteral("Paused.")));
    append(53, 2);
    QTest::keyClick(find<EventTable>("event-table"), Qt::Key_Space);
    QTRY_COMPARE(rows(), 55);
    QTest::mouseClick(find<QToolButton>("read-cancel"), Qt::LeftButton);
    QTRY_COMPARE(m_jobs->runningCount(), 0);
    QVERIFY(find<QLabel>("read-status")->text().contains(QStringLiteral("it was cancelled")));
    QCOMPARE(rows(), 55);
}

void TestStreamsPage::aValueIsFilteredByItsMenu()
{
    open();
    auto *table = find<EventTable>("event-table");
    Q_EMIT table->menuRequested(table->model()->index(2, 3), table->mapToGlobal(QPoint(10, 10)));
    auto *menu = find<QMenu>("value-menu");
    menu->findChild<QAction *>(QStringLiteral("filter-equal"))->trigger();
    QCOMPARE(find<QLineEdit>("event-where")->text(), QStringLiteral("aggregateId = 'order-2'"));
    QTRY_COMPARE(rows(), 10);
    QSignalSpy places(m_page.get(), &StreamsPage::placeRequested);
    menu->findChild<QAction *>(QStringLiteral("show-trace"))->trigger();
    QCOMPARE(places[0][0].value<ui::frame::Place>().page, QStringLiteral("traces"));
    QCOMPARE(places[0][0].value<ui::frame::Place>().object, QStringLiteral("flow-2"));
    menu->close();
}

void TestStreamsPage::aValueThatACellCutsIsReadWholeForItsMenu()
{
    open();
    auto *table = find<EventTable>("event-table");
    table->setColumns({{models::event::EventColumn::Kind::Key, {}}, {models::event::EventColumn::Kind::Payload, {}}});
    auto *model = static_cast<models::event::EventTableModel *>(table->model());
    model->cache().reset(m_connector); // as when many others have been read since
    Q_EMIT table->menuRequested(model->index(2, 1), table->mapToGlobal(QPoint(10, 10)));
    QTRY_VERIFY(m_page->findChild<QMenu *>(QStringLiteral("value-menu")));
    auto *menu = find<QMenu>("value-menu");
    menu->findChild<QAction *>(QStringLiteral("filter-equal"))->trigger();
    menu->close();
    QCOMPARE(find<QLineEdit>("event-where")->text(), QStringLiteral("payload = '{\"n\":2}'"));
    QTRY_COMPARE(rows(), 1);
}

void TestStreamsPage::selectedRowsAreCopied()
{
    open();
    auto *table = find<EventTable>("event-table");
    using Kind = models::event::EventColumn::Kind;
    table->setColumns({{Kind::Position, {}}, {Kind::Aggregate, {}}, {Kind::Size, {}}});
    QSignalSpy messages(m_page.get(), &StreamsPage::messageRaised);
    table->selectionModel()->select({table->model()->index(2, 0), table->model()->index(3, 0)}, QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
    QTest::keyClick(table, Qt::Key_C, Qt::ControlModifier);
    QCOMPARE(QGuiApplication::clipboard()->text(), QStringLiteral("0:3\torder-2\t7\n0:4\torder-3\t7"));
    QCOMPARE(messages.at(0).at(0).toString(), QStringLiteral("2 rows were copied."));
}

void TestStreamsPage::whatIsShownIsExported()
{
    open(12);
    QSignalSpy messages(m_page.get(), &StreamsPage::messageRaised);
    for (const QString &name : {QStringLiteral("/events.ndjson"), QStringLiteral("/events.csv")})
        m_page->exportTo(m_store->folder() + name, false);
    QTRY_COMPARE(messages.size(), 2);
    QFile json(m_store->folder() + QStringLiteral("/events.ndjson"));
    QVERIFY(json.open(QIODevice::ReadOnly));
    const QList<QByteArray> lines = json.readAll().split('\n');
    QCOMPARE(lines.size(), 13);
    QVERIFY(lines[3].contains("\"payload\":{\"n\":3}"));
    QFile csv(m_store->folder() + QStringLiteral("/events.csv"));
    QVERIFY(csv.open(QIODevice::ReadOnly));
    QCOMPARE(csv.readLine(), QByteArray("time,stream,partition,position,eventType,aggregateId,correlationId,size\n"));
    m_page->exportTo(m_store->folder() + QStringLiteral("/no/folder/x.csv"), false);
    QTRY_COMPARE(messages.size(), 3);
    QVERIFY(messages[2][0].toString().contains(QStringLiteral("was not written")));
}

void TestStreamsPage::columnsAreRemembered()
{
    open(5);
    auto *menu = find<QMenu>("streams-menu");
    Q_EMIT menu->aboutToShow();
    menu->findChild<QAction *>(QStringLiteral("column-size"))->trigger();
    menu->findChild<QAction *>(QStringLiteral("column-payload"))->trigger();
    QSettings settings(m_store->folder() + QStringLiteral("/settings.ini"), QSettings::IniFormat);
    m_page->saveTo(settings);
    StreamsPage other(*m_workspace, *m_jobs);
    other.restoreFrom(settings);
    QStringList titles;
    const auto *model = other.findChild<EventTable *>()->model();
    for (int column = 0; column < model->columnCount(); ++column)
        titles += model->headerData(column, Qt::Horizontal, Qt::DisplayRole).toString();
    QCOMPARE(titles.join(u' '), QStringLiteral("Time Position Type Aggregate Correlation Body"));
    QTRY_COMPARE(find<EventTable>("event-table")->model()->index(0, 5).data().toString(), QStringLiteral("{\"n\":0}"));
}

void TestStreamsPage::eventsOfAllStreamsSayInFrontWhichTheyAreOf()
{
    open(5);
    const auto titles = [this] {
        QStringList shown;
        const auto *model = find<EventTable>("event-table")->model();
        for (int column = 0; column < model->columnCount(); ++column)
            shown += model->headerData(column, Qt::Horizontal, Qt::DisplayRole).toString();
        return shown.join(u' ');
    };
    const QString ofOne = titles();
    m_page->goTo({QStringLiteral("streams"), QStringLiteral("shop"), {}, {}});
    QCOMPARE(titles(), QStringLiteral("Time Stream Position Type Aggregate Correlation Size"));
    QSettings settings(m_store->folder() + QStringLiteral("/settings.ini"), QSettings::IniFormat);
    m_page->saveTo(settings);
    QVERIFY(!settings.value(QStringLiteral("streams/columns")).toStringList().contains(QStringLiteral("stream"))); // nobody asked for it
    QTRY_COMPARE(rows(), 5);
    m_page->goTo({QStringLiteral("streams"), QStringLiteral("shop"), QStringLiteral("order-*"), {}});
    QCOMPARE(titles(), ofOne);
}

void TestStreamsPage::aConnectionThatDoesNotAnswerHasNoRates()
{
    const auto shop = std::make_shared<tests::FakeEventConnector>(QStringLiteral("shop"));
    shop->add(QStringLiteral("orders"), {});
    connectors::ConnectionSpec spec;
    spec.name = QStringLiteral("shop");
    m_workspace->add(spec, shop);
    QTRY_COMPARE(rows(), 1);
    const auto *tree = find<QTreeView>("stream-tree");
    const auto rate = [tree] { return tree->model()->index(0, 2, tree->model()->index(0, 0)).data().toString(); };
    QVERIFY(rate() != QStringLiteral("?"));
    shop->failWith({connectors::ErrorCode::TimedOut, QStringLiteral("no answer"), {}, true});
    m_workspace->refresh();
    QTRY_COMPARE(rate(), QStringLiteral("?"));
}

void TestStreamsPage::hostileNamesStayPlainText()
{
    const QString hostile = QStringLiteral("<b>x</b><img src=file:///dev/zero>");
    const auto shop = std::make_shared<tests::FakeEventConnector>(hostile);
    for (int i = 0; i < 3; ++i)
        shop->add(hostile, {hostile, hostile, hostile, hostile, hostile, hostile});
    connectors::ConnectionSpec spec;
    spec.name = hostile;
    m_workspace->add(spec, shop);
    QTRY_COMPARE(rows(), 3);
    const auto *tree = find<QTreeView>("stream-tree");
    const QModelIndex connection = tree->model()->index(0, 0);
    for (const QModelIndex &index : {connection, tree->model()->index(0, 0, connection)}) {
        QVERIFY2(index.data().toString().startsWith(QStringLiteral("<b>x</b>")), qPrintable(index.data().toString())); // a delegate takes nothing for rich text
        QVERIFY2(!index.data(Qt::ToolTipRole).toString().contains(QStringLiteral("<b>x")), qPrintable(index.data(Qt::ToolTipRole).toString()));
    }
    QTRY_VERIFY(find<QLabel>("event-place")->text().contains(QStringLiteral("<b>x</b>")));
    QVERIFY(find<QLabel>("read-status")->text().contains(QStringLiteral("<b>x</b>")));
    for (const QWidget *widget : m_page->findChildren<QWidget *>()) {
        const auto *label = qobject_cast<const QLabel *>(widget);
        QVERIFY2(!label || label->textFormat() == Qt::PlainText || !label->text().contains(QStringLiteral("<b>x")), qPrintable(widget->objectName()));
        QVERIFY2(!widget->toolTip().contains(QStringLiteral("<b>x")), qPrintable(widget->objectName()));
    }
}

void TestStreamsPage::aStoreThatCannotBeReadIsNamedAndShownAsSoonAsItCanBe_data()
{
    QTest::addColumn<QByteArray>("sql");   ///< what is done to it
    QTest::addColumn<QByteArray>("bytes"); ///< what is written over it
    QTest::addColumn<QString>("said");
    QTest::newRow("newer version") << QByteArray("PRAGMA user_version = 99") << QByteArray() << QStringLiteral("newer version of Streamgauge");
    QTest::newRow("another program's") << QByteArray("PRAGMA application_id = 1") << QByteArray() << QStringLiteral("not an event store of Streamgauge");
    QTest::newRow("locked") << QByteArray("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE") << QByteArray() << QStringLiteral("locked by another program");
    QTest::newRow("corrupt") << QByteArray() << QByteArray(4096, 's') << QStringLiteral("is corrupt");
    QTest::newRow("no database") << QByteArray() << QByteArray(5000, 'x') << QStringLiteral("is not an SQLite file");
}

void TestStreamsPage::aStoreThatCannotBeReadIsNamedAndShownAsSoonAsItCanBe()
{
    QFETCH(const QByteArray, sql);
    QFETCH(const QByteArray, bytes);
    QFETCH(const QString, said);
    using connectors::sqlite::Database;
    auto spec = m_store->spec(true);
    m_connector = connectors::eventstore::openEventStore(spec).value();
    append(0, 3);
    m_connector.reset();
    const QString backup = m_store->folder() + QStringLiteral("/backup");
    QVERIFY(QFile::copy(spec.path, backup));
    auto other = sql.isEmpty() ? nullptr : std::make_unique<Database>(spec.path, Database::Access::Write);
    if (other)
        other->execute(sql.constData());
    if (!bytes.isEmpty()) {
        QFile file(spec.path);
        QVERIFY(file.open(QIODevice::ReadWrite));
        const bool isHeadLeft = bytes.size() == 4096;
        for (qint64 at = isHeadLeft ? 4096 : 0; at < file.size() || at == 0; at += bytes.size()) {
            file.seek(at);
            file.write(bytes);
        }
    }
    spec.mayCreate = false;
    m_workspace->add(spec, connectors::eventstore::openEventStore(spec).value());
    const auto words = [this]() -> QString {
        const auto *nothing = find<ui::widgets::StateView>("streams-nothing");
        return nothing->title() + QLatin1Char(' ') + nothing->explanation();
    };
    QTRY_VERIFY2_WITH_TIMEOUT(words().contains(said) && words().contains(spec.path), qPrintable(words()), 40'000);
    other.reset();
    QVERIFY(QFile::remove(spec.path) && QFile::copy(backup, spec.path));
    m_workspace->refresh();
    QTRY_COMPARE_WITH_TIMEOUT(rows(), 3, 40'000);
}

QTEST_MAIN(TestStreamsPage)
#include "tst_streams_page.moc"
