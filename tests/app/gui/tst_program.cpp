// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/about.h"
#include "app/gui/program.h"
#include "tests/support/qt_warnings_fail.h"
#include "ui/widgets/text.h"

#include <QAction>
#include <QFileInfo>
#include <QLabel>
#include <QSettings>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using gui::Program;
using ui::frame::MainWindow;

class TestProgram : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void theDemoOpensAndItsStoreIsGoneAtTheEnd();
    void aPictureIsWritten();
    void aPictureThatCannotBeWrittenIsTold();
    void aSizeThatIsAskedForIsThatOfTheWindow();
    void whatIsOpenIsOpenedAgainNextTime();
    void anotherWindowShowsTheSameConnections();
    void aLinkToAnUnknownConnectionOpensTheDialog();
    void theVersionAndTheLicenceAreTold();
    void timesAreWrittenInUtcWhereWantedAndNextTimeToo();
    void whatIsChosenIsTickedInEveryWindow();
    void aHistoryThatCannotBeKeptIsToldAndTheRestGoesOn();

private:
    [[nodiscard]] gui::ProgramPlaces places() const;
    [[nodiscard]] static gui::Options demo();
    [[nodiscard]] QString path(const char *name) const { return m_folder->filePath(QString::fromLatin1(name)); }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::optional<tests::QtWarningsFail> m_warningsFail;
};

void TestProgram::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    QVERIFY(m_folder->isValid());
    m_warningsFail.emplace();
}

void TestProgram::cleanup()
{
    m_warningsFail.reset();
}

gui::ProgramPlaces TestProgram::places() const
{
    return {path("connections.json"), QString(), path("journal.db"), session::SecretStore::Backend::MemoryOnly};
}

gui::Options TestProgram::demo()
{
    gui::Options options;
    options.demo = session::DemoOptions();
    options.demo->historyEvents = 500;
    return options;
}

