// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/app/ctl/ctl_process.h"
#include "tests/support/postgres_server.h"

#include <QJsonArray>
#include <QJsonObject>
#include <QTest>

using tests::CtlProcess;
using tests::CtlRun;

namespace {

QByteArray lineOf(const QByteArray &id, const QByteArray &stream, const QByteArray &payload)
{
    return "{\"eventId\":\"" + id + "\",\"eventType\":\"OrderPlaced\",\"stream\":\"" + stream
        + "\",\"aggregateId\":\"order-1\",\"correlationId\":\"flow-1\",\"payload\":" + payload + "}\n";
}

} // namespace

/// An event store on a real PostgreSQL, from the first event to a reset that is put back.
class TestCtlPostgres final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        REQUIRE_POSTGRES();
        m_database = std::make_unique<tests::FreshDatabase>();
        const QString host = m_database->spec().hosts.front();
        m_address = QStringLiteral("postgresql://%1@%2/%3?environment=development").arg(m_database->spec().userName, host, m_database->name());
    }

    void lookingFindsNoStoreAndMakesNone()
    {
        const CtlRun streams = run(QStringLiteral("streams"));
        QCOMPARE(streams.status, 1);
        QVERIFY2(streams.err.contains(QStringLiteral("There is no event store streamgauge in ") + m_database->name()), qPrintable(streams.err));
        QVERIFY(m_database->open()->query("SELECT to_regnamespace('streamgauge') IS NULL").boolean(0, 0));
    }

    void appendingMakesItAndPrintsPositions()
    {
        QByteArray lines;
        for (int i = 1; i <= 20; ++i)
            lines += lineOf("e-" + QByteArray::number(i), "order-" + QByteArray::number(i % 3), "{\"n\":" + QByteArray::number(i) + ",\"big\":9007199254740993,\"rate\":1.10}");
        const CtlRun appended = run(QStringLiteral("append"), {}, lines);
        QVERIFY2(appended.status == 0, qPrintable(appended.err));
        QCOMPARE(appended.lines().size(), 20);
        QCOMPARE(appended.lines().back(), QStringLiteral("20"));
        QCOMPARE(run(QStringLiteral("append"), {}, lines).out, appended.out); // it is known
    }

    void aLineThatIsNoEventIsNamed()
    {
        const CtlRun refused = run(QStringLiteral("append"), {}, lineOf("e-new", "order-9", "{}") + lineOf("e-3", "other", "{}"));
        QCOMPARE(refused.status, 1);
        QVERIFY2(refused.err.contains(u"Line 2") && refused.err.contains(u"e-3"), qPrintable(refused.err));
        QCOMPARE(run(QStringLiteral("events"), {QStringLiteral("order-*")}).lines().size(), 20);
    }

    void eventsComeBackAsTheyWereWritten()
    {
        for (const QStringList &isolated : {QStringList(), QStringList{QStringLiteral("--isolate")}}) {
            const CtlRun events = run(QStringLiteral("events"), QStringList{QStringLiteral("order-1"), QStringLiteral("--where"), QStringLiteral("field('/n') > 15")} + isolated);
            QVERIFY2(events.status == 0, qPrintable(events.err));
            QCOMPARE(events.lines().size(), 2); // 16 and 19
            QVERIFY(events.lines().front().contains(QStringLiteral("\"big\":9007199254740993,\"rate\":1.10")));
        }
        QCOMPARE(run(QStringLiteral("trace"), {QStringLiteral("--correlation"), QStringLiteral("flow-1")}).status, 0);
    }

    void aConsumerIsResetAndPutBack()
    {
        const auto database = m_database->open();
        database->execute("INSERT INTO streamgauge.checkpoints VALUES ('billing', 'order-*', 18, '', 1)");
        const auto checkpoint = [&] { return database->query("SELECT position FROM streamgauge.checkpoints WHERE consumer = 'billing'").integer(0, 0); };
        const CtlRun lag = run(QStringLiteral("lag"), {QStringLiteral("--json")});
        QVERIFY2(lag.status == 0, qPrintable(lag.err));
        QCOMPARE(lag.json()[0][u"lag"].toInteger(-1), 3);
        const CtlRun reset = run(QStringLiteral("reset"), {QStringLiteral("billing"), QStringLiteral("--stream"), QStringLiteral("order-*"), QStringLiteral("--to"),
                                                           QStringLiteral("5"), QStringLiteral("--execute"), QStringLiteral("--confirm"), QStringLiteral("billing"),
                                                           QStringLiteral("--reason"), QStringLiteral("OPS-1"), QStringLiteral("--json")});
        QVERIFY2(reset.status == 0, qPrintable(reset.err));
        QCOMPARE(checkpoint(), 5);
        const CtlRun undone = m_ctl.run({QStringLiteral("undo"), reset.json()[u"journalId"].toString(), QStringLiteral("--execute"), QStringLiteral("--confirm"),
                                         QStringLiteral("billing"), QStringLiteral("--reason"), QStringLiteral("OPS-1"), QStringLiteral("--json")});
        QVERIFY2(undone.status == 0, qPrintable(undone.err));
        QCOMPARE(checkpoint(), 18);
    }

    void thePasswordComesFromTheEnvironment()
    {
        const auto database = m_database->open();
        const QByteArray role = "ctl_" + m_database->name().toUtf8();
        database->execute("CREATE ROLE " + role + " LOGIN PASSWORD 'right'; GRANT USAGE ON SCHEMA streamgauge TO " + role
                          + "; GRANT SELECT ON ALL TABLES IN SCHEMA streamgauge TO " + role + "; GRANT SELECT ON SEQUENCE streamgauge.events_position TO " + role);
        const QString address = QStringLiteral("postgresql://%1@%2/%3").arg(QString::fromUtf8(role), m_database->spec().hosts.front(), m_database->name());
        CtlProcess ctl;
        ctl.setVariable(QStringLiteral("STREAMGAUGE_PASSWORD"), QStringLiteral("wrong"));
        const CtlRun refused = ctl.run({QStringLiteral("streams"), address});
        QCOMPARE(refused.status, 3);
        QVERIFY(!refused.err.contains(u"wrong"));
        ctl.setVariable(QStringLiteral("STREAMGAUGE_PASSWORD"), QStringLiteral("right"));
        for (const QStringList &isolated : {QStringList(), QStringList{QStringLiteral("--isolate")}}) {
            const CtlRun streams = ctl.run(QStringList{QStringLiteral("streams"), address} + isolated);
            QVERIFY2(streams.status == 0, qPrintable(streams.err));
            QVERIFY(streams.out.contains("order-*"));
        }
        database->execute("REVOKE ALL ON ALL TABLES IN SCHEMA streamgauge FROM " + role + "; REVOKE ALL ON SEQUENCE streamgauge.events_position FROM " + role
                          + "; REVOKE ALL ON SCHEMA streamgauge FROM " + role + "; DROP ROLE " + role);
    }

private:
    CtlRun run(const QString &command, const QStringList &arguments = {}, const QByteArray &input = {})
    {
        return m_ctl.run(QStringList{command, m_address} + arguments, input);
    }

    std::unique_ptr<tests::FreshDatabase> m_database;
    CtlProcess m_ctl;
    QString m_address;
};

QTEST_GUILESS_MAIN(TestCtlPostgres)
#include "tst_ctl_postgres.moc"
