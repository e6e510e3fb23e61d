// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/pages.h"
#include "app/gui/program.h"
#include "connectors/remote/frame.h"
#include "connectors/remote/message_pipe.h"
#include "connectors/remote/wire.h"
#include "tests/support/child_processes.h"
#include "tests/support/gui_watchdog.h"
#include "tests/support/qt_warnings_fail.h"

#include <QAction>
#include <QDataStream>
#include <QFile>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>
#include <QTextEdit>
#include <QToolButton>

#include <unistd.h>

using namespace connectors;
using namespace connectors::remote;
using models::connection::Connection;

namespace {

constexpr int Patience = 40'000;
constexpr const char *HostilityVariable = "STREAMGAUGE_TEST_HOSTILITY";
constexpr const char *StartsVariable = "STREAMGAUGE_TEST_STARTS";
const QString Hostile = QStringLiteral("<b>x</b><img src=file:///dev/zero>/../../etc/passwd");

/// So many rows are announced, and none comes.
QByteArray batchOfABillionRows()
{
    QByteArray bytes;
    QDataStream out(&bytes, QIODevice::WriteOnly);
    out.setVersion(QDataStream::Qt_6_4);
    out << quint32(0x53474231) << quint32(1) << QStringLiteral("orders") << quint32(1'000'000'000);
    return bytes;
}

EventBatchPtr hostileBatch()
{
    EventBatchBuilder builder;
    const QByteArray text = Hostile.toUtf8();
    EventRecord record;
    record.stream = builder.internStream(Hostile);
    record.key = builder.addBytes({text.constData(), static_cast<size_t>(text.size())});
    record.payload = record.key;
    record.format = BodyFormat::NotJson;
    record.eventType = record.key;
    record.aggregateId = record.key;
    record.size = text.size();
    builder.add(record);
    return builder.take();
}

/// One message with these bytes as the batch, which no writer makes.
QByteArray rawBatch(quint32 id, const QByteArray &batch)
{
    const auto part = [](char field, const QByteArray &bytes) -> QByteArray { // a field of bytes, shorter than 128
        return QByteArray(1, static_cast<char>(field << 3 | 2)) + QByteArray(1, static_cast<char>(bytes.size())) + bytes;
    };
    constexpr int Tag = static_cast<int>(Reply::Batch) << 3 | 2; // two bytes, as the number is above 15
    const QByteArray inner = part(1, batch);
    return QByteArray("\x08", 1) + QByteArray(1, static_cast<char>(id)) + QByteArray(1, static_cast<char>((Tag & 0x7f) | 0x80)) + QByteArray(1, static_cast<char>(Tag >> 7))
        + QByteArray(1, static_cast<char>(inner.size())) + inner;
}

QByteArray helloOf(char protocol, const QByteArray &version)
{
    return QByteArray("\x08") + protocol + '\x12' + static_cast<char>(version.size()) + version;
}

/// A worker that answers what it must, until it says what `hostility` tells it to.
class HostileWorker final
{
public:
    explicit HostileWorker(QByteArray hostility)
        : m_hostility(std::move(hostility))
    {
        QFile starts(qEnvironmentVariable(StartsVariable));
        if (starts.open(QIODevice::Append))
            starts.write(".");
        m_pipe = std::make_unique<MessagePipe>(dup(STDIN_FILENO), dup(STDOUT_FILENO), [this](const QByteArray &message) { hear(Reader::question(message)); },
                                               [](MessagePipe::End) { _exit(0); });
        if (m_hostility == "version")
            m_pipe->send(helloOf(1, "99.0.0"));
        else if (m_hostility == "protocol")
            m_pipe->send(helloOf(9, STREAMGAUGE_VERSION));
        else
            m_pipe->send(helloBytes());
    }

private:
    template<typename T>
    void answer(quint32 id, Reply kind, const T &value) { m_pipe->send(Writer(id, kind, {}).whole(value).bytes()); }

    void hear(const Reader &question)
    {
        const quint32 id = question.id();
        switch (question.call()) {
        case Call::Open: return answer(id, Reply::Opened, Greeting{{true, true, true, true, true}, std::vector<QString>(6)});
        case Call::Ping: return m_pipe->send(Writer(id, Reply::Pong, {}).bytes());
        case Call::Identify: {
            SystemIdentity identity;
            identity.systemId = QStringLiteral("hostile");
            identity.product = Hostile;
            return answer(id, Reply::Identity, identity);
        }
        case Call::ListStreams: {
            StreamInfo info;
            info.stream = info.kind = Hostile;
            info.partitions.push_back({0, 0, 10, 10, {}, {}, 10});
            return answer(id, Reply::Streams, StreamList{{info}, {Error{ErrorCode::NotPermitted, Hostile, Hostile, false}}});
        }
        case Call::ConsumerStates: return beHostile("poll", id) ? void() : answer(id, Reply::States, ConsumerStates{{}, {Error{ErrorCode::NotPermitted, Hostile, Hostile, false}}});
        case Call::DeadLetterQueues: return answer(id, Reply::Error, Error{ErrorCode::NotPermitted, Hostile, Hostile, false});
        case Call::Read: return beHostile("read", id) ? void() : readOne(id);
        case Call::Credit:
        case Call::Cancel: return;
        default: return answer(id, Reply::Error, Error{ErrorCode::Unreadable, Hostile, Hostile, false});
        }
    }

    void readOne(quint32 id)
    {
        answer(id, Reply::Batch, hostileBatch());
        ReadReport report;
        report.note = Hostile;
        answer(id, Reply::Finished, report);
    }

    /// False: this is not the moment.
    bool beHostile(const QByteArray &moment, quint32 id)
    {
        if (!m_hostility.startsWith(QByteArray(moment + ' ')))
            return false;
        const QByteArray what = m_hostility.mid(moment.size() + 1);
        if (what == "over-long")
            std::ignore = ::write(STDOUT_FILENO, "\xff\xff\xff\xff", 4);
        else if (what == "unknown")
            m_pipe->send(QByteArray::fromHex("0801f2050a"));
        else if (what == "unasked")
            answer(id + 1000, Reply::Streams, StreamList());
        else if (what == "another")
            answer(id, Reply::Streams, StreamList());
        else if (what == "rows")
            m_pipe->send(rawBatch(id, batchOfABillionRows()));
        else if (what == "flood")
            for (int i = 0; i < 5000; ++i)
                answer(id, Reply::Batch, hostileBatch());
        else
            qFatal("no such hostility");
        return true;
    }

    const QByteArray m_hostility;
    std::unique_ptr<MessagePipe> m_pipe;
};

} // namespace

/// The window with a worker that belongs to somebody else.
class TestHostileWorker final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        qputenv("STREAMGAUGE_WORKER", QFile::encodeName(QCoreApplication::applicationFilePath()));
        qputenv(StartsVariable, QFile::encodeName(m_folder->filePath(QStringLiteral("starts"))));
    }
    void cleanup()
    {
        m_program.reset();
        QCOMPARE(tests::childProcesses().size(), size_t(0));
    }

    void whatItSaysIsRefusedToldAndNotAskedForAgainAtOnce_data()
    {
        QTest::addColumn<QByteArray>("hostility");
        for (const char *each : {"poll over-long", "poll unknown", "poll unasked", "poll another", "read rows", "read flood", "read another"})
            QTest::newRow(each) << QByteArray(each);
    }

    void whatItSaysIsRefusedToldAndNotAskedForAgainAtOnce()
    {
        QFETCH(QByteArray, hostility);
        tests::QtWarningsFail warningsFail;
        open(hostility);
        tests::GuiWatchdog watchdog;
        m_window->goTo({QStringLiteral("streams"), {}, {}, {}}); // which reads the newest events
        QTRY_VERIFY2_WITH_TIMEOUT(chip()->accessibleName().contains(QStringLiteral("its process said what is no message, and was ended.")), qPrintable(chip()->accessibleName()), Patience);
        QVERIFY(label("status-message")->text().contains(QStringLiteral("said what is no message")));
        const auto isEnded = [] { return tests::childProcesses().empty(); };
        QTRY_VERIFY_WITH_TIMEOUT(isEnded(), Patience);
        const qint64 before = starts();
        QTest::qWait(5000);
        QVERIFY2(starts() - before <= 2, qPrintable(QString::number(starts() - before))); // two seconds and more between them
    }

    void oneOfAnotherVersionIsSaidByTheTestOfAConnection_data()
    {
        QTest::addColumn<QByteArray>("hostility");
        QTest::addColumn<QString>("words");
        QTest::newRow("version") << QByteArray("version") << QStringLiteral("The worker is of version 99.0.0, this program of version " STREAMGAUGE_VERSION ".");
        QTest::newRow("protocol") << QByteArray("protocol") << QStringLiteral("The worker speaks protocol 9, this program protocol %1.").arg(ProtocolVersion);
    }

    void oneOfAnotherVersionIsSaidByTheTestOfAConnection()
    {
        QFETCH(QByteArray, hostility);
        QFETCH(QString, words);
        tests::QtWarningsFail warningsFail;
        start(hostility, {});
        tests::GuiWatchdog watchdog;
        m_window->openConnectionDialog();
        auto *dialog = m_window->findChild<QWidget *>(QStringLiteral("connection-dialog"));
        QTest::keyClicks(dialog->findChild<QLineEdit *>(QStringLiteral("connection-address")), QStringLiteral("kafka://127.0.0.1:9092"));
        QTest::mouseClick(dialog->findChild<QAbstractButton *>(QStringLiteral("connection-test")), Qt::LeftButton);
        const auto said = [dialog] {
            QStringList all;
            for (const QLabel *label : dialog->findChildren<QLabel *>())
                all += label->text();
            const auto *results = dialog->findChild<QListWidget *>(QStringLiteral("connection-results"));
            for (int row = 0; row < results->count(); ++row)
                all += results->item(row)->text();
            return all.join(u'\n');
        };
        QTRY_VERIFY2_WITH_TIMEOUT(said().contains(words), qPrintable(said()), Patience);
        QVERIFY2(said().contains(QStringLiteral("Install the same version on both sides.")), qPrintable(said()));
    }

    void whatLooksLikeMarkupIsShownAsItIs()
    {
        tests::QtWarningsFail warningsFail;
        open("none");
        tests::GuiWatchdog watchdog;
        QTRY_VERIFY2_WITH_TIMEOUT(chip()->accessibleName().contains(QStringLiteral("<b>x</b>")), qPrintable(chip()->accessibleName()), Patience);
        for (const QString &page : gui::pageIds()) {
            m_window->goTo({page, {}, {}, {}});
            QTest::qWait(500);
            requirePlain(page);
        }
        m_window->goTo({QStringLiteral("streams"), {}, {}, {}});
        const auto *table = m_window->currentPage()->findChild<QTableView *>(QStringLiteral("event-table"));
        QTRY_COMPARE_WITH_TIMEOUT(table->model()->rowCount(), 1, Patience);
        requirePlain(QStringLiteral("streams"));
        QCOMPARE(connection()->process().report()->deaths, 0);
    }