void TestProgram::theDemoOpensAndItsStoreIsGoneAtTheEnd()
{
    QString store;
    {
        Program program(demo(), places(), nullptr);
        program.start();
        QTRY_VERIFY_WITH_TIMEOUT(!program.workspace().connections().isEmpty(), 20'000);
        const auto *connection = program.workspace().connections().front();
        QTRY_VERIFY_WITH_TIMEOUT(!connection->consumers().value.consumers.empty(), 20'000);
        store = connection->spec().path;
        QVERIFY(QFileInfo::exists(store));
    }
    QVERIFY(!QFileInfo::exists(QFileInfo(store).path()));
}

void TestProgram::aPictureIsWritten()
{
    gui::Options options = demo();
    options.screenshotFile = path("picture.png");
    options.afterSeconds = 0.1;
    options.size = QSize(1280, 800);
    options.page = QStringLiteral("consumers");
    Program program(options, places(), nullptr);
    QSignalSpy taken(&program, &Program::pictureTaken);
    program.start();
    QVERIFY(taken.wait(20'000));
    QVERIFY(!taken.front().front().value<std::optional<connectors::Error>>());
    QCOMPARE(QImage(options.screenshotFile).size(), QSize(1280, 800));
}

void TestProgram::aPictureThatCannotBeWrittenIsTold()
{
    gui::Options options = demo();
    options.screenshotFile = path("no such folder/picture.png");
    options.afterSeconds = 0;
    Program program(options, places(), nullptr);
    QSignalSpy taken(&program, &Program::pictureTaken);
    program.start();
    QVERIFY(taken.wait(20'000));
    const auto problem = taken.front().front().value<std::optional<connectors::Error>>();
    QVERIFY(problem && problem->message.contains(options.screenshotFile));
}

void TestProgram::aSizeThatIsAskedForIsThatOfTheWindow()
{
    QSettings settings(path("settings.ini"), QSettings::IniFormat);
    {
        Program program({}, places(), &settings);
        MainWindow *window = program.openWindow();
        window->showMaximized();
        window->close();
    }
    gui::Options options;
    options.size = QSize(1100, 720);
    Program program(options, places(), &settings);
    MainWindow *window = program.openWindow();
    window->show();
    QVERIFY(QTest::qWaitForWindowExposed(window));
    QVERIFY(!window->isMaximized());
    QCOMPARE(window->size(), QSize(1100, 720));
}

void TestProgram::whatIsOpenIsOpenedAgainNextTime()
{
    session::DemoOptions shop;
    shop.storePath = path("shop.db");
    shop.historyEvents = 200;
    session::Demo store(shop);
    QVERIFY(store.start());
    store.stop();
    QSettings settings(path("settings.ini"), QSettings::IniFormat);
    const QString address = QStringLiteral("sqlite:") + shop.storePath;
    {
        Program program({}, places(), &settings);
        MainWindow *window = program.openWindow();
        window->show();
        program.workspace().open(address);
        QTRY_COMPARE_WITH_TIMEOUT(program.workspace().connections().size(), 1, 20'000);
        window->close();
    }
    Program program({}, places(), &settings);
    program.start();
    QTRY_COMPARE_WITH_TIMEOUT(program.workspace().connections().size(), 1, 20'000);
    QCOMPARE(program.workspace().connections().front()->name(), address);
}

void TestProgram::anotherWindowShowsTheSameConnections()
{
    Program program(demo(), places(), nullptr);
    program.start();
    QTRY_VERIFY_WITH_TIMEOUT(!program.workspace().connections().isEmpty(), 20'000);
    MainWindow *first = nullptr;
    for (QWidget *widget : QApplication::topLevelWidgets())
        if (auto *window = qobject_cast<MainWindow *>(widget))
            first = window;
    QVERIFY(first);
    first->findChild<QAction *>(QStringLiteral("action-new-window"))->trigger();
    const auto countWindows = [] {
        const auto widgets = QApplication::topLevelWidgets();
        return std::count_if(widgets.cbegin(), widgets.cend(), [](const QWidget *each) { return qobject_cast<const MainWindow *>(each) && each->isVisible(); });
    };
    QCOMPARE(countWindows(), 2);
    const auto widgets = QApplication::topLevelWidgets();
    for (const QWidget *widget : widgets)
        if (qobject_cast<const MainWindow *>(widget))
            QVERIFY(widget->findChild<QWidget *>(QStringLiteral("chip-demo shop")));
    first->close();
    QTRY_COMPARE(countWindows(), 1);
}

void TestProgram::aLinkToAnUnknownConnectionOpensTheDialog()
{
    const auto options = gui::parseOptions({QStringLiteral("streamgauge://nobody/consumers/payments")});
    QVERIFY(options);
    Program program(*options, places(), nullptr);
    program.start();
    QWidget *dialog = nullptr;
    const auto findDialog = [&dialog] {
        for (QWidget *widget : QApplication::topLevelWidgets())
            if (widget->objectName() == QStringLiteral("connection-dialog"))
                dialog = widget;
        return dialog != nullptr;
    };
    QTRY_VERIFY_WITH_TIMEOUT(findDialog(), 20'000);
    QVERIFY(program.workspace().connections().isEmpty());
}

void TestProgram::theVersionAndTheLicenceAreTold()
{
    Program program({}, places(), nullptr);
    MainWindow *window = program.openWindow();
    window->show();
    window->findChild<QAction *>(QStringLiteral("action-about"))->trigger();
    const auto *words = window->findChild<QLabel *>(QStringLiteral("about-words"));
    QVERIFY(words && words->isVisible());
    QVERIFY(words->text().contains(QStringLiteral(STREAMGAUGE_VERSION)));
    QVERIFY(words->text().contains(QStringLiteral("General Public License")));
    for (const QString &library : gui::libraryVersions())
        QVERIFY2(words->text().contains(library), qPrintable(library));
}

void TestProgram::timesAreWrittenInUtcWhereWantedAndNextTimeToo()
{
    using namespace ui::widgets::text;
    constexpr connectors::EpochMs Noon = 1'772'366'400'000; // 2026-03-01T12:00:00Z
    QSettings settings(path("settings.ini"), QSettings::IniFormat);
    {
        Program program({}, places(), &settings);
        MainWindow *window = program.openWindow();
        window->findChild<QAction *>(QStringLiteral("action-times-utc"))->trigger();
        QCOMPARE(localTime(Noon), QStringLiteral("2026-03-01 12:00:00.000"));
    }
    setTimeZone(TimeZone::Local);
    Program program({}, places(), &settings);
    QCOMPARE(timeZone(), TimeZone::Utc);
    program.openWindow()->findChild<QAction *>(QStringLiteral("action-times-local"))->trigger();
    QCOMPARE(timeZone(), TimeZone::Local);
    QCOMPARE(dateTime(Noon).timeSpec(), Qt::LocalTime);
}

void TestProgram::whatIsChosenIsTickedInEveryWindow()
{
    QSettings settings(path("settings.ini"), QSettings::IniFormat);
    Program program({}, places(), &settings);
    const QList<MainWindow *> windows{program.openWindow(), program.openWindow()};
    const auto ticked = [](const MainWindow *window) {
        QStringList names;
        for (const QAction *action : window->actions())
            if (action->isChecked())
                names += action->objectName();
        names.sort();
        return names.join(u' ');
    };
    for (const MainWindow *window : windows)
        QCOMPARE(ticked(window), QStringLiteral("action-colours-system action-times-local"));
    windows.front()->findChild<QAction *>(QStringLiteral("action-colours-dark"))->trigger();
    windows.front()->findChild<QAction *>(QStringLiteral("action-times-utc"))->trigger();
    for (const MainWindow *window : windows)
        QCOMPARE(ticked(window), QStringLiteral("action-colours-dark action-times-utc"));
    QCOMPARE(ticked(program.openWindow()), QStringLiteral("action-colours-dark action-times-utc"));
    // For the tests that follow.
    windows.back()->findChild<QAction *>(QStringLiteral("action-colours-system"))->trigger();
    windows.back()->findChild<QAction *>(QStringLiteral("action-times-local"))->trigger();
}

void TestProgram::aHistoryThatCannotBeKeptIsToldAndTheRestGoesOn()
{
    gui::ProgramPlaces places = this->places();
    places.historyFolder = path("no folder");
    QFile inTheWay(places.historyFolder);
    QVERIFY(inTheWay.open(QIODevice::WriteOnly));
    Program program(demo(), places, nullptr);
    program.start();
    const auto told = [&places] {
        for (const QWidget *widget : QApplication::topLevelWidgets())
            for (const QLabel *label : widget->findChildren<QLabel *>(QStringLiteral("status-message")))
                if (label->text().contains(places.historyFolder))
                    return true;
        return false;
    };
    QTRY_VERIFY_WITH_TIMEOUT(told(), 20'000);
    QTRY_VERIFY_WITH_TIMEOUT(!program.workspace().connections().isEmpty() && !program.workspace().connections().front()->consumers().value.consumers.empty(), 20'000);
}

QTEST_MAIN(TestProgram)
#include "tst_program.moc"
