// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/fake_consumer_connector.h"
#include "tests/support/fake_dead_letter_connector.h"
#include "tests/support/qt_warnings_fail.h"
#include "ui/frame/main_window.h"

#include <QAction>
#include <QLineEdit>
#include <QListWidget>
#include <QMenu>
#include <QMenuBar>
#include <QTest>

using models::connection::Workspace;
using ui::frame::MainWindow;
using ui::frame::Page;

namespace {

class FakePage final : public Page
{
public:
    explicit FakePage(const QString &id)
        : Page(id, id, QStringLiteral("event"))
    {
        auto *action = new QAction(QStringLiteral("Do what %1 does").arg(id), this);
        action->setObjectName(QStringLiteral("own-") + id);
        m_commands.append(action);
    }
    [[nodiscard]] QList<QAction *> commands() const override { return m_commands; }

private:
    QList<QAction *> m_commands;
};

} // namespace

class TestMainMenu final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_warningsFail.emplace();
        m_workspace = std::make_unique<Workspace>(m_opener);
        m_jobs = std::make_unique<models::job::JobList>();
        m_window = std::make_unique<MainWindow>(*m_workspace, *m_jobs);
        m_window->addPage(new FakePage(QStringLiteral("one")));
        m_window->addPage(new FakePage(QStringLiteral("two")));
        m_window->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_window.get()));
    }
    void cleanup()
    {
        m_window.reset();
        m_jobs.reset();
        m_workspace.reset();
        m_warningsFail.reset();
    }

    void everyActionOfTheWindowIsInAMenuAndInThePalette()
    {
        open(QStringLiteral("shop"));
        QStringList inMenus;
        for (const QAction *top : m_window->menuBar()->actions())
            if (top->isVisible())
                for (const QAction *action : top->menu()->actions())
                    if (!action->isSeparator())
                        inMenus += action->objectName();
        QStringList wanted{QStringLiteral("own-one"), QStringLiteral("action-close-shop")};
        for (const QAction *action : m_window->actions())
            wanted += action->objectName();
        m_window->openPalette();
        QStringList inPalette;
        const auto *list = m_window->findChild<QListWidget *>(QStringLiteral("palette-list"));
        for (int row = 0; row < list->count(); ++row)
            inPalette += list->item(row)->data(Qt::UserRole).value<QObject *>()->objectName();
        for (QStringList *each : {&inMenus, &inPalette, &wanted})
            each->sort();
        QCOMPARE(inMenus, wanted);
        QCOMPARE(inPalette, wanted);
    }

    void thePageMenuIsThatOfThePageShown()
    {
        const QMenu *menu = m_window->findChild<QMenu *>(QStringLiteral("menu-page"));
        QVERIFY(!menu->menuAction()->isVisible()); // nothing is open, so no page is shown
        open(QStringLiteral("shop"));
        QVERIFY(menu->menuAction()->isVisible());
        QCOMPARE(namesOf(*menu), QStringList{QStringLiteral("own-one")});
        m_window->goTo({QStringLiteral("two"), {}, {}, {}});
        QCOMPARE(namesOf(*menu), QStringList{QStringLiteral("own-two")});
        m_workspace->close(QStringLiteral("shop"));
        QVERIFY(!menu->menuAction()->isVisible());
    }

    void aConnectionIsClosedFromItsMenu()
    {
        open(QStringLiteral("a & <b>"));
        auto *action = m_window->findChild<QAction *>(QStringLiteral("action-close-a & <b>"));
        QVERIFY(action);
        QCOMPARE(action->text(), QStringLiteral("Close the connection a && <b>"));
        QVERIFY2(action->toolTip().contains(QStringLiteral("&lt;b&gt;")), qPrintable(action->toolTip()));
        action->trigger();
        QVERIFY(m_workspace->connections().isEmpty());
        QTRY_VERIFY(!m_window->findChild<QAction *>(QStringLiteral("action-close-a & <b>")));
    }

    void thePaletteShowsAnAmpersandAsItIs()
    {
        open(QStringLiteral("a & b"));
        m_window->openPalette();
        QTest::keyClicks(m_window->findChild<QLineEdit *>(QStringLiteral("palette-edit")), QStringLiteral("closea&b"));
        const auto *list = m_window->findChild<QListWidget *>(QStringLiteral("palette-list"));
        QCOMPARE(list->item(0)->text(), QStringLiteral("Close the connection a & b"));
    }

    void noShortcutIsGivenTwice()
    {
        QHash<QString, QString> owners;
        for (const QAction *action : m_window->actions()) {
            const QString shortcut = action->shortcut().toString();
            if (shortcut.isEmpty())
                continue;
            QVERIFY2(!owners.contains(shortcut), qPrintable(shortcut + u' ' + action->objectName() + u' ' + owners.value(shortcut)));
            owners.insert(shortcut, action->objectName());
        }
        QCOMPARE(owners.value(QStringLiteral("Ctrl+K")), QStringLiteral("action-palette"));
        QCOMPARE(owners.value(QStringLiteral("F5")), QStringLiteral("action-refresh"));
        QCOMPARE(owners.value(QStringLiteral("Ctrl+2")), QStringLiteral("action-page-two"));
        QCOMPARE(owners.value(QStringLiteral("Alt+Left")), QStringLiteral("action-back"));
    }

private:
    void open(const QString &name)
    {
        connectors::ConnectionSpec spec;
        spec.name = name;
        m_workspace->add(spec, std::make_shared<tests::FakeConsumerConnector>());
    }
    static QStringList namesOf(const QMenu &menu)
    {
        QStringList names;
        for (const QAction *action : menu.actions())
            names += action->objectName();
        return names;
    }

    tests::NoOpener m_opener;
    std::optional<tests::QtWarningsFail> m_warningsFail;
    std::unique_ptr<Workspace> m_workspace;
    std::unique_ptr<models::job::JobList> m_jobs;
    std::unique_ptr<MainWindow> m_window;
};

QTEST_MAIN(TestMainMenu)
#include "tst_main_menu.moc"
