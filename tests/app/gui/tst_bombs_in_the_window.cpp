// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/program.h"
#include "models/event/event_table_model.h"
#include "tests/support/child_processes.h"
#include "tests/support/gui_watchdog.h"
#include "tests/support/kafka_bomb.h"
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

namespace {

constexpr int Patience = 60'000;
constexpr qint64 BombBytes = 900'000'000;
constexpr qint64 Mebibyte = 1LL << 20;

/// What this process has in memory, in bytes.
qint64 residentBytes()
{
    QFile file(QStringLiteral("/proc/self/statm"));
    if (!file.open(QIODevice::ReadOnly))
        return 0;
    return file.readAll().split(' ').at(1).toLongLong() * sysconf(_SC_PAGESIZE);
}

} // namespace

/// The window, on a real Kafka, while it reads records that unpack to 900 MB.
class TestBombsInTheWindow final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { REQUIRE_KAFKA(); }
    void init() { m_warningsFail.emplace(); }
    void cleanup()
    {
        m_program.reset();
        QCOMPARE(tests::childProcesses().size(), size_t(0));
        m_warningsFail.reset();
    }

    void aBombIsNamedInTheTableAndReadingGoesOnBehindIt_data()
    {
        QTest::addColumn<QString>("codec");
        for (const char *codec : {"gzip", "lz4", "zstd"})
            QTest::newRow(codec) << QString::fromLatin1(codec);
    }
    void aBombIsNamedInTheTableAndReadingGoesOnBehindIt()
    {
        QFETCH(const QString, codec);
        const QString topic = topicWithABomb(codec);
        open();
        QElapsedTimer clock;
        clock.start();
        m_window->goTo({QStringLiteral("streams"), m_program->workspace().connections().front()->name(), topic, {}});
        QTRY_VERIFY_WITH_TIMEOUT(table() && table()->isVisible() && table()->model()->rowCount() >= 3, Patience);
        const qint64 before = residentBytes();
        tests::GuiWatchdog watchdog;
        const auto isNamed = [this] { return behind() && behind()->isVisible() && leftOutRow() >= 0; };
        QTRY_VERIFY_WITH_TIMEOUT(isNamed(), Patience);
        qInfo("%s: named after %lld ms", qPrintable(codec), static_cast<long long>(clock.elapsed()));
        const QString words = table()->model()->index(leftOutRow(), typeColumn()).data().toString();
        QVERIFY2(words.contains(codec == u"zstd" ? u"damaged, or too large" : u"exceeds the limit"), qPrintable(words));
        QVERIFY(rows() >= 4);

        behind()->click();
        QTRY_COMPARE_WITH_TIMEOUT(rows(), 7, Patience); // three before it, the batch, three behind it
        QVERIFY(residentBytes() - before < 20 * Mebibyte);
    }

private:
    static QString topicWithABomb(const QString &codec)
    {
        const QString topic = tests::uniqueName(QStringLiteral("bomb-%1").arg(codec));
        tests::KafkaProducer producer(tests::kafkaBootstrap());
        producer.createTopic(topic, 1, {{QStringLiteral("max.message.bytes"), QStringLiteral("50000000")}});
        const std::vector<tests::TestRecord> three(3, {0, {}, QByteArray(R"({"eventType":"Good"})"), {}, 0});
        producer.write(topic, three);
        tests::writeBomb(topic, codec, BombBytes);
        producer.write(topic, three);
        return topic;
    }
    void open()
    {
        gui::Options options;
        options.connections = {QStringLiteral("kafka://%1?environment=development").arg(tests::kafkaBootstrap())};
        options.memoryLimit = 512 * Mebibyte;
        const gui::ProgramPlaces places{m_folder.filePath(QStringLiteral("connections.json")), QString(), m_folder.filePath(QStringLiteral("journal.db")),
                                        session::SecretStore::Backend::MemoryOnly};
        m_program = std::make_unique<gui::Program>(options, places, nullptr);
        m_program->start();
        for (QWidget *widget : QApplication::topLevelWidgets())
            if (auto *window = qobject_cast<ui::frame::MainWindow *>(widget))
                m_window = window;
        QTRY_VERIFY_WITH_TIMEOUT(!m_program->workspace().connections().isEmpty(), Patience);
        QTRY_VERIFY_WITH_TIMEOUT(m_program->workspace().connections().front()->streams().hasValue(), Patience);
    }
    [[nodiscard]] QTableView *table() const { return m_window->findChild<QTableView *>(QStringLiteral("event-table")); }
    [[nodiscard]] QToolButton *behind() const { return m_window->findChild<QToolButton *>(QStringLiteral("read-behind")); }
    [[nodiscard]] int rows() const { return table()->model()->rowCount(); }
    [[nodiscard]] int typeColumn() const
    {
        const auto &columns = static_cast<const models::event::EventTableModel *>(table()->model())->columns();
        for (size_t i = 0; i < columns.size(); ++i)
            if (columns[i].kind == models::event::EventColumn::Kind::Type)
                return static_cast<int>(i);
        return 0;
    }
    [[nodiscard]] int leftOutRow() const
    {
        const auto *model = static_cast<const models::event::EventTableModel *>(table()->model());
        for (int row = 0; row < model->rowCount(); ++row)
            if (model->list().entry(model->sequenceOf(row)).format == connectors::BodyFormat::LeftOut)
                return row;
        return -1;
    }

    QTemporaryDir m_folder;
    std::unique_ptr<gui::Program> m_program;
    ui::frame::MainWindow *m_window = nullptr;
    std::optional<tests::QtWarningsFail> m_warningsFail;
};

QTEST_MAIN(TestBombsInTheWindow)
#include "tst_bombs_in_the_window.moc"
