// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/session/connection_url.h"
#include "app/session/worker_systems.h"
#include "tests/support/child_processes.h"
#include "tests/support/folders.h"
#include "tests/support/ssh_server.h"
#include "tests/support/store_fixture.h"

#include <QDir>
#include <QFileInfo>
#include <QTest>

#include <pwd.h>

using namespace connectors;
using namespace session;

/// Connections through a real ssh server on this machine, with the real worker at the other end and with what is none.
class TestSshRoad final : public QObject
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
        installWorker();
        const auto store = m_systems.open(spec("gauge", true), {}, {});
        QVERIFY2(store, store ? "" : qPrintable(describe(store.error())));
        QVERIFY(tests::answerOf((*store)->eventWriter()->append({tests::newEvent(QStringLiteral("orders"), QStringLiteral("e-1"))})).has_value());
    }
    void cleanupTestCase() { m_server.reset(); }
    void cleanup() { QCOMPARE(tests::childProcesses().size(), size_t(0)); }

    void aStoreThereIsReadAsOneHere_data()
    {
        QTest::addColumn<QString>("host");
        QTest::newRow("by a name of the configuration") << QStringLiteral("gauge");
        QTest::newRow("over another host") << QStringLiteral("through-gauge");
    }

    void aStoreThereIsReadAsOneHere()
    {
        QFETCH(QString, host);
        const auto opened = m_systems.open(spec(host.toLatin1()), {}, {});
        QVERIFY2(opened, opened ? "" : qPrintable(describe(opened.error())));
        const auto list = tests::answerOf((*opened)->streamCatalog()->listStreams({}, {}));
        QVERIFY2(list, list ? "" : qPrintable(describe(list.error())));
        QCOMPARE(list->streams.size(), size_t(1));
        QCOMPARE(list->streams.front().stream, QStringLiteral("orders"));
        QCOMPARE(tests::readAll((*opened)->eventReader()->read({})).result->matched, qint64(1));
    }

    void aCheckpointIsChangedThereToo()
    {
        const auto writer = m_systems.openCheckpointWriter(spec("gauge"), {});
        QVERIFY2(writer, writer ? "" : qPrintable(describe(writer.error())));
        const auto outcomes = (*writer)->apply(QStringLiteral("reader"), {{QStringLiteral("orders"), 0, 1, {}}});
        QVERIFY2(outcomes, outcomes ? "" : qPrintable(describe(outcomes.error())));
        QVERIFY(!outcomes->front().error);
    }

    void theWorkersPathThereIsTheSavedConnections()
    {
        const QString path = m_server->home() + QStringLiteral("/an older one/worker $HOME;");
        QVERIFY(QDir().mkpath(QFileInfo(path).absolutePath()));
        QVERIFY(QFile::link(worker(), path));
        ConnectionSpec saved = spec("gauge");
        saved.name = QStringLiteral("shop");
        const tests::StoreFixture folder;
        const ProfileStore profiles(folder.folder() + QStringLiteral("/connections.json"));
        m_server->write(profiles.path(), QStringLiteral(R"({"version": 1, "connections": [{"name": "shop", "url": "%1", "worker": "~/an older one/worker $HOME;"}]})")
                                             .arg(connectionUrl(saved)).toUtf8());
        m_server->write(inPath(), "#!/bin/sh\nexit 3\n");
        const WorkerSystems systems(WorkerSystems::DefaultMemoryLimit, profiles);
        const auto opened = systems.open(saved, {}, {});
        installWorker();
        QVERIFY2(opened, opened ? "" : qPrintable(describe(opened.error())));
        QVERIFY(tests::answerOf((*opened)->identify({})).has_value());
    }

    void whatIsMissingIsSaid_data()
    {
        QTest::addColumn<QString>("host");
        QTest::addColumn<QByteArray>("worker"); ///< a script; "": there is none
        QTest::addColumn<ErrorCode>("code");
        QTest::addColumn<QString>("message");
        QTest::addColumn<QString>("advice");
        const QByteArray none;
        const auto row = [](const char *name, const char *host, const QByteArray &worker, ErrorCode code, const char *message, const char *advice) {
            QTest::newRow(name) << QString::fromLatin1(host) << worker << code << QString::fromUtf8(message) << QString::fromUtf8(advice);
        };
        row("the host key is not known", "unknown-gauge", none, ErrorCode::CannotConnect, "The host key of unknown-gauge is not known here.", "say yes: ssh unknown-gauge");
        row("the host key is another", "changed-gauge", none, ErrorCode::CannotConnect, "changed-gauge has another host key than the one", "ssh-keygen -R");
        row("no key", "locked-gauge", none, ErrorCode::NotAuthenticated, "locked-gauge did not let you in. ssh said: ", "Try: ssh locked-gauge -o BatchMode=yes true");
        row("no port", "gauge:1", none, ErrorCode::CannotConnect, "gauge:1 cannot be reached. ssh said: ", "Check that an ssh server listens there");
        row("no worker", "gauge", none, ErrorCode::CannotConnect, "There is no streamgauge-worker on gauge", "as “worker” in the saved connection");
        row("no library", "gauge", "#!/bin/sh\necho 'streamgauge-worker: error while loading shared libraries: libQt6Core.so.6' >&2; exit 127\n", ErrorCode::CannotConnect,
            "The worker on gauge lacks a library. Its last words: streamgauge-worker: error while loading", "packaging/worker-folder");
        row("another version", "gauge", "#!/bin/sh\nprintf '\\012\\000\\000\\000\\010\\001\\022\\006\\071\\071\\056\\060\\056\\060'; cat > /dev/null\n", ErrorCode::Unsupported,
            "The worker on gauge is of version 99.0.0, this program of version " STREAMGAUGE_VERSION, "Install the same version on both sides.");
        row("noise", "gauge", "#!/bin/sh\necho 'Welcome to gauge!'; cat > /dev/null\n", ErrorCode::CannotConnect, "On gauge something else than the worker speaks first: “Welcome to gauge!”.", ".bashrc");
        row("it ends", "gauge", "#!/bin/sh\necho 'out of luck' >&2; exit 3\n", ErrorCode::CannotConnect, "The worker on gauge ended with status 3 before it had answered. Its last words: out of luck", "by hand");
    }

    void whatIsMissingIsSaid()
    {
        QFETCH(QString, host);
        QFETCH(QByteArray, worker);
        QFETCH(ErrorCode, code);
        QFETCH(QString, message);
        QFETCH(QString, advice);
        QFile::remove(inPath());
        if (!worker.isEmpty())
            m_server->write(inPath(), worker);
        const auto opened = m_systems.open(spec(host.toLatin1()), {}, {});
        installWorker();
        QVERIFY(!opened);
        QVERIFY2(opened.error().message.startsWith(message), qPrintable(describe(opened.error())));
        QVERIFY2(opened.error().advice.contains(advice), qPrintable(describe(opened.error())));
        QCOMPARE(opened.error().code, code);
    }

    void aGreetingBeforeTheWorkerIsNamed()
    {
        const passwd *user = getpwuid(geteuid());
        if (!user || !QByteArray(user->pw_shell).endsWith("bash"))
            QSKIP("The login shell here is no bash, which reads .bashrc under ssh.");
        m_server->write(m_server->home() + QStringLiteral("/.bashrc"), "echo hi\n");
        const auto opened = m_systems.open(spec("gauge"), {}, {});
        QVERIFY(QFile::remove(m_server->home() + QStringLiteral("/.bashrc")));
        QVERIFY(!opened);
        QVERIFY2(opened.error().message.contains(QStringLiteral("“hi”")), qPrintable(describe(opened.error())));
    }

    void withoutAnSshThatIsSaid()
    {
        const QByteArray before = qgetenv("PATH");
        qputenv("PATH", "/nowhere");
        const auto opened = m_systems.open(spec("gauge"), {}, {});
        qputenv("PATH", before);
        QVERIFY(!opened);
        QVERIFY2(opened.error().message.contains(QStringLiteral("There is no program ssh here")), qPrintable(describe(opened.error())));
    }

    void aLinkThatIsCutIsReportedAndMadeAgain()
    {
        const auto opened = m_systems.open(spec("gauge"), {}, {});
        QVERIFY(opened);
        const EventChannelPtr tail = follow(**opened);
        QVERIFY(tail->waitPop() != nullptr);
        m_server->cutSessions();
        QTRY_COMPARE_WITH_TIMEOUT((*opened)->processHealth()->processReport().deaths, 1, 20'000);
        const QString words = (*opened)->processHealth()->processReport().lastDeath;
        QVERIFY2(words.startsWith(QStringLiteral("lost its link. ssh said: ")), qPrintable(words));
        expectTheTailToGoOn(**opened, *tail, QStringLiteral("after-the-cut"));
    }

    void aLinkThatIsDeadIsNoticed()
    {
        const auto opened = m_systems.open(spec("gauge"), {}, {});
        QVERIFY(opened);
        const EventChannelPtr tail = follow(**opened);
        QVERIFY(tail->waitPop() != nullptr);
        m_server->freezeSessions();
        const auto asked = (*opened)->identify({});
        QTRY_COMPARE_WITH_TIMEOUT((*opened)->processHealth()->processReport().deaths, 1, 40'000);
        const auto unanswered = tests::answerOf(asked);
        QVERIFY(!unanswered);
        QVERIFY2(unanswered.error().message.startsWith(QStringLiteral("The worker on gauge has ended, or the link to it is broken.")), qPrintable(describe(unanswered.error())));
        expectTheTailToGoOn(**opened, *tail, QStringLiteral("after-the-silence"));
        m_server->cutSessions();
    }

private:
    [[nodiscard]] static QString worker() { return tests::programFolder() + QStringLiteral("/streamgauge-worker"); }
    [[nodiscard]] QString inPath() const { return m_server->programs() + QStringLiteral("/streamgauge-worker"); }
    void installWorker() const
    {
        QFile::remove(inPath());
        if (!QFile::link(worker(), inPath()))
            qFatal("the worker cannot be installed");
    }
    [[nodiscard]] ConnectionSpec spec(const QByteArray &host, bool mayCreate = false) const
    {
        ConnectionSpec spec = m_store.spec(mayCreate);
        spec.via = QStringLiteral("ssh:") + QString::fromLatin1(host);
        spec.name = connectionUrl(spec, false);
        return spec;
    }
    void expectTheTailToGoOn(Connector &connector, EventChannel &tail, const QString &eventId)
    {
        const auto isThereAgain = [&connector] { return tests::answerOf(connector.identify({})).has_value(); };
        QTRY_VERIFY_WITH_TIMEOUT(isThereAgain(), 20'000);
        const auto writing = m_systems.open(spec("gauge", true), {}, {});
        QVERIFY2(writing, writing ? "" : qPrintable(describe(writing.error())));
        QVERIFY(tests::answerOf((*writing)->eventWriter()->append({tests::newEvent(QStringLiteral("orders"), eventId)})).has_value());
        EventBatchPtr batch;
        const auto hasCome = [&] {
            batch = batch ? batch : tail.tryPop();
            return batch || tail.isFinished();
        };
        QTRY_VERIFY_WITH_TIMEOUT(hasCome(), 20'000);
        QVERIFY2(batch, qPrintable(tail.result() ? QString() : describe(tail.result().error())));
        QCOMPARE(batch->count(), qsizetype(1));
        QCOMPARE(batch->bytes(batch->record(0).eventId), eventId.toUtf8());
    }
    [[nodiscard]] static EventChannelPtr follow(Connector &connector)
    {
        ReadRequest request;
        request.streams = {QStringLiteral("orders")};
        request.isFollowing = true;
        return connector.eventReader()->read(request);
    }

    std::unique_ptr<tests::SshServer> m_server;
    const tests::StoreFixture m_store;
    const WorkerSystems m_systems{WorkerSystems::DefaultMemoryLimit, ProfileStore(m_store.folder() + QStringLiteral("/connections.json"))};
};

QTEST_GUILESS_MAIN(TestSshRoad)
#include "tst_ssh_road.moc"
