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
    void goTo(const ui::frame::Place &place) override { wanted = place; }
    ui::frame::Place wanted;

private:
    QList<QAction *> m_commands;
};

class SavedOpener final : public tests::NoOpener
{
public:
    QFuture<connectors::Result<std::vector<models::connection::SavedConnection>>> savedConnections() override
    {
        models::connection::SavedConnection saved;
        saved.spec.name = QStringLiteral("prod-eu");
        return tests::answered<std::vector<models::connection::SavedConnection>>(std::vector{saved});
    }
    QFuture<connectors::Result<connectors::ConnectionSpec>> find(const QString &name) override
    {
        opened += name;
        return NoOpener::find(name);
    }
    QStringList opened;
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

    void whatHasANameIsFoundByItAndGoneTo()
    {
        auto *consumers = new FakePage(QStringLiteral("consumers"));
        m_window->addPage(consumers);
        const auto connector = std::make_shared<tests::FakeConsumerConnector>();
        connector->add(QStringLiteral("payments"), connectors::ConsumerActivity::Active, {5}, 9);
        open(QStringLiteral("shop"), connector);
        QTRY_VERIFY(m_workspace->connections().front()->consumers().hasValue());
        find(QStringLiteral("PAYM"));
        QCOMPARE(found().front(), QStringLiteral("payments    consumer on shop"));
        QTest::keyClick(line(), Qt::Key_Return);
        QCOMPARE(consumers->wanted, (ui::frame::Place{QStringLiteral("consumers"), QStringLiteral("shop"), QStringLiteral("payments"), {}}));
        find(QStringLiteral("shop"));
        QCOMPARE(found().front(), QStringLiteral("shop    open connection"));
    }

    void aSavedConnectionIsOpenedByItsName()
    {
        open(QStringLiteral("shop"));
        find(QStringLiteral("prod"));
        QTRY_COMPARE(found().front(), QStringLiteral("prod-eu    saved connection, opens it"));
        QTest::keyClick(line(), Qt::Key_Return);
        QCOMPARE(m_opener.opened, QStringList{QStringLiteral("prod-eu")});
    }

    void whatNothingIsCalledIsSaidAndSearchedForInTraces()
    {
        auto *traces = new FakePage(QStringLiteral("traces"));
        m_window->addPage(traces);
        open(QStringLiteral("shop"));
        find(QStringLiteral("xyz<b>"));
        QCOMPARE(found(), (QStringList{QStringLiteral("Nothing is called “xyz<b>”"), QStringLiteral("Search traces for “xyz<b>”")}));
        QTest::keyClick(line(), Qt::Key_Return);
        QCOMPARE(traces->wanted.object, QStringLiteral("xyz<b>"));
        QCOMPARE(m_window->currentPage(), traces);
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
    void open(const QString &name, const std::shared_ptr<tests::FakeConsumerConnector> &connector = std::make_shared<tests::FakeConsumerConnector>())
    {
        connectors::ConnectionSpec spec;
        spec.name = name;
        m_workspace->add(spec, connector);
    }
    [[nodiscard]] QLineEdit *line() const { return m_window->findChild<QLineEdit *>(QStringLiteral("palette-edit")); }
    void find(const QString &text) const
    {
        m_window->openPalette();
        QTest::keyClicks(line(), text);
    }
    [[nodiscard]] QStringList found() const
    {
        const auto *list = m_window->findChild<QListWidget *>(QStringLiteral("palette-list"));
        QStringList all;
        for (int row = 0; row < list->count(); ++row)
            all += list->item(row)->text();
        return all;
    }
    static QStringList namesOf(const QMenu &menu)
    {
        QStringList names;
        for (const QAction *action : menu.actions())
            names += action->objectName();
        return names;
    }

    SavedOpener m_opener;
    std::optional<tests::QtWarningsFail> m_warningsFail;
    std::unique_ptr<Workspace> m_workspace;
    std::unique_ptr<models::job::JobList> m_jobs;
    std::unique_ptr<MainWindow> m_window;
};

QTEST_MAIN(TestMainMenu)
#include "tst_main_menu.moc"
