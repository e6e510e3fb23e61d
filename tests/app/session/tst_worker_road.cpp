// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/session/connection_url.h"
#include "app/session/ssh_road.h"
#include "app/session/worker_systems.h"

#include <QDir>
#include <QTemporaryDir>
#include <QTest>

using namespace connectors;
using namespace session;
using remote::WorkerEnd;

/// The commands that start workers, and the words for their ends. No process is started.
class TestWorkerRoad final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        // Something that is called ssh, so that one is found on every machine.
        write(m_folder.filePath(QStringLiteral("ssh")), "#!/bin/sh\n");
        QVERIFY(QFile::setPermissions(ssh(), QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner));
        qputenv("PATH", QFile::encodeName(m_folder.path()) + ":" + qgetenv("PATH"));
    }

    void hereItIsTheProgramItself()
    {
        const auto road = roadOf(parseConnection(QStringLiteral("kafka://b")).value(), m_profiles, QStringLiteral("/bin/worker"), 100);
        QVERIFY(road);
        QCOMPARE(road->command, QStringList({QStringLiteral("/bin/worker"), QStringLiteral("--memory-limit"), QStringLiteral("100")}));
        QVERIFY(road->where.isEmpty() && !road->explain);
    }

    void overSshTheHostIsNeverAnOption()
    {
        const auto road = roadOf(parseConnection(QStringLiteral("kafka://b?via=ssh:ops@bastion:2222")).value(), m_profiles, QStringLiteral("/bin/worker"), 100);
        QVERIFY2(road, road ? "" : qPrintable(describe(road.error())));
        QCOMPARE(road->command.front(), ssh());
        for (const char *option : {"-T", "BatchMode=yes", "ConnectTimeout=8", "ServerAliveInterval=2", "ServerAliveCountMax=3", "ClearAllForwardings=yes"})
            QVERIFY2(road->command.contains(QLatin1String(option)), option);
        const QStringList end{QStringLiteral("-p"), QStringLiteral("2222"), QStringLiteral("--"), QStringLiteral("ops@bastion"), QStringLiteral("streamgauge-worker --memory-limit 100")};
        QCOMPARE(road->command.last(5), end);
        QCOMPARE(road->where, QStringLiteral("ops@bastion:2222"));
        // A plan's file may hold anything.
        ConnectionSpec forged = parseConnection(QStringLiteral("kafka://b")).value();
        forged.via = QStringLiteral("ssh:-oProxyCommand=id");
        QCOMPARE(roadOf(forged, m_profiles, QStringLiteral("/bin/worker"), 100).error().code, ErrorCode::InvalidInput);
    }

    void theWorkersPathThereIsWrittenForEveryShell_data()
    {
        QTest::addColumn<QString>("path");
        QTest::addColumn<QString>("written"); ///< empty: refused
        const auto row = [](const char *path, const char *written) { QTest::newRow(path) << QString::fromLatin1(path) << QString::fromLatin1(written); };
        row("/opt/sg/streamgauge-worker", "'/opt/sg/streamgauge-worker'");
        row("~/sg/streamgauge-worker", "~/'sg/streamgauge-worker'");
        row("/opt/a b;$(id)", "'/opt/a b;$(id)'");
        row("sg-worker", "sg-worker");
        row("sg/worker", "");
        row("-worker", "");
        row("worker; id", "");
        row("$HOME/worker", "");
        row("/opt/it's", "");
        row("/opt/a\\b", "");
        row("/opt/!!", "");
        row("/opt/`id`", "");
        row("/opt/a\nb", "");
        row("~ops/worker", "");
    }

    void theWorkersPathThereIsWrittenForEveryShell()
    {
        QFETCH(QString, path);
        QFETCH(QString, written);
        const auto road = sshRoad(models::connection::parseVia(QStringLiteral("ssh:b")).value(), path, 7);
        QCOMPARE(road.has_value(), !written.isEmpty());
        if (road)
            QCOMPARE(road->command.back(), written + QStringLiteral(" --memory-limit 7"));
        else
            QCOMPARE(road.error().code, ErrorCode::InvalidInput);
    }

    void aCommandIsTheUsersOwn()
    {
        writeProfiles(R"("commands": {"pod": ["/bin/cat", "-u", "deploy/a b", "--", "/opt/streamgauge-worker"], "script": ["/bin/cat"], "gone": ["not-there-1", "x"], "bad": "cat", "worse": ["cat", 1]},)");
        const auto road = [this](const char *name) {
            return roadOf(parseConnection(QStringLiteral("kafka://b?via=exec:") + QLatin1String(name)).value(), m_profiles, QStringLiteral("/bin/worker"), 100);
        };
        const QStringList command{QStringLiteral("/bin/cat"), QStringLiteral("-u"), QStringLiteral("deploy/a b"), QStringLiteral("--"), QStringLiteral("/opt/streamgauge-worker"),
                                  QStringLiteral("--memory-limit"), QStringLiteral("100")};
        QCOMPARE(road("pod").value().command, command);
        QCOMPARE(road("script").value().command, QStringList(QStringLiteral("/bin/cat"))); // no worker that a limit could be told
        QVERIFY(road("pod")->where.contains(u"pod"));
        const auto unknown = road("prod");
        QCOMPARE(unknown.error().code, ErrorCode::NotFound);
        QVERIFY2(unknown.error().message.contains(m_profiles.path()) && unknown.error().advice.contains(QStringLiteral("pod")), qPrintable(describe(unknown.error())));
        const auto gone = road("gone");
        QVERIFY2(!gone && gone.error().message.contains(QStringLiteral("no program “not-there-1” here")), gone ? "" : qPrintable(describe(gone.error())));
        QCOMPARE(road("bad").error().code, ErrorCode::Unreadable);
        QCOMPARE(road("worse").error().code, ErrorCode::Unreadable);
    }

    void aCommandInAFileThatOthersMayWriteIsNotRun()
    {
        writeProfiles(R"("commands": {"pod": ["/bin/cat"]},)");
        QVERIFY(QFile::setPermissions(m_profiles.path(), QFile::ReadOwner | QFile::WriteOwner | QFile::WriteOther));
        const auto command = m_profiles.command(QStringLiteral("pod"));
        QVERIFY(QFile::remove(m_profiles.path()));
        QCOMPARE(command.error().code, ErrorCode::Refused);
    }

    void whatATeamSharesBringsNoCommand()
    {
        QFile::remove(m_profiles.path());
        const QTemporaryDir team;
        QVERIFY(QDir(team.path()).mkpath(QStringLiteral("streamgauge.d")));
        const QString folder = team.filePath(QStringLiteral("streamgauge.d"));
        for (const char *file : {"connections.json", "commands.json", "dead-letters.json"})
            write(folder + u'/' + QLatin1String(file), R"({"version": 1, "connections": [], "commands": {"pod": ["/bin/cat"]}})");
        qputenv("STREAMGAUGE_TEAM_FOLDER", QFile::encodeName(folder));
        const auto road = roadOf(parseConnection(QStringLiteral("kafka://b?via=exec:pod")).value(), m_profiles, QStringLiteral("/bin/worker"), 100);
        qunsetenv("STREAMGAUGE_TEAM_FOLDER");
        QCOMPARE(road.error().code, ErrorCode::NotFound);
        QVERIFY(road.error().advice.contains(QStringLiteral("\"commands\": {\"pod\":")));
    }

    void sshsOwnFailuresAreNamed_data()
    {
        QTest::addColumn<QString>("words");
        QTest::addColumn<ErrorCode>("code");
        QTest::addColumn<QString>("message");
        const auto row = [](const char *words, ErrorCode code, const char *message) { QTest::newRow(words) << QString::fromLatin1(words) << code << QString::fromUtf8(message); };
        row("ssh: Could not resolve hostname bastion: Name or service not known", ErrorCode::CannotConnect, "The name of ops@bastion is not known.");
        row("ssh: connect to host bastion port 22: Connection refused", ErrorCode::CannotConnect, "ops@bastion cannot be reached.");
        row("ssh: connect to host bastion port 22: Connection timed out", ErrorCode::CannotConnect, "ops@bastion cannot be reached.");
        row("ssh: connect to host bastion port 22: No route to host", ErrorCode::CannotConnect, "ops@bastion cannot be reached.");
        row("ops@bastion: Permission denied (publickey).", ErrorCode::NotAuthenticated, "ops@bastion did not let you in. ssh said: ops@bastion: Permission denied (publickey).");
        row("Host key verification failed.", ErrorCode::CannotConnect, "The host key of ops@bastion is not known here.");
        row("@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @\nHost key verification failed.", ErrorCode::CannotConnect, "ops@bastion has another host key");
        row("jump: Permission denied (publickey).\nConnection closed by UNKNOWN port 65535", ErrorCode::NotAuthenticated, "ops@bastion did not let you in. ssh said: jump: Permission");
        row("Received disconnect from 1.2.3.4 port 22:2: Too many authentication failures", ErrorCode::NotAuthenticated, "ops@bastion did not let you in.");
        row("kex_exchange_identification: Connection closed by remote host", ErrorCode::CannotConnect, "ops@bastion ended the connection.");
        row("Bad configuration option: x", ErrorCode::CannotConnect, "ssh to ops@bastion failed. Its last words: Bad configuration option: x");
        row("", ErrorCode::CannotConnect, "ssh to ops@bastion failed.");
    }

    void sshsOwnFailuresAreNamed()
    {
        QFETCH(QString, words);
        QFETCH(QString, message);
        WorkerEnd end;
        end.exitStatus = 255;
        end.lastWords = words;
        const Error error = sshEnd(models::connection::parseVia(QStringLiteral("ssh:ops@bastion")).value(), end);
        QTEST(error.code, "code");
        QVERIFY2(error.message.startsWith(message), qPrintable(error.message));
        QVERIFY(!error.advice.isEmpty() && !error.message.contains(u'%') && !error.advice.contains(u'%'));
    }

    void whatAContainersRuntimeSaysOfAMissingWorkerIsUnderstood()
    {
        WorkerEnd end;
        end.exitStatus = 1;
        end.lastWords = QStringLiteral("OCI runtime exec failed: exec: \"streamgauge-worker\": executable file not found in $PATH");
        QVERIFY(farEnd(QStringLiteral("pod"), end).message.startsWith(QStringLiteral("There is no streamgauge-worker on pod")));
    }

    void aStrangersWordsAreOneLineOfText()
    {
        WorkerEnd end;
        end.how = WorkerEnd::How::NoWorker;
        end.noise = "\x1b[31mHi\x07 \xff<b>you</b>\nmore";
        QCOMPARE(farEnd(QStringLiteral("pod"), end).message, QString::fromUtf8("On pod something else than the worker speaks first: “[31mHi \ufffd<b>you</b>”."));
    }

private:
    [[nodiscard]] QString ssh() const { return m_folder.filePath(QStringLiteral("ssh")); }
    static void write(const QString &path, const QByteArray &text)
    {
        QFile file(path);
        if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size())
            qFatal("nothing can be written");
    }
    void writeProfiles(const QByteArray &members) const { write(m_profiles.path(), "{\"version\": 1, " + members + " \"connections\": []}"); }

    const QTemporaryDir m_folder;
    const ProfileStore m_profiles{m_folder.filePath(QStringLiteral("connections.json"))};
};

QTEST_GUILESS_MAIN(TestWorkerRoad)
#include "tst_worker_road.moc"
