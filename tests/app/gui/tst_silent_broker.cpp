// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/program.h"
#include "tests/support/child_processes.h"
#include "tests/support/gui_watchdog.h"
#include "tests/support/kafka_groups.h"
#include "tests/support/kafka_server.h"
#include "tests/support/qt_warnings_fail.h"

#include <QAction>
#include <QElapsedTimer>
#include <QFile>
#include <QLabel>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>

using models::connection::Connection;
using models::connection::ConnectionState;

namespace {

constexpr int Patience = 60'000;
constexpr qint64 Records = 20;

} // namespace

/// The window, through its worker, while a real Kafka answers nothing: its process stands still, so that every connection to
/// it stays open and silent.
class TestSilentBroker final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        REQUIRE_KAFKA();
        m_kafka = std::make_unique<tests::FreshKafka>();
        tests::KafkaProducer producer(m_kafka->bootstrap());
        producer.createTopic(QStringLiteral("orders"));
        producer.write(QStringLiteral("orders"), std::vector<tests::TestRecord>(Records, {0, "k", "{}", {}, 0}));
        tests::KafkaGroups(m_kafka->bootstrap()).commit({{QStringLiteral("billing"), {{{QStringLiteral("orders"), 0}, 3}}}});
        gui::Options options;
        options.connections = {QStringLiteral("kafka://%1?environment=development").arg(m_kafka->bootstrap())};
        const gui::ProgramPlaces places{m_folder.filePath(QStringLiteral("connections.json")), QString(), m_folder.filePath(QStringLiteral("journal.db")),
                                        session::SecretStore::Backend::MemoryOnly};
        m_program = std::make_unique<gui::Program>(options, places, nullptr);
        m_program->start();
        for (QWidget *widget : QApplication::topLevelWidgets())
            if (auto *window = qobject_cast<ui::frame::MainWindow *>(widget))
                m_window = window;
        QTRY_VERIFY_WITH_TIMEOUT(!m_program->workspace().connections().isEmpty(), Patience);
        QTRY_VERIFY_WITH_TIMEOUT(connection()->consumers().isFresh() && connection()->streams().isFresh(), Patience);
        m_watchdog.emplace();
    }
    void cleanupTestCase()
    {
        m_watchdog.reset();
        m_program.reset();
        m_kafka.reset();
        QCOMPARE(tests::childProcesses().size(), size_t(0));
    }
    void init() { m_warningsFail.emplace(); }
    void cleanup() { m_warningsFail.reset(); }

    void aBrokerThatFallsSilentIsNoticedAndWhatIsShownIsOld()
    {
        m_window->goTo({QStringLiteral("consumers"), {}, {}, {}});
        QTRY_VERIFY_WITH_TIMEOUT(connection()->isCurrent(connection()->consumers()), Patience);
        signalBroker(SIGSTOP);
        QElapsedTimer clock;
        clock.start();
        QTRY_VERIFY_WITH_TIMEOUT(connection()->silence(), Patience);
        qInfo("The silence was noticed after %lld ms.", static_cast<long long>(clock.elapsed()));
        QVERIFY(connection()->process().isResponding()); // the broker, and not the process that asks it
        const auto *chip = m_window->findChild<QToolButton *>(QStringLiteral("chip-") + connection()->name());
        QVERIFY2(chip->accessibleName().contains(QStringLiteral("not answering")), qPrintable(chip->accessibleName()));
        QVERIFY(!connection()->isCurrent(connection()->consumers()));
        QCOMPARE(connection()->consumers().value.consumers.size(), size_t(1)); // what was known stays
        const auto *table = m_window->currentPage()->findChild<QTableView *>(QStringLiteral("consumer-table"));
        QTRY_VERIFY2(wordsOf(*table).contains(QStringLiteral("unknown"), Qt::CaseInsensitive), qPrintable(wordsOf(*table)));

        signalBroker(SIGCONT);
        QTRY_VERIFY_WITH_TIMEOUT(!connection()->silence() && connection()->isCurrent(connection()->consumers()), Patience);
        QVERIFY2(chip->accessibleName().contains(QStringLiteral(": open")), qPrintable(chip->accessibleName()));
    }

private:
    [[nodiscard]] const Connection *connection() const { return m_program->workspace().connections().front(); }
    static QString wordsOf(const QTableView &table)
    {
        QStringList words;
        for (int row = 0; row < table.model()->rowCount(); ++row)
            for (int column = 0; column < table.model()->columnCount(); ++column)
                words += table.model()->index(row, column).data().toString();
        return words.join(u'|');
    }
    void signalBroker(int signal)
    {
        QFile file(m_kafka->folder() + QStringLiteral("/pid"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        ::kill(static_cast<pid_t>(file.readAll().trimmed().toInt()), signal);
    }

    QTemporaryDir m_folder;
    std::unique_ptr<tests::FreshKafka> m_kafka;
    std::unique_ptr<gui::Program> m_program;
    ui::frame::MainWindow *m_window = nullptr;
    std::optional<tests::GuiWatchdog> m_watchdog;
    std::optional<tests::QtWarningsFail> m_warningsFail;
};

QTEST_MAIN(TestSilentBroker)
#include "tst_silent_broker.moc"
