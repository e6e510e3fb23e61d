// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/pages.h"
#include "app/gui/program.h"
#include "tests/support/gui_watchdog.h"
#include "tests/support/qt_warnings_fail.h"
#include "ui/widgets/state_view.h"

#include <QAbstractButton>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>

using gui::Program;
using ui::frame::MainWindow;

namespace {

constexpr int Bound = 20'000;

template<typename T>
T *visible(const QWidget *root, const QString &name)
{
    const auto all = root->findChildren<T *>(name);
    const auto found = std::find_if(all.cbegin(), all.cend(), [](const T *each) { return each->isVisible(); });
    return found == all.cend() ? nullptr : *found;
}

/// Something to look at: a view with rows, or a state that says what is so.
bool showsSomething(const QWidget *page)
{
    for (const QAbstractItemView *view : page->findChildren<QAbstractItemView *>())
        if (view->isVisible() && view->model() && view->model()->rowCount() > 0)
            return true;
    for (const auto *state : page->findChildren<ui::widgets::StateView *>())
        if (state->isVisible() && !state->title().isEmpty())
            return true;
    return false;
}

} // namespace

/// A person at work in the window, on the demo, from the first look to quitting.
class TestStory : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init() { m_warningsFail.emplace(); }
    void cleanup() { m_warningsFail.reset(); }
    void theWindowOpensOnTheDemo();
    void everyPageIsReachedByAClickAndHasSomethingToShow_data();
    void everyPageIsReachedByAClickAndHasSomethingToShow();
    void everyPageIsReachedByItsNumber();
    void theOverviewListsEveryConsumer();
    void aConsumerOpensFromTheTable();
    void deadLettersAreThere();
    void anOrderIsTracedFromTheSearchLine();
    void thePaletteGoesToAPage();
    void anIdInThePaletteIsTraced();
    void theWayBackLeadsThroughTheLastPlaces();
    void theNavigationCollapsesToIcons();
    void everyInteractiveWidgetHasANameForTestsAndReaders();
    void aConnectionIsTestedAndSavedAndSeenByAnotherInstance();
    void closingTheConnectionLeadsToTheStart();

private:
    void key(Qt::Key key, Qt::KeyboardModifiers modifiers = Qt::NoModifier) { QTest::keyClick(m_window, key, modifiers); }
    void click(const QString &name);
    [[nodiscard]] QString pageId() const { return m_window->currentPage() ? m_window->currentPage()->id() : QString(); }

    QTemporaryDir m_folder;
    gui::ProgramPlaces m_places;
    std::unique_ptr<Program> m_program;
    MainWindow *m_window = nullptr;
    std::optional<tests::GuiWatchdog> m_watchdog;
    std::optional<tests::QtWarningsFail> m_warningsFail;
};

void TestStory::initTestCase()
{
    m_places.profilesPath = m_folder.filePath(QStringLiteral("connections.json"));
    m_places.secrets = session::SecretStore::Backend::MemoryOnly;
    m_places.journalPath = m_folder.filePath(QStringLiteral("journal.db"));
    gui::Options options;
    options.demo = session::DemoOptions();
    options.demo->historyEvents = 3000;
    m_program = std::make_unique<Program>(options, m_places, nullptr);
    m_program->start();
    for (QWidget *widget : QApplication::topLevelWidgets())
        if (auto *window = qobject_cast<MainWindow *>(widget))
            m_window = window;
    QVERIFY(QTest::qWaitForWindowExposed(m_window));
    m_watchdog.emplace();
}

void TestStory::click(const QString &name)
{
    auto *button = visible<QAbstractButton>(m_window, name);
    QVERIFY2(button, qPrintable(name));
    m_watchdog->endTurn();
    QTest::mouseClick(button, Qt::LeftButton);
}

void TestStory::theWindowOpensOnTheDemo()
{
    QTRY_VERIFY_WITH_TIMEOUT(visible<QWidget>(m_window, QStringLiteral("chip-demo shop")), Bound);
    QCOMPARE(pageId(), QStringLiteral("overview"));
    const auto *environment = m_window->findChild<QLabel *>(QStringLiteral("status-environment"));
    QTRY_VERIFY_WITH_TIMEOUT(environment->text().contains(QStringLiteral("development")), Bound);
}

void TestStory::everyPageIsReachedByAClickAndHasSomethingToShow_data()
{
    QTest::addColumn<QString>("id");
    for (const QString &id : gui::pageIds())
        QTest::newRow(qPrintable(id)) << id;
}

