// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/program.h"
#include "connectors/remote/worker_connector.h"
#include "models/replay/change.h"
#include "tests/support/child_processes.h"
#include "tests/support/gui_watchdog.h"
#include "tests/support/qt_warnings_fail.h"
#include "tests/support/store_fixture.h"

#include <QAction>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>

#include <fcntl.h>
#include <sys/stat.h>

using models::connection::Connection;
using models::journal::State;
using models::replay::Stage;

/// The window while the process that holds its connection dies, or stands still.
class TestWorkerDeath final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        m_failpoint = QFile::encodeName(m_pipes.filePath(QStringLiteral("failpoint")));
        QCOMPARE(mkfifo(m_failpoint.constData(), 0600), 0);
        qputenv("STREAMGAUGE_FAILPOINT", "apply.set.before=" + m_failpoint);
    }
    void init()
    {
        m_warningsFail.emplace();
        m_folder = std::make_unique<QTemporaryDir>();
        gui::Options options;
        options.demo = session::DemoOptions();
        options.demo->historyEvents = 500;
        const gui::ProgramPlaces places{m_folder->filePath(QStringLiteral("connections.json")), QString(), m_folder->filePath(QStringLiteral("journal.db")),
                                        session::SecretStore::Backend::MemoryOnly};
        m_program = std::make_unique<gui::Program>(options, places, nullptr);
        m_program->start();
        for (QWidget *widget : QApplication::topLevelWidgets())
            if (auto *window = qobject_cast<ui::frame::MainWindow *>(widget))
                m_window = window;
        QTRY_VERIFY_WITH_TIMEOUT(!m_program->workspace().connections().isEmpty(), 20'000);
        QTRY_VERIFY_WITH_TIMEOUT(connection()->consumers().hasValue() && connection()->streams().hasValue(), 20'000);
        m_watchdog.emplace();
    }
    void cleanup()
    {
        m_watchdog.reset();
        m_program.reset();
        QCOMPARE(tests::childProcesses().size(), size_t(0));
        m_warningsFail.reset();
    }

    void itGoesOnWithANewProcess_data()
    {
        QTest::addColumn<int>("signal");
        QTest::newRow("killed") << SIGKILL;
        QTest::newRow("crashed") << tests::CrashSignal;
        QTest::newRow("aborted") << SIGABRT;
    }

    void itGoesOnWithANewProcess()
    {
        QFETCH(int, signal);
        const auto before = tests::childProcesses();
        QCOMPARE(before.size(), size_t(1));
        const size_t known = connection()->consumers().value.consumers.size();
        const quint64 asked = connection()->consumers().generation;
        tests::signalChildren(signal);
        const auto isAnotherThere = [&before] {
            const auto now = tests::childProcesses();
            return now.size() == 1 && now != before;
        };
        QTRY_VERIFY_WITH_TIMEOUT(isAnotherThere(), 20'000);
        QTRY_VERIFY_WITH_TIMEOUT(connection()->consumers().generation > asked + 1 && !connection()->silence(), 20'000);
        QVERIFY(connection()->isCurrent(connection()->consumers()));
        QCOMPARE(connection()->consumers().value.consumers.size(), known);
    }

    void whatWasUnderWayIsToldAndWorksAgain_data()
    {
        QTest::addColumn<int>("signal");
        QTest::addColumn<QString>("doing");
        for (const char *doing : {"lag poll", "tail", "search"}) {
            QTest::addRow("killed, %s", doing) << SIGKILL << QString::fromLatin1(doing);
            QTest::addRow("crashed, %s", doing) << tests::CrashSignal << QString::fromLatin1(doing);
            QTest::addRow("stopped, %s", doing) << SIGSTOP << QString::fromLatin1(doing);
        }
    }

    void whatWasUnderWayIsToldAndWorksAgain()
    {
        QFETCH(int, signal);
        QFETCH(QString, doing);
        const bool isStopped = signal == SIGSTOP;
        m_window->goTo({doing == u"lag poll" ? QStringLiteral("consumers") : QStringLiteral("streams"), {}, {}, {}});
        QTRY_VERIFY_WITH_TIMEOUT(rows() > 0, 20'000);
        begin(doing);
        if (doing == u"tail")
            QTRY_VERIFY_WITH_TIMEOUT(rows() > 0, 20'000);
        const int shown = rows();
        const auto before = tests::childProcesses();
        tests::signalChildren(signal);
        if (isStopped) {
            QTRY_VERIFY_WITH_TIMEOUT(chipWords().contains(QStringLiteral("not responding")), 60'000);
            QVERIFY(connection()->silence()); // what is shown is said to be old
            QVERIFY(rows() >= shown);
            restartFromTheChip();
        } else {
            QTRY_VERIFY_WITH_TIMEOUT(chipWords().contains(QStringLiteral("its process was ended by signal %1").arg(signal)), 20'000);
            QVERIFY(m_window->findChild<QLabel *>(QStringLiteral("status-message"))->text().contains(QStringLiteral("was ended by signal")));
            QVERIFY(rows() >= shown);
        }
        const auto isWell = [this, &before] {
            const auto now = tests::childProcesses();
            return now.size() == 1 && now != before && connection()->process().isResponding() && !connection()->silence() && chipWords().contains(QStringLiteral(": open"));
        };
        QTRY_VERIFY_WITH_TIMEOUT(isWell(), 40'000);
        const quint64 asked = connection()->consumers().generation;
        QTRY_VERIFY_WITH_TIMEOUT(connection()->consumers().generation > asked && connection()->isCurrent(connection()->consumers()), 60'000);
        m_window->findChild<QAction *>(QStringLiteral("streams-cancel"))->trigger();
        begin(doing);
        QTRY_VERIFY_WITH_TIMEOUT(rows() > 0, 20'000);
        QCOMPARE(connection()->process().report()->deaths, isStopped ? 0 : 1);
    }

    void oneThatGoesOnByItselfIsOpenAgain()
    {
        const auto before = tests::childProcesses();
        tests::signalChildren(SIGSTOP);
        QTRY_VERIFY_WITH_TIMEOUT(chipWords().contains(QStringLiteral("not responding")), 60'000);
        tests::signalChildren(SIGCONT);
        QTRY_VERIFY_WITH_TIMEOUT(chipWords().contains(QStringLiteral(": open")) && !connection()->silence(), 20'000);
        QCOMPARE(tests::childProcesses(), before);
    }

    void aResetWhoseWorkersFailIsNeverSaidToBeDoneAndIsFoundOut_data()
    {
        QTest::addColumn<int>("signal");
        QTest::newRow("killed") << SIGKILL;
        QTest::newRow("crashed") << tests::CrashSignal;
        QTest::newRow("stopped") << SIGSTOP;
    }

    void aResetWhoseWorkersFailIsNeverSaidToBeDoneAndIsFoundOut()
    {
        QFETCH(int, signal);
        const tests::StoreFixture store;
        fill(store);
        m_program->workspace().open(QStringLiteral("sqlite:%1?environment=development").arg(store.path()));
        const auto opened = [this] {
            const auto &connections = m_program->workspace().connections();
            return connections.size() == 2 && connections.back()->consumers().hasValue() ? connections.back() : nullptr;
        };
        QTRY_VERIFY_WITH_TIMEOUT(opened(), 20'000);
        models::replay::ResetRequest request;
        request.consumer = QStringLiteral("reader");
        request.isAllStreams = true;
        models::replay::Change *change = m_program->replay().resetOf(opened()->spec(), request.consumer);
        change->planReset(request);
        QTRY_COMPARE_WITH_TIMEOUT(change->stage(), Stage::Reviewing, 20'000);
        change->apply({}, QStringLiteral("a test"), false);
        int end = -1;
        const auto isAboutToSend = [this, &end] {
            end = end < 0 ? ::open(m_failpoint.constData(), O_WRONLY | O_NONBLOCK | O_CLOEXEC) : end;
            return end >= 0;
        };
        QTRY_VERIFY2_WITH_TIMEOUT(isAboutToSend(), change->error() ? qPrintable(connectors::describe(*change->error())) : "", 20'000);
        tests::signalChildren(signal); // the one that looks, the one that reads for the change, and the one that writes
        ::close(end);
        QTRY_COMPARE_WITH_TIMEOUT(change->stage(), Stage::Ended, 200'000);
        QVERIFY(change->outcome());
        QVERIFY2(change->outcome()->state == State::Unknown || change->outcome()->state == State::NotApplied, qPrintable(models::journal::wordOf(change->outcome()->state)));
        if (signal == SIGSTOP) {
            QTRY_VERIFY_WITH_TIMEOUT(chipWords().contains(QStringLiteral("not responding")), 60'000);
            tests::signalChildren(SIGCONT);
        }
        QTRY_VERIFY_WITH_TIMEOUT(chipWords().contains(QStringLiteral(": open")) && !connection()->silence() && !opened()->silence(), 40'000);
        if (change->outcome()->state == State::Unknown)
            change->findOut();
        QTRY_VERIFY_WITH_TIMEOUT(change->outcome()->state == State::NotApplied, 60'000);
    }

private:
    /// One event, and a consumer that has read it.
    static void fill(const tests::StoreFixture &store)
    {
        connectors::remote::WorkerOpening opening{{qEnvironmentVariable("STREAMGAUGE_WORKER")}, {store.spec(true), {}}};
        const auto connector = connectors::remote::openThroughWorker(opening);
        QVERIFY2(connector, connector ? "" : qPrintable(connectors::describe(connector.error())));
        QVERIFY(tests::answerOf((*connector)->eventWriter()->append({tests::newEvent(QStringLiteral("orders"), QStringLiteral("e-1"))})).has_value());
        const auto writer = connectors::remote::openCheckpointWriterThroughWorker(opening);
        QVERIFY(writer && (*writer)->apply(QStringLiteral("reader"), {{QStringLiteral("orders"), 0, 2, {}}}));
    }
    /// Of the table that matters on the page.
    [[nodiscard]] int rows() const
    {
        const auto *table = m_window->currentPage()->findChild<QTableView *>(m_window->currentPage()->id() == u"streams" ? QStringLiteral("event-table") : QStringLiteral("consumer-table"));
        return table && table->model() ? table->model()->rowCount() : 0;
    }
    void begin(const QString &doing)
    {
        m_watchdog->endTurn();
        if (doing == u"tail")
            m_window->findChild<QAction *>(QStringLiteral("streams-tail"))->trigger();
        else if (doing == u"search")
            m_window->findChild<QAction *>(QStringLiteral("streams-whole"))->trigger();
        else
            m_program->workspace().refresh();
    }
    [[nodiscard]] QToolButton *chip() const { return m_window->findChild<QToolButton *>(QStringLiteral("chip-") + connection()->name()); }
    [[nodiscard]] QString chipWords() const { return chip()->accessibleName(); }
    void restartFromTheChip()
    {
        Q_EMIT chip()->menu()->aboutToShow();
        auto *entry = chip()->menu()->findChild<QAction *>(QStringLiteral("restart-process"));
        QVERIFY(entry);
        entry->trigger();
    }
    [[nodiscard]] const Connection *connection() const { return m_program->workspace().connections().front(); }

    QTemporaryDir m_pipes;
    QByteArray m_failpoint; ///< where every change waits before it is sent
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<gui::Program> m_program;
    ui::frame::MainWindow *m_window = nullptr;
    std::optional<tests::GuiWatchdog> m_watchdog;
    std::optional<tests::QtWarningsFail> m_warningsFail;
};

QTEST_MAIN(TestWorkerDeath)
#include "tst_worker_death.moc"