private:
    [[nodiscard]] const Connection *connection() const { return m_program->workspace().connections().front(); }
    [[nodiscard]] QToolButton *chip() const { return m_window->findChild<QToolButton *>(QStringLiteral("chip-") + connection()->name()); }
    [[nodiscard]] QLabel *label(const char *name) const { return m_window->findChild<QLabel *>(QLatin1String(name)); }
    [[nodiscard]] qint64 starts() const { return QFileInfo(m_folder->filePath(QStringLiteral("starts"))).size(); }

    void open(const QByteArray &hostility)
    {
        start(hostility, {QStringLiteral("kafka://127.0.0.1:9092?environment=development")});
        QTRY_VERIFY_WITH_TIMEOUT(!m_program->workspace().connections().isEmpty(), Patience);
    }

    void start(const QByteArray &hostility, const QStringList &connections)
    {
        qputenv(HostilityVariable, hostility);
        gui::Options options;
        options.connections = connections;
        const gui::ProgramPlaces places{m_folder->filePath(QStringLiteral("connections.json")), QString(), m_folder->filePath(QStringLiteral("journal.db")),
                                        session::SecretStore::Backend::MemoryOnly};
        m_program = std::make_unique<gui::Program>(options, places, nullptr);
        m_program->start();
        for (QWidget *widget : QApplication::topLevelWidgets())
            if (auto *window = qobject_cast<ui::frame::MainWindow *>(widget))
                m_window = window;
    }

    void requirePlain(const QString &page)
    {
        for (const QWidget *widget : m_window->findChildren<QWidget *>()) {
            const QByteArray where = (page + u' ' + widget->objectName()).toUtf8();
            const auto *shown = qobject_cast<const QLabel *>(widget);
            QVERIFY2(!shown || shown->textFormat() == Qt::PlainText || !shown->text().contains(QStringLiteral("<b>x")), where.constData());
            QVERIFY2(!widget->toolTip().contains(QStringLiteral("<b>x")), where.constData());
            const auto *text = qobject_cast<const QTextEdit *>(widget);
            QVERIFY2(!text || !text->toHtml().contains(QStringLiteral("<img src=\"file:")), where.constData());
        }
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<gui::Program> m_program;
    ui::frame::MainWindow *m_window = nullptr;
};

int main(int argc, char **argv)
{
    if (argc > 1 && qstrcmp(argv[1], "--memory-limit") == 0) {
        const HostileWorker worker(qgetenv(HostilityVariable));
        while (true)
            ::pause();
    }
    const QApplication application(argc, argv);
    TestHostileWorker test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_hostile_worker.moc"
