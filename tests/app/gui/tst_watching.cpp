// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/pages.h"
#include "app/gui/program.h"
#include "tests/support/child_processes.h"
#include "tests/support/gui_watchdog.h"
#include "tests/support/kafka_groups.h"
#include "tests/support/kafka_server.h"
#include "tests/support/qt_warnings_fail.h"

#include <QAction>
#include <QCryptographicHash>
#include <QDeadlineTimer>
#include <QDirIterator>
#include <QLineEdit>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>

using models::connection::Connection;

namespace {

constexpr int Patience = 60'000;
const QString Orders = QStringLiteral("orders");
const QString DeadOrders = QStringLiteral("orders.dlq");

/// Everything there is on the broker, as Kafka's own tools tell it, and every byte of its partitions' logs as they lie on the
/// disk, the internal topics' too. Not the controller's own log, which grows by itself.
QString inventory(const tests::FreshKafka &server)
{
    const QString at = QStringLiteral("--bootstrap-server");
    QString all;
    for (const QStringList &question : {QStringList{QStringLiteral("topics"), at, server.bootstrap(), QStringLiteral("--describe")},
                                        QStringList{QStringLiteral("configs"), at, server.bootstrap(), QStringLiteral("--describe"), QStringLiteral("--entity-type"), QStringLiteral("topics")},
                                        QStringList{QStringLiteral("groups"), at, server.bootstrap(), QStringLiteral("--list")},
                                        QStringList{QStringLiteral("groups"), at, server.bootstrap(), QStringLiteral("--describe"), QStringLiteral("--all-groups")}}) {
        const auto told = tests::runKafkaScript(question);
        if (!told)
            qFatal("Kafka's own tools failed.");
        QStringList lines = QString::fromUtf8(*told).split(u'\n', Qt::SkipEmptyParts); // in an order that is the tool's own
        lines.sort();
        all += question.join(u' ') + u'\n' + lines.join(u'\n') + u'\n';
    }
    QStringList logs;
    QDirIterator files(server.folder(), {QStringLiteral("*.log")}, QDir::Files, QDirIterator::Subdirectories);
    while (files.hasNext()) {
        QFile log(files.next());
        const QString partition = QFileInfo(log).dir().dirName();
        static const QRegularExpression isPartition(QStringLiteral("-[0-9]+$"));
        if (!isPartition.match(partition).hasMatch() || partition.startsWith(QStringLiteral("__cluster_metadata")))
            continue;
        if (!log.open(QIODevice::ReadOnly))
            qFatal("%s cannot be read.", qPrintable(log.fileName()));
        logs += partition + u'/' + QFileInfo(log).fileName() + u' ' + QString::fromLatin1(QCryptographicHash::hash(log.readAll(), QCryptographicHash::Sha256).toHex());
    }
    logs.sort();
    return all + logs.join(u'\n');
}

/// STREAMGAUGE_TEST_WATCH_SECONDS, for an hour of it.
int watchSeconds()
{
    const int given = qEnvironmentVariableIntValue("STREAMGAUGE_TEST_WATCH_SECONDS");
    return given > 0 ? given : 15;
}

} // namespace

/// A window that looks at everything of a real Kafka, through its worker.
class TestWatching final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        REQUIRE_KAFKA();
        m_kafka = std::make_unique<tests::FreshKafka>();
        tests::KafkaProducer producer(m_kafka->bootstrap());
        producer.createTopic(Orders, 3);
        producer.createTopic(DeadOrders);
        for (int i = 0; i < 300; ++i)
            m_records.push_back({i % 3, "k", R"({"eventId":"e-1","eventType":"OrderPlaced","correlationId":"flow-1","aggregateId":"order-1"})", {}, 0});
        producer.write(Orders, m_records);
        producer.write(DeadOrders, {{0, "k", "{}", {{"x-exception-message", QByteArray("out of stock")}, {"x-original-topic", QByteArray("orders")}}, 0}});
        tests::KafkaGroups(m_kafka->bootstrap()).commit({{QStringLiteral("billing"), {{{Orders, 0}, 3, "by the test"}, {{Orders, 1}, 5}}}, {QStringLiteral("mailing"), {{{Orders, 2}, 7}}}});
    }
    void cleanup()
    {
        m_program.reset();
        m_kafka.reset();
        QCOMPARE(tests::childProcesses().size(), size_t(0));
    }

    void watchingLeavesEveryByteOfTheBrokerAsItWas()
    {
        tests::QtWarningsFail warningsFail;
        const QString before = inventory(*m_kafka);
        QVERIFY2(before.contains(QStringLiteral("billing")) && before.contains(QStringLiteral("__consumer_offsets-0/")), qPrintable(before));
        open();
        tests::GuiWatchdog watchdog;
        const quint64 polls = connection()->consumers().generation;
        QDeadlineTimer end(watchSeconds() * 1000LL);
        for (int turn = 0; !end.hasExpired(); ++turn)
            lookAt(gui::pageIds().at(turn % gui::pageIds().size()));
        QVERIFY(connection()->consumers().generation > polls); // it has asked all the while
        QVERIFY(connection()->isCurrent(connection()->consumers()) && connection()->isCurrent(connection()->streams()));
        QCOMPARE(connection()->process().report()->deaths, 0);
        m_program.reset(); // what a client would commit as it closes is there too
        QCOMPARE(tests::childProcesses().size(), size_t(0));
        QCOMPARE(inventory(*m_kafka), before);
    }

    /// The comparison above sees what it must not miss.
    void aCommitAndARecordWouldBeSeen()
    {
        const QString before = inventory(*m_kafka);
        QCOMPARE(inventory(*m_kafka), before);
        tests::KafkaGroups(m_kafka->bootstrap()).commit({{QStringLiteral("mailing"), {{{Orders, 2}, 7}}}}); // the same once more
        const QString committed = inventory(*m_kafka);
        QVERIFY(committed != before);
        tests::KafkaProducer(m_kafka->bootstrap()).write(DeadOrders, {{0, "k", "{}", {}, 0}});
        QVERIFY(inventory(*m_kafka) != committed);
    }

private:
    [[nodiscard]] const Connection *connection() const { return m_program->workspace().connections().front(); }

    void open()
    {
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
        QTRY_VERIFY_WITH_TIMEOUT(connection()->consumers().isFresh() && connection()->streams().isFresh() && connection()->deadLetterQueues().isFresh(), Patience);
    }

    /// A second of it.
    void lookAt(const QString &page)
    {
        m_window->goTo({page, {}, {}, {}});
        m_program->workspace().refresh();
        if (page == u"streams")
            m_window->findChild<QAction *>(m_isTailing ? QStringLiteral("streams-whole") : QStringLiteral("streams-tail"))->trigger();
        m_isTailing = page == u"streams" ? !m_isTailing : m_isTailing;
        if (auto *line = m_window->findChild<QLineEdit *>(QStringLiteral("trace-search-line")); line && page == u"traces") {
            line->setText(QStringLiteral("flow-1"));
            QTest::keyClick(line, Qt::Key_Return);
        }
        QTest::qWait(1000);
    }

    QTemporaryDir m_folder;
    std::vector<tests::TestRecord> m_records;
    std::unique_ptr<tests::FreshKafka> m_kafka;
    std::unique_ptr<gui::Program> m_program;
    ui::frame::MainWindow *m_window = nullptr;
    bool m_isTailing = false;
};

QTEST_MAIN(TestWatching)
#include "tst_watching.moc"
