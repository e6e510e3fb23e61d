// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/fake_dead_letter_connector.h"
#include "tests/support/qt_warnings_fail.h"
#include "ui/frame/chip_row.h"
#include "ui/frame/main_window.h"

#include <QMenu>
#include <QTest>
#include <QToolButton>

namespace {

QString longName(int number)
{
    return QStringLiteral("warehouse-production-%1-europe").arg(number);
}

} // namespace

class TestChipRow final : public QObject
{
    Q_OBJECT

private:
    tests::QtWarningsFail m_warningsFail;
    tests::NoOpener m_opener;

    static void open(models::connection::Workspace &workspace, int count)
    {
        for (int i = 0; i < count; ++i) {
            connectors::ConnectionSpec spec;
            spec.name = longName(i);
            workspace.add(spec, std::make_shared<tests::FakeDeadLetterConnector>());
        }
    }

private Q_SLOTS:
    void eightConnectionsOfLongNamesLeaveTheWindowNarrow()
    {
        models::connection::Workspace workspace(m_opener);
        models::job::JobList jobs;
        ui::frame::MainWindow window(workspace, jobs);
        open(workspace, 8);
        window.resize(1024, 700);
        window.show();
        QVERIFY(QTest::qWaitForWindowExposed(&window));
        QVERIFY2(window.minimumSizeHint().width() <= 1024, qPrintable(QString::number(window.minimumSizeHint().width())));
        QCOMPARE(window.width(), 1024);
        for (const char *name : {"open-palette", "live", "time-range", "add-connection", "more-connections"}) {
            const auto *control = window.findChild<QWidget *>(QLatin1String(name));
            QVERIFY(control && control->isVisible());
            QVERIFY2(control->mapTo(&window, QPoint(control->width(), 0)).x() <= window.width(), name);
        }
    }

    void whatHasNoRoomIsInTheMenuOfTheButtonThatCountsIt()
    {
        models::connection::Workspace workspace(m_opener);
        models::job::JobList jobs;
        ui::frame::MainWindow window(workspace, jobs);
        open(workspace, 8);
        window.resize(1024, 700);
        window.show();
        QVERIFY(QTest::qWaitForWindowExposed(&window));
        const auto *row = window.findChild<ui::frame::ChipRow *>();
        const auto *more = row->findChild<QToolButton *>(QStringLiteral("more-connections"));
        int shown = 0;
        for (int i = 0; i < 8; ++i)
            shown += row->findChild<QToolButton *>(QStringLiteral("chip-") + longName(i))->isVisible() ? 1 : 0;
        QVERIFY(shown > 0);
        QCOMPARE(row->hiddenCount(), 8 - shown);
        QCOMPARE(more->text(), QStringLiteral("+%1").arg(8 - shown));
        Q_EMIT more->menu()->aboutToShow();
        QCOMPARE(more->menu()->actions().size(), 8 - shown);
        const QAction *last = more->menu()->actions().constLast();
        QVERIFY(last->text().contains(longName(7).left(10)));
        Q_EMIT last->menu()->aboutToShow();
        QVERIFY(!last->menu()->isEmpty());

        for (int i = 0; i < 7; ++i)
            workspace.close(longName(i));
        QTRY_VERIFY(!more->isVisible());
        QVERIFY(row->findChild<QToolButton *>(QStringLiteral("chip-") + longName(7))->isVisible());
    }

    void oneThatHasFailedAndHasNoRoomIsTold()
    {
        models::connection::Workspace workspace(m_opener);
        models::job::JobList jobs;
        ui::frame::MainWindow window(workspace, jobs);
        open(workspace, 7);
        connectors::ConnectionSpec spec;
        spec.name = longName(7);
        const auto broken = std::make_shared<tests::FakeDeadLetterConnector>();
        broken->failWith({connectors::ErrorCode::CannotConnect, QStringLiteral("refused"), {}, true});
        workspace.add(spec, broken);
        window.resize(1024, 700);
        window.show();
        QVERIFY(QTest::qWaitForWindowExposed(&window));
        const auto *more = window.findChild<QToolButton *>(QStringLiteral("more-connections"));
        QTRY_VERIFY(!more->icon().isNull());
        QVERIFY2(more->toolTip().endsWith(QStringLiteral("1 of them do not answer")), qPrintable(more->toolTip()));
        Q_EMIT more->menu()->aboutToShow();
        QVERIFY(more->menu()->actions().constLast()->text().endsWith(QStringLiteral("(does not answer)")));
        QVERIFY(!more->menu()->actions().constFirst()->text().endsWith(QStringLiteral("(does not answer)")));
        workspace.close(longName(7));
        QTRY_VERIFY(more->icon().isNull());
    }
};

QTEST_MAIN(TestChipRow)
#include "tst_chip_row.moc"