void TestStory::everyPageIsReachedByAClickAndHasSomethingToShow()
{
    QFETCH(QString, id);
    click(QStringLiteral("navigate-") + id);
    QCOMPARE(pageId(), id);
    QTRY_VERIFY_WITH_TIMEOUT(showsSomething(m_window->currentPage()), Bound);
}

void TestStory::everyPageIsReachedByItsNumber()
{
    const QStringList ids = gui::pageIds();
    for (qsizetype i = 0; i < ids.size(); ++i) {
        key(static_cast<Qt::Key>(Qt::Key_1 + i), Qt::ControlModifier);
        QCOMPARE(pageId(), ids[i]);
        QTest::qWait(1);
    }
}

void TestStory::theOverviewListsEveryConsumer()
{
    click(QStringLiteral("navigate-overview"));
    QTRY_VERIFY_WITH_TIMEOUT(visible<QTableView>(m_window, QStringLiteral("worst-now")), Bound);
    QTRY_COMPARE_WITH_TIMEOUT(visible<QTableView>(m_window, QStringLiteral("worst-now"))->model()->rowCount(), 5, Bound);
    QVERIFY(visible<QWidget>(m_window, QStringLiteral("lag-chart")));
}

void TestStory::aConsumerOpensFromTheTable()
{
    click(QStringLiteral("navigate-consumers"));
    QTRY_VERIFY_WITH_TIMEOUT(visible<QTableView>(m_window, QStringLiteral("consumer-table")), Bound);
    auto *table = visible<QTableView>(m_window, QStringLiteral("consumer-table"));
    QTRY_COMPARE_WITH_TIMEOUT(table->model()->rowCount(), 5, Bound);
    const QString name = table->model()->index(0, 0).data().toString();
    QTest::mouseClick(table->viewport(), Qt::LeftButton, {}, table->visualRect(table->model()->index(0, 0)).center());
    QTRY_COMPARE(m_window->currentPage()->place().object, name);
}

void TestStory::deadLettersAreThere()
{
    click(QStringLiteral("navigate-dead-letters"));
    const auto hasLetters = [this] {
        int views = 0;
        for (const QTableView *table : m_window->currentPage()->findChildren<QTableView *>())
            views += table->isVisible() && table->model()->rowCount() > 0 ? 1 : 0;
        return views >= 3; // queues, groups, letters
    };
    QTRY_VERIFY_WITH_TIMEOUT(hasLetters(), Bound);
}

void TestStory::anOrderIsTracedFromTheSearchLine()
{
    click(QStringLiteral("navigate-traces"));
    auto *line = visible<QLineEdit>(m_window, QStringLiteral("trace-search-line"));
    QVERIFY(line);
    line->clear();
    QTest::keyClicks(line, QStringLiteral("order-1001"));
    QTest::keyClick(line, Qt::Key_Return);
    const auto hasEvents = [this] {
        const auto *events = m_window->findChild<QAbstractItemView *>(QStringLiteral("trace-events"));
        return events && events->model() && events->model()->rowCount() >= 3;
    };
    QTRY_VERIFY_WITH_TIMEOUT(hasEvents(), Bound);
}

void TestStory::thePaletteGoesToAPage()
{
    key(Qt::Key_K, Qt::ControlModifier);
    auto *palette = m_window->findChild<QWidget *>(QStringLiteral("command-palette"));
    QVERIFY(palette && palette->isVisible());
    auto *line = palette->findChild<QLineEdit *>();
    QTest::keyClicks(line, QStringLiteral("gcons"));
    QTest::keyClick(line, Qt::Key_Return);
    QVERIFY(!palette->isVisible());
    QCOMPARE(pageId(), QStringLiteral("consumers"));
}

void TestStory::anIdInThePaletteIsTraced()
{
    key(Qt::Key_K, Qt::ControlModifier);
    auto *line = m_window->findChild<QWidget *>(QStringLiteral("command-palette"))->findChild<QLineEdit *>();
    QTest::keyClicks(line, QStringLiteral("order-1002"));
    QTest::keyClick(line, Qt::Key_Return);
    QCOMPARE(pageId(), QStringLiteral("traces"));
}

void TestStory::theWayBackLeadsThroughTheLastPlaces()
{
    click(QStringLiteral("navigate-overview"));
    click(QStringLiteral("navigate-consumers"));
    click(QStringLiteral("navigate-dead-letters"));
    QTest::qWait(0); // a page may tell where it landed
    for (int steps = 0; steps < 4 && pageId() != u"consumers"; ++steps)
        key(Qt::Key_Left, Qt::AltModifier);
    QCOMPARE(pageId(), QStringLiteral("consumers"));
    for (int steps = 0; steps < 4 && pageId() != u"overview"; ++steps)
        key(Qt::Key_Left, Qt::AltModifier);
    QCOMPARE(pageId(), QStringLiteral("overview"));
    key(Qt::Key_Right, Qt::AltModifier);
    QCOMPARE(pageId(), QStringLiteral("consumers"));
}

