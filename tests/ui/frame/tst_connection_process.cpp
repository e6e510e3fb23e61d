// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/fake_consumer_connector.h"
#include "tests/support/fake_dead_letter_connector.h"
#include "tests/support/fake_process.h"
#include "tests/support/qt_warnings_fail.h"
#include "ui/frame/main_window.h"

#include <QAction>
#include <QLabel>
#include <QListWidget>
#include <QMenu>
#include <QTest>
#include <QToolButton>

using models::connection::Connection;
using models::connection::Workspace;

/// How the window tells of the process that holds a connection.
class TestConnectionProcess final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_warningsFail.emplace();
        m_workspace = std::make_unique<Workspace>(m_opener);
        m_jobs = std::make_unique<models::job::JobList>();
        m_window = std::make_unique<ui::frame::MainWindow>(*m_workspace, *m_jobs);
        m_process = tests::FakeProcess();
        auto connector = std::make_shared<tests::FakeConsumerConnector>();
        connector->process = &m_process;
        connectors::ConnectionSpec spec;
        spec.name = QStringLiteral("shop");
        m_connection = m_workspace->add(spec, connector);
        m_window->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_window.get()));
        QTRY_COMPARE(m_connection->state(), models::connection::ConnectionState::Open);
    }
    void cleanup()
    {
        m_window.reset();
        m_jobs.reset();
        m_workspace.reset();
        m_warningsFail.reset();
    }

    void oneThatDoesNotRespondIsSaidSoAtItsChipAndBelow()
    {
        QVERIFY2(chip()->accessibleName().startsWith(QStringLiteral("shop: open")), qPrintable(chip()->accessibleName()));
        const QImage before = chip()->icon().pixmap(16).toImage();
        m_process.report.state = connectors::ProcessState::NotResponding;
        QTRY_VERIFY2(chip()->accessibleName().startsWith(QStringLiteral("shop: not responding")), qPrintable(chip()->accessibleName()));
        QVERIFY(chip()->toolTip().contains(QStringLiteral("not responding")));
        QVERIFY(chip()->icon().pixmap(16).toImage() != before);
        QTRY_COMPARE(label("status-rates")->text(), QStringLiteral("1 connection does not answer"));
        QVERIFY(menuEntry("not responding"));
        m_process.report.state = connectors::ProcessState::Responding;
        QTRY_VERIFY2(chip()->accessibleName().startsWith(QStringLiteral("shop: open")), qPrintable(chip()->accessibleName()));
        QTRY_COMPARE(label("status-rates")->text(), QStringLiteral("no consumers"));
    }

    void itIsRestartedFromItsMenuAndFromThePalette()
    {
        QAction *entry = menuEntry("Restart its process");
        QVERIFY(entry && entry->isEnabled());
        entry->trigger();
        QCOMPARE(m_process.restarts, 1);
        m_window->openPalette();
        const auto *list = m_window->findChild<QListWidget *>(QStringLiteral("palette-list"));
        QVERIFY(!list->findItems(QStringLiteral("Restart the process of shop"), Qt::MatchContains).isEmpty());
        m_window->findChild<QAction *>(QStringLiteral("action-restart-shop"))->trigger();
        QCOMPARE(m_process.restarts, 2);
    }

    void aConnectionWithoutAProcessOffersNoRestart()
    {
        connectors::ConnectionSpec spec;
        spec.name = QStringLiteral("here");
        m_workspace->add(spec, std::make_shared<tests::FakeConsumerConnector>());
        QVERIFY(m_window->findChild<QAction *>(QStringLiteral("action-close-here")));
        QVERIFY(!m_window->findChild<QAction *>(QStringLiteral("action-restart-here")));
    }

    void aDeathIsToldInPlainText()
    {
        QCOMPARE(label("status-message")->text(), QString());
        m_process.report.memoryLimit = 1073741824;
        m_process.die(QStringLiteral("was ended by signal 9 (Killed). It said: <b>out of memory</b>\nand more"));
        QTRY_VERIFY(!label("status-message")->text().isEmpty());
        const QString told = label("status-message")->text();
        QVERIFY2(told.startsWith(QStringLiteral("shop: At ")) && told.contains(QStringLiteral("its process was ended by signal 9 (Killed).")), qPrintable(told));
        QVERIFY2(told.contains(QStringLiteral("Another was started at ")), qPrintable(told));
        QCOMPARE(label("status-message")->textFormat(), Qt::PlainText);
        QVERIFY2(chip()->accessibleName().contains(QStringLiteral("<b>out of memory</b>")), qPrintable(chip()->accessibleName()));
        QVERIFY2(chip()->toolTip().contains(QStringLiteral("&lt;b&gt;out of memory")), qPrintable(chip()->toolTip()));
        QVERIFY2(chip()->accessibleName().contains(QStringLiteral("of memory.")), qPrintable(chip()->accessibleName()));
        QVERIFY(menuEntry("Copy how its process ended"));
        m_process.die(QStringLiteral("was ended by signal 11 (Segmentation fault)."));
        QTRY_VERIFY(chip()->accessibleName().contains(QStringLiteral("That has happened 2 times.")));
    }

private:
    [[nodiscard]] QToolButton *chip() const { return m_window->findChild<QToolButton *>(QStringLiteral("chip-shop")); }
    [[nodiscard]] QLabel *label(const char *name) const { return m_window->findChild<QLabel *>(QLatin1String(name)); }
    /// Of the chip's menu, by a part of its words.
    [[nodiscard]] QAction *menuEntry(const char *words) const
    {
        QMenu *menu = chip()->menu();
        Q_EMIT menu->aboutToShow();
        for (QAction *action : menu->actions())
            if (action->text().contains(QLatin1String(words)))
                return action;
        return nullptr;
    }

    tests::NoOpener m_opener;
    tests::FakeProcess m_process;
    std::unique_ptr<Workspace> m_workspace;
    std::unique_ptr<models::job::JobList> m_jobs;
    std::unique_ptr<ui::frame::MainWindow> m_window;
    Connection *m_connection = nullptr;
    std::optional<tests::QtWarningsFail> m_warningsFail;
};

QTEST_MAIN(TestConnectionProcess)
#include "tst_connection_process.moc"
