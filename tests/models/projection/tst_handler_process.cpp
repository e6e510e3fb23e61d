// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/connection_spec.h"
#include "models/projection/handler_process.h"
#include "tests/models/projection/order_projection.h"

#include <QFile>
#include <QTemporaryDir>

using namespace connectors;
using namespace models::projection;
using tests::EventsOfOrders;

namespace {

const QByteArray OddData = R"json({"total":1.50, "text":"a\"b\\c\n"})json";
const QByteArray BeginningOfLine = R"json({"position":1,"stream":"order-1","eventId":)json";
const QByteArray EndOfLine = R"json("data":{"total":1.50,"text":"a\"b\\c\n"}})json";

/// Reads a line, does `body` with it in `line`, for each line.
QByteArray forEachLine(const QByteArray &body)
{
    return "while IFS= read -r line; do\nposition=${line#*\\\"position\\\":}; position=${position%%,*}\n" + body + "\ndone\n";
}

} // namespace

/// A team's projector as a child process: what it is told, what it answers, and everything that it can do wrong.
class TestHandlerProcess final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void eventsGoOutInTheirNormalFormAndRowsComeBack()
    {
        start(forEachLine("printf '%s\\n' \"$line\" >> \"" + m_folder.filePath(QStringLiteral("seen")).toUtf8() + "\"\n"
                          "echo \"{\\\"ack\\\":$position,\\\"upsert\\\":[{\\\"order_id\\\":\\\"o-$position\\\",\\\"total\\\":9007199254740993.10,\\\"events\\\":2}],\\\"delete\\\":[{\\\"order_id\\\":\\\"gone\\\"}]}\""));
        EventsOfOrders events;
        events.add("OrderPlaced", "order-1", OddData);
        events.add("OrderShipped", "order-1", "{}");
        const auto answers = exchange(events.take());
        QVERIFY2(answers, answers ? "" : qPrintable(answers.error().message));
        QCOMPARE(answers->size(), size_t(2));
        const std::vector<RowChange> &first = answers->front();
        QCOMPARE(first.size(), size_t(2));
        QVERIFY(first[0].action == Rule::Action::Delete && first[0].key == std::vector<std::string>{"gone"});
        QVERIFY(first[1].action == Rule::Action::Upsert && first[1].key == std::vector<std::string>{"o-1"});
        QCOMPARE(first[1].set.front().second, Cell("9007199254740993.1"));
        QCOMPARE(first[1].position, 1);
        QFile seen(m_folder.filePath(QStringLiteral("seen")));
        QVERIFY(seen.open(QIODevice::ReadOnly));
        const QByteArray line = seen.readLine();
        QVERIFY2(line.startsWith(BeginningOfLine) && line.contains(EndOfLine), line.constData());
    }

    void oneAnswerMayAcknowledgeMany()
    {
        start(forEachLine("[ \"$position\" = 3 ] && echo '{\"ack\":3}'"));
        const auto answers = exchange(orders(3));
        QVERIFY2(answers, answers ? "" : qPrintable(answers.error().message));
        QCOMPARE(answers->size(), size_t(1));
        QVERIFY(answers->front().empty());
    }

    void manyEventsPassWhileItAnswersLate()
    {
        start(forEachLine("[ \"$position\" = 20000 ] && echo '{\"ack\":20000}'"));
        const auto answers = exchange(orders(20'000));
        QVERIFY2(answers, answers ? "" : qPrintable(answers.error().message));
    }

    void whatItDoesWrongIsNamed_data()
    {
        QTest::addColumn<QByteArray>("script");
        QTest::addColumn<QString>("words");
        QTest::newRow("no JSON") << forEachLine("echo hello") << QStringLiteral("answers what is no JSON object: hello");
        QTest::newRow("no ack") << forEachLine("echo '{}'") << QStringLiteral("without a position in “ack”");
        QTest::newRow("a word for an ack") << forEachLine("echo '{\"ack\":\"1\"}'") << QStringLiteral("without a position in “ack”");
        QTest::newRow("an ack of the future") << forEachLine("echo '{\"ack\":99}'") << QStringLiteral("acknowledges position 99, but it was sent up to 3");
        QTest::newRow("an ack that goes back") << forEachLine("echo '{\"ack\":2}'; echo '{\"ack\":1}'") << QStringLiteral("acknowledges position 1, but it was sent up to 3 and had acknowledged 2");
        QTest::newRow("no array") << forEachLine("echo '{\"ack\":1,\"upsert\":{}}'") << QStringLiteral("answers no array in “upsert”");
        QTest::newRow("a row that is none") << forEachLine("echo '{\"ack\":1,\"upsert\":[5]}'") << QStringLiteral("a row that is no object: 5");
        QTest::newRow("an unknown column") << forEachLine("echo '{\"ack\":1,\"upsert\":[{\"order_id\":\"1\",\"x\\\"; drop table y;--\":1}]}'") << QStringLiteral("a column “x\"; drop table y;--”, which the table does not have");
        QTest::newRow("a row without its key") << forEachLine("echo '{\"ack\":1,\"upsert\":[{\"total\":1}]}'") << QStringLiteral("a row without its whole key");
        QTest::newRow("a null key") << forEachLine("echo '{\"ack\":1,\"delete\":[{\"order_id\":null}]}'") << QStringLiteral("does not fit the column “order_id”");
        QTest::newRow("a value that does not fit") << forEachLine("echo '{\"ack\":1,\"upsert\":[{\"order_id\":\"1\",\"events\":1.5}]}'") << QStringLiteral("does not fit the column “events”");
        QTest::newRow("it ends") << QByteArray("read -r line; echo 'no such table' >&2; exit 3") << QStringLiteral("ended with status 3 before it had acknowledged every event: no such table");
        QTest::newRow("it is killed") << QByteArray("kill -9 $$") << QStringLiteral("was ended by a signal");
        QTest::newRow("it hangs") << QByteArray("sleep 60") << QStringLiteral("has not acknowledged position 3 within 2 s");
        QTest::newRow("an endless line") << QByteArray("exec tr '\\000' 'a' < /dev/zero") << QStringLiteral("a line of more than");
    }
    void whatItDoesWrongIsNamed()
    {
        QFETCH(const QByteArray, script);
        QFETCH(const QString, words);
        start(script);
        const auto answers = exchange(orders(3));
        QVERIFY(!answers);
        QCOMPARE(answers.error().code, ErrorCode::Incomplete);
        QVERIFY2(answers.error().message.startsWith(QStringLiteral("The handler “sh” ")) && answers.error().message.contains(words), qPrintable(answers.error().message));
    }

    void aProgramThatIsNotThereIsNamed()
    {
        const auto handler = HandlerProcess::start({QStringLiteral("/nowhere/projector")}, m_table);
        QVERIFY(!handler);
        QVERIFY2(handler.error().message.contains(QStringLiteral("The handler “projector” could not be started")), qPrintable(handler.error().message));
    }

    void itGetsNoPasswordOfOurs()
    {
        qputenv(PasswordVariable, "secret");
        start(forEachLine("[ -z \"$STREAMGAUGE_PASSWORD\" ] && echo \"{\\\"ack\\\":$position}\""));
        const auto answers = exchange(orders(1));
        qunsetenv(PasswordVariable);
        QVERIFY2(answers, answers ? "" : qPrintable(answers.error().message));
    }

    void waitingForItCanBeStopped()
    {
        start("sleep 60");
        std::stop_source stop;
        stop.request_stop();
        QVERIFY(m_handler->send(*orders(1), 0, EnvelopeIn::Events, 0));
        const auto answers = m_handler->answers(stop.get_token());
        QVERIFY(!answers && answers.error().code == ErrorCode::Cancelled);
    }

private:
    void start(const QByteArray &script)
    {
        HandlerLimits limits;
        limits.silence = std::chrono::seconds(2);
        limits.longestLine = 1024 * 1024;
        auto handler = HandlerProcess::start({QStringLiteral("/bin/sh"), QStringLiteral("-c"), QString::fromUtf8(script)}, m_table, limits);
        QVERIFY2(handler, handler ? "" : qPrintable(handler.error().message));
        m_handler = std::move(*handler);
    }

    static EventBatchPtr orders(int count)
    {
        EventsOfOrders events;
        for (int i = 0; i < count; ++i)
            events.add("OrderPlaced", "order-1", "{}");
        return events.take();
    }

    Result<std::vector<std::vector<RowChange>>> exchange(const EventBatchPtr &batch)
    {
        for (qsizetype row = 0; row < batch->count(); ++row) {
            if (const Result<void> sent = m_handler->send(*batch, row, EnvelopeIn::Events, 0); !sent)
                return tl::unexpected(sent.error());
        }
        return m_handler->answers({});
    }

    QTemporaryDir m_folder;
    const TableSpec m_table = tests::projectionOf(tests::OrderProjection).tables.front();
    std::unique_ptr<HandlerProcess> m_handler;
};

QTEST_GUILESS_MAIN(TestHandlerProcess)
#include "tst_handler_process.moc"
