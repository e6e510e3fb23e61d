// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/program.h"
#include "tests/support/child_processes.h"
#include "tests/support/gui_watchdog.h"
#include "tests/support/qt_warnings_fail.h"

#include <QTemporaryDir>
#include <QTest>

using models::connection::Connection;

/// The window while the process that holds its connection dies.
class TestWorkerDeath final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
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
        QTest::newRow("crashed") << SIGSEGV;
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

private:
    [[nodiscard]] const Connection *connection() const { return m_program->workspace().connections().front(); }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<gui::Program> m_program;
    std::optional<tests::GuiWatchdog> m_watchdog;
    std::optional<tests::QtWarningsFail> m_warningsFail;
};

QTEST_MAIN(TestWorkerDeath)
#include "tst_worker_death.moc"
