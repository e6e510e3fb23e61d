// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/app/ctl/ctl_process.h"
#include "tests/connectors/kafka/token_server.h"
#include "tests/support/folders.h"
#include "tests/support/kafka_server.h"
#include "tests/support/ssh_server.h"

#include <QDir>
#include <QFile>
#include <QJsonObject>
#include <QTest>

using tests::CtlProcess;
using tests::CtlRun;

/// The command line through a real ssh server on this machine.
class TestCtlVia final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        m_server = std::make_unique<tests::SshServer>();
        if (!m_server->isThere() && qEnvironmentVariable("CI") == u"true")
            QFAIL("No real server: tests/servers/sshd cannot start one.");
        if (!m_server->isThere())
            QSKIP("No real server: tests/servers/sshd cannot start one.");
        QVERIFY(QFile::link(tests::programFolder() + QStringLiteral("/streamgauge-worker"), m_server->programs() + QStringLiteral("/streamgauge-worker")));
        m_ctl = std::make_unique<CtlProcess>(); // with the PATH of now
        m_shop = m_ctl->makeShop(300);
        QVERIFY(!m_shop.isEmpty());
    }
    void cleanupTestCase()
    {
        m_ctl.reset();
        m_server.reset();
    }

    void whatIsPrintedIsTheSame()
    {
        const CtlRun here = m_ctl->run({QStringLiteral("streams"), m_shop, QStringLiteral("--json")});
        const CtlRun there = m_ctl->run({QStringLiteral("streams"), through("gauge"), QStringLiteral("--json")});
        QCOMPARE(here.status, 0);
        QVERIFY2(there.status == 0, qPrintable(there.err));
        QCOMPARE(there.out, here.out);
    }

    void aChangeGoesTheSameWay()
    {
        const QStringList reset{QStringLiteral("reset"), through("gauge"), QStringLiteral("payment"), QStringLiteral("--all-streams"), QStringLiteral("--to"), QStringLiteral("earliest"),
                                QStringLiteral("--execute"), QStringLiteral("--json"), QStringLiteral("--confirm"), QStringLiteral("payment"), QStringLiteral("--reason"), QStringLiteral("a test")};
        const CtlRun done = m_ctl->run(reset);
        QVERIFY2(done.status == 0, qPrintable(done.err));
        QVERIFY(done.json()[u"executed"].toBool());
        const CtlRun journal = m_ctl->run({QStringLiteral("journal"), QStringLiteral("--json")});
        QCOMPARE(journal.json()[0][u"connection"].toString(), through("gauge"));
        const CtlRun undone = m_ctl->run({QStringLiteral("undo"), done.json()[u"journalId"].toVariant().toString(), QStringLiteral("--execute"), QStringLiteral("--confirm"), QStringLiteral("payment"),
                                          QStringLiteral("--reason"), QStringLiteral("a test")});
        QVERIFY2(undone.status == 0, qPrintable(undone.err));
    }

    void whoCannotBeReachedIsStatusThree_data()
    {
        QTest::addColumn<QString>("host");
        QTest::addColumn<QString>("words");
        QTest::newRow("unknown") << QStringLiteral("unknown-gauge") << QStringLiteral("The host key of unknown-gauge is not known here.");
        QTest::newRow("locked") << QStringLiteral("locked-gauge") << QStringLiteral("locked-gauge did not let you in.");
    }

    void whoCannotBeReachedIsStatusThree()
    {
        QFETCH(QString, host);
        QFETCH(QString, words);
        const CtlRun run = m_ctl->run({QStringLiteral("streams"), through(host.toLatin1())});
        QCOMPARE(run.status, 3);
        QVERIFY2(run.err.contains(words), qPrintable(run.err));
        QVERIFY(run.out.isEmpty());
    }

    void whatIsNoMachineIsAUsageError()
    {
        const CtlRun run = m_ctl->run({QStringLiteral("streams"), through("-oProxyCommand=id")});
        QCOMPARE(run.status, 2);
    }

    void aPlanFromElsewhereLogsInNowhere()
    {
        const QString plan = m_ctl->path(QStringLiteral("plan.json"));
        const CtlRun planned = m_ctl->run({QStringLiteral("reset"), through("gauge"), QStringLiteral("payment"), QStringLiteral("--all-streams"), QStringLiteral("--to"), QStringLiteral("earliest"),
                                           QStringLiteral("--plan"), plan});
        QVERIFY2(planned.status == 0, qPrintable(planned.err));
        CtlProcess elsewhere;
        const CtlRun applied = elsewhere.run({QStringLiteral("apply"), plan, QStringLiteral("--confirm"), QStringLiteral("payment"), QStringLiteral("--reason"), QStringLiteral("a test")});
        QCOMPARE(applied.status, 1);
        QVERIFY2(applied.err.contains(QStringLiteral("no other machine is logged in to")), qPrintable(applied.err));
    }

    void aBrokerOnThatMachinesLoopbackCountsAsProduction()
    {
        REQUIRE_KAFKA();
        const QString topic = tests::uniqueName(QStringLiteral("via"));
        tests::KafkaProducer producer(tests::kafkaBootstrap());
        producer.createTopic(topic);
        producer.write(topic, {{0, QByteArray("k"), QByteArray("v"), {}, 0}});
        const QString near = QStringLiteral("kafka://") + tests::kafkaBootstrap();
        const auto read = [&](const QString &address) { return m_ctl->run({QStringLiteral("events"), address, topic}); };
        const QString words = QStringLiteral("counts as production");
        const CtlRun here = read(near);
        QVERIFY2(here.status == 0 && !here.err.contains(words), qPrintable(here.err));
        const CtlRun there = read(near + QStringLiteral("?via=ssh:gauge"));
        QVERIFY2(there.status == 0 && there.err.contains(words), qPrintable(there.err));
        QCOMPARE(there.out, here.out);
    }

    void theJournalsSecondCopyGoesThereToo()
    {
        REQUIRE_KAFKA();
        const QString topic = tests::uniqueName(QStringLiteral("journal"));
        tests::KafkaProducer(tests::kafkaBootstrap()).createTopic(topic);
        const QString near = QStringLiteral("kafka://") + tests::kafkaBootstrap();
        CtlProcess ctl;
        ctl.setVariable(QStringLiteral("STREAMGAUGE_JOURNAL_SINK"), near + u'/' + topic + QStringLiteral("?via=ssh:gauge"));
        const CtlRun done = ctl.run({QStringLiteral("reset"), through("gauge"), QStringLiteral("payment"), QStringLiteral("--all-streams"), QStringLiteral("--to"), QStringLiteral("earliest"),
                                     QStringLiteral("--execute"), QStringLiteral("--confirm"), QStringLiteral("payment"), QStringLiteral("--reason"), QStringLiteral("a test")});
        QVERIFY2(done.status == 0, qPrintable(done.err));
        QVERIFY(m_ctl->run({QStringLiteral("events"), near, topic}).lines().size() > 2);
        ctl.setVariable(QStringLiteral("STREAMGAUGE_JOURNAL_SINK"), near + u'/' + topic + QStringLiteral("?via=ssh:locked-gauge"));
        const CtlRun refused = ctl.run({QStringLiteral("reset"), through("gauge"), QStringLiteral("payment"), QStringLiteral("--all-streams"), QStringLiteral("--to"), QStringLiteral("latest"),
                                        QStringLiteral("--execute"), QStringLiteral("--confirm"), QStringLiteral("payment"), QStringLiteral("--reason"), QStringLiteral("a test")});
        QVERIFY(refused.status != 0);
        QVERIFY2(refused.err.contains(QStringLiteral("locked-gauge did not let you in")), qPrintable(refused.err));
    }

    void aTokenCommandIsRunHere()
    {
        REQUIRE_SECURE_KAFKA();
        m_ctl->setVariable(QStringLiteral("STREAMGAUGE_TEST_HERE"), QStringLiteral("1")); // ssh takes no variable along
        const auto saveWith = [this](const QByteArray &then) {
            m_server->write(m_ctl->path(QStringLiteral("token")), "#!/bin/sh\n[ \"$STREAMGAUGE_TEST_HERE\" = 1 ] || exit 9\n" + then);
            save(QStringLiteral("sasl.mechanism=OAUTHBEARER&via=ssh:gauge"), "\"tokenCommand\": \"" + m_ctl->path(QStringLiteral("token")).toUtf8() + '"');
        };
        saveWith("echo " + tests::unsignedToken("carol") + '\n');
        const CtlRun done = m_ctl->run({QStringLiteral("streams"), QStringLiteral("secure")});
        QVERIFY2(done.status == 0, qPrintable(done.err));
        saveWith("echo 'log in first' >&2; exit 2\n");
        const CtlRun failed = m_ctl->run({QStringLiteral("streams"), QStringLiteral("secure")});
        QCOMPARE(failed.status, 3);
        QVERIFY2(failed.err.contains(QStringLiteral("ended with status 2 (log in first)")), qPrintable(failed.err));
    }

    void aPasswordCommandLogsIn()
    {
        REQUIRE_SECURE_KAFKA();
        save(QStringLiteral("sasl.mechanism=PLAIN&sasl.username=alice&via=ssh:gauge"), R"("passwordCommand": ["/bin/echo", "alice-secret"])");
        const CtlRun done = m_ctl->run({QStringLiteral("streams"), QStringLiteral("secure")});
        QVERIFY2(done.status == 0, qPrintable(done.err));
        save(QStringLiteral("sasl.mechanism=PLAIN&sasl.username=alice"), R"("passwordCommand": ["/bin/sh", "-c", "echo wrong-secret; echo sealed >&2; exit 2"])");
        const CtlRun failed = m_ctl->run({QStringLiteral("streams"), QStringLiteral("secure")});
        QCOMPARE(failed.status, 3);
        QVERIFY2(failed.err.contains(QStringLiteral("“/bin/sh” ended with status 2 (sealed)")) && !failed.err.contains(QStringLiteral("wrong-secret")), qPrintable(failed.err));
    }

private:
    /// A connection to the server that asks for a login, as “secure”.
    void save(const QString &properties, const QByteArray &members) const
    {
        const QString address = QStringLiteral("kafka://%1?security.protocol=sasl_plaintext&%2").arg(tests::secureKafka().value(QStringLiteral("sasl_plaintext")), properties);
        QVERIFY(QDir().mkpath(m_ctl->path(QStringLiteral("streamgauge"))));
        m_server->write(m_ctl->path(QStringLiteral("streamgauge/connections.json")),
                        "{\"version\": 1, \"connections\": [{\"name\": \"secure\", \"url\": \"" + address.toUtf8() + "\", " + members + "}]}");
    }
    [[nodiscard]] QString through(const QByteArray &host) const { return m_shop + QStringLiteral("?via=ssh:") + QString::fromLatin1(host); }

    std::unique_ptr<tests::SshServer> m_server;
    std::unique_ptr<CtlProcess> m_ctl;
    QString m_shop;
};

QTEST_GUILESS_MAIN(TestCtlVia)
#include "tst_ctl_via.moc"