void TestStory::theNavigationCollapsesToIcons()
{
    const auto *navigation = m_window->findChild<QWidget *>(QStringLiteral("navigation"));
    QTRY_VERIFY(navigation->width() > 100);
    key(Qt::Key_B, Qt::ControlModifier);
    QTRY_VERIFY(navigation->width() < 60);
    key(Qt::Key_B, Qt::ControlModifier);
    QTRY_VERIFY(navigation->width() > 100);
}

void TestStory::everyInteractiveWidgetHasANameForTestsAndReaders()
{
    QStringList nameless;
    for (const QString &id : gui::pageIds()) {
        click(QStringLiteral("navigate-") + id);
        for (const QWidget *widget : m_window->currentPage()->findChildren<QWidget *>()) {
            const bool isInteractive = qobject_cast<const QAbstractButton *>(widget) || qobject_cast<const QLineEdit *>(widget)
                || qobject_cast<const QComboBox *>(widget) || qobject_cast<const QAbstractItemView *>(widget);
            const bool isPartOfAnother = widget->objectName().startsWith(QStringLiteral("qt_")) || qobject_cast<const QComboBox *>(widget->parentWidget())
                || widget->inherits("QHeaderView") || widget->inherits("QComboBoxListView") || widget->inherits("QTableCornerButton")
                || qobject_cast<const QLineEdit *>(widget->parentWidget());
            if (!isInteractive || isPartOfAnother || !widget->isVisible())
                continue;
            const auto *button = qobject_cast<const QAbstractButton *>(widget);
            const bool isRead = !widget->accessibleName().isEmpty() || (button && !button->text().isEmpty());
            if (widget->objectName().isEmpty() || !isRead)
                nameless += id + u'/' + QString::fromLatin1(widget->metaObject()->className()) + u' ' + widget->objectName();
        }
    }
    QVERIFY2(nameless.isEmpty(), qPrintable(nameless.join(QStringLiteral(", "))));
}

void TestStory::aConnectionIsTestedAndSavedAndSeenByAnotherInstance()
{
    key(Qt::Key_O, Qt::ControlModifier);
    auto *dialog = m_window->findChild<QWidget *>(QStringLiteral("connection-dialog"));
    QVERIFY(dialog && dialog->isVisible());
    const QString address = QStringLiteral("sqlite:") + m_program->workspace().connections().front()->spec().path;
    QTest::keyClicks(dialog->findChild<QLineEdit *>(QStringLiteral("connection-address")), address);
    QTest::keyClicks(dialog->findChild<QLineEdit *>(QStringLiteral("connection-name")), QStringLiteral("the same shop"));
    QTest::mouseClick(dialog->findChild<QAbstractButton *>(QStringLiteral("connection-test")), Qt::LeftButton);
    auto *results = dialog->findChild<QListWidget *>(QStringLiteral("connection-results"));
    QTRY_COMPARE_WITH_TIMEOUT(results->count(), 5, Bound); // one line a thing that was tried
    auto *save = dialog->findChild<QAbstractButton *>(QStringLiteral("connection-save"));
    save->setChecked(true);
    QTest::mouseClick(dialog->findChild<QAbstractButton *>(QStringLiteral("connection-open")), Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(visible<QWidget>(m_window, QStringLiteral("chip-the same shop")), Bound);

    Program other({}, m_places, nullptr);
    MainWindow *window = other.openWindow();
    window->show();
    window->openConnectionDialog();
    auto *saved = window->findChild<QListWidget *>(QStringLiteral("saved-connections"));
    QTRY_COMPARE_WITH_TIMEOUT(saved->count(), 1, Bound);
    QCOMPARE(saved->item(0)->text(), QStringLiteral("the same shop"));
}

void TestStory::closingTheConnectionLeadsToTheStart()
{
    for (const QString &name : {QStringLiteral("the same shop"), QStringLiteral("demo shop")})
        m_program->workspace().close(name);
    QTRY_VERIFY(!m_window->currentPage());
    const auto *start = m_window->findChild<ui::widgets::StateView *>();
    QVERIFY(start);
    m_watchdog.reset();
    m_program.reset();
}

QTEST_MAIN(TestStory)
#include "tst_story.moc"
