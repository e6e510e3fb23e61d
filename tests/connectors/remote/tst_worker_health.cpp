// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/remote/frame.h"
#include "connectors/remote/wire.h"
#include "connectors/remote/worker_connector.h"
#include "connectors/remote/worker_host.h"
#include "tests/support/child_processes.h"
#include "tests/support/folders.h"
#include "tests/support/store_fixture.h"

#include <QTemporaryDir>
#include <QTest>

#include <unistd.h>

using namespace connectors;
using namespace connectors::remote;
using namespace std::chrono_literals;

namespace {

constexpr auto Patience = 1s;

/// Its system never answers.
class SlowConnector final : public Connector
{
public:
    QFuture<Result<SystemIdentity>> identify(std::stop_token) override
    {
        m_promises.emplace_back().start();
        return m_promises.back().future();
    }
    Traffic traffic() const override { return {}; }
    QString whyNot(Ability) const override { return {}; }

private:
    std::deque<QPromise<Result<SystemIdentity>>> m_promises;
};

/// Takes longer than anybody is patient.
class SlowWriter final : public CheckpointWriter
{
public:
    Result<std::vector<CheckpointOutcome>> apply(const QString &, const std::vector<CheckpointChange> &) override
    {
        std::this_thread::sleep_for(3 * Patience);
        return std::vector<CheckpointOutcome>(1);
    }
};

/// This program as a worker whose system is slow.
int runSlowWorker()
{
    const HostedSystems systems{[](const auto &, const auto &) { return std::make_shared<SlowConnector>(); }, [](const auto &) { return std::make_unique<SlowWriter>(); },
                                [](const auto &) { return failure(ErrorCode::Unsupported, QString()); }};
    const WorkerHost host(systems, dup(STDIN_FILENO), dup(STDOUT_FILENO), [] { QMetaObject::invokeMethod(qApp, [] { QCoreApplication::quit(); }, Qt::QueuedConnection); });
    return QCoreApplication::exec();
}

} // namespace

/// Real processes that do not respond, or say what they may not.
class TestWorkerHealth final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        WorkerOpening creating = opening();
        creating.opening.spec = m_fixture.spec(true);
        const auto store = openThroughWorker(creating);
        QVERIFY2(store, store ? "" : qPrintable(describe(store.error())));
        QVERIFY(tests::answerOf((*store)->eventWriter()->append({tests::newEvent(u"orders"_qs, u"e-1"_qs)})).has_value());
    }
    void cleanup() { QCOMPARE(tests::childProcesses().size(), size_t(0)); }

    void aStoppedWorkerIsToldAndWhatIsAskedOfItFails()
    {
        const auto connector = openThroughWorker(opening()).value();
        QVERIFY(tests::answerOf(connector->identify({})).has_value());
        ProcessHealth *health = connector->processHealth();
        QVERIFY(health);
        QCOMPARE(health->processReport().state, ProcessState::Responding);
        QVERIFY(health->processReport().startedAt > 0);
        tests::signalChildren(SIGSTOP);
        const auto answer = tests::answerOf(connector->identify({}));
        QVERIFY(!answer);
        QCOMPARE(answer.error().code, ErrorCode::TimedOut);
        QVERIFY2(answer.error().message.contains(u"does not respond"), qPrintable(answer.error().message));
        QCOMPARE(health->processReport().state, ProcessState::NotResponding);
        const auto next = connector->identify({}); // at once, and nothing is sent that would pile up
        QVERIFY(next.isFinished() && !next.result());

        tests::signalChildren(SIGCONT);
        QTRY_COMPARE(health->processReport().state, ProcessState::Responding);
        QVERIFY(tests::answerOf(connector->identify({})).has_value());
        QCOMPARE(health->processReport().deaths, 0);
    }

    void aStoppedWorkerIsRestartedOnDemand()
    {
        const auto connector = openThroughWorker(opening()).value();
        const auto before = tests::childProcesses();
        tests::signalChildren(SIGSTOP);
        ReadRequest tail;
        tail.isFollowing = true;
        const auto channel = connector->eventReader()->read(tail);
        QTRY_COMPARE(connector->processHealth()->processReport().state, ProcessState::NotResponding);
        connector->processHealth()->restartProcess();
        const auto answers = [&connector] { return tests::answerOf(connector->identify({})).has_value(); };
        QTRY_VERIFY(answers()); // what is asked while the old one goes fails with it
        QCOMPARE(tests::childProcesses().size(), size_t(1));
        QVERIFY(tests::childProcesses() != before);
        QCOMPARE(connector->processHealth()->processReport().state, ProcessState::Responding);
        QCOMPARE(connector->processHealth()->processReport().deaths, 0); // it was wanted
        channel->cancel();
    }

    void aSlowSystemIsNoReason()
    {
        WorkerOpening slow = opening();
        slow.command = {QCoreApplication::applicationFilePath(), u"--slow-worker"_qs};
        const auto connector = openThroughWorker(slow).value();
        const auto never = connector->identify({});
        for (int i = 0; i < 30; ++i) {
            QTest::qWait(100);
            QCOMPARE(connector->processHealth()->processReport().state, ProcessState::Responding);
        }
        QVERIFY(!never.isFinished());
        const auto writer = openCheckpointWriterThroughWorker(slow).value();
        const auto outcomes = writer->apply(u"reader"_qs, {{u"orders"_qs, 0, 1, {}}});
        QVERIFY2(outcomes, outcomes ? "" : qPrintable(describe(outcomes.error())));
    }

    void whereNobodyCanRestartItAStoppedWorkerIsEnded()
    {
        WorkerOpening ending = opening();
        ending.whenSilent = WhenSilent::End;
        const auto connector = openThroughWorker(ending).value();
        const auto before = tests::childProcesses();
        tests::signalChildren(SIGSTOP);
        const auto answer = tests::answerOf(connector->identify({}));
        QVERIFY(!answer);
        QCOMPARE(answer.error().code, ErrorCode::CannotConnect);
        QVERIFY2(answer.error().message.contains(u"did not respond for 1 s, and was ended"), qPrintable(answer.error().message));
        QVERIFY(tests::answerOf(connector->identify({})).has_value());
        QVERIFY(tests::childProcesses() != before);
    }

    void aWorkerBehindAShellIsEndedToo()
    {
        WorkerOpening wrapped = opening();
        wrapped.command = {u"/bin/sh"_qs, u"-c"_qs, u"\"$@\"; exit $?"_qs, u"sh"_qs, wrapped.command.front()};
        const auto connector = openThroughWorker(wrapped).value();
        const auto shell = tests::childProcesses();
        const auto worker = tests::childProcesses(shell.front());
        QCOMPARE(worker.size(), size_t(1));
        ::kill(worker.front(), SIGSTOP);
        QTRY_COMPARE(connector->processHealth()->processReport().state, ProcessState::NotResponding);
        connector->processHealth()->restartProcess();
        const auto answers = [&connector] { return tests::answerOf(connector->identify({})).has_value(); };
        QTRY_VERIFY(answers());
        QVERIFY(tests::childProcesses() != shell);
        const auto isGone = [&worker] {
            QFile stat(u"/proc/%1/stat"_qs.arg(worker.front()));
            return !stat.open(QIODevice::ReadOnly) || stat.readAll().contains(") Z ");
        };
        QTRY_VERIFY(isGone());
    }

    void aTailOutlivesAnOutage()
    {
        const QString outage = m_folder.filePath(u"outage"_qs);
        WorkerOpening remote = opening();
        remote.command = {u"/bin/sh"_qs, u"-c"_qs, u"[ -e \"$0\" ] && { echo x >> \"$0\"; exit 255; }; exec \"$1\""_qs, outage, remote.command.front()};
        const auto connector = openThroughWorker(remote).value();
        ReadRequest tail;
        tail.isFollowing = true;
        const auto channel = connector->eventReader()->read(tail);
        QVERIFY(channel->waitPop());
        QFile away(outage);
        QVERIFY(away.open(QIODevice::WriteOnly));
        tests::signalChildren(SIGKILL);
        const auto triesAgain = [&outage] { return QFileInfo(outage).size() >= 3 * qint64(sizeof "x"); };
        QTRY_VERIFY_WITH_TIMEOUT(triesAgain(), 30'000);
        QVERIFY(!channel->isFinished());
        QVERIFY(!tests::answerOf(connector->identify({})).has_value());
        QVERIFY(away.remove());
        WorkerOpening appending = opening();
        appending.opening.spec = m_fixture.spec(true);
        const auto store = openThroughWorker(appending).value();
        QVERIFY(tests::answerOf(store->eventWriter()->append({tests::newEvent(u"orders"_qs, u"e-after"_qs)})).has_value());
        EventBatchPtr batch;
        const auto comes = [&] { return batch || (batch = channel->tryPop()); };
        QTRY_VERIFY_WITH_TIMEOUT(comes(), 30'000);
        QCOMPARE(batch->bytes(batch->record(0).eventId), QByteArray("e-after"));
        channel->cancel();
    }

    void aPasswordOfTheEnvironmentIsNotHandedOn()
    {
        qputenv(PasswordVariable, "hunter2");
        const auto connector = openThroughWorker(opening());
        QFile environment(u"/proc/%1/environ"_qs.arg(tests::childProcesses().front()));
        qunsetenv(PasswordVariable);
        QVERIFY(connector.has_value() && environment.open(QIODevice::ReadOnly));
        const QByteArray variables = environment.readAll();
        QVERIFY(variables.contains("PATH=") && !variables.contains("hunter2"));
    }

    void aWriterThatIsStoppedLeavesTheOutcomeUnknown()
    {
        const auto writer = openCheckpointWriterThroughWorker(opening()).value();
        tests::signalChildren(SIGSTOP);
        const auto outcomes = writer->apply(u"reader"_qs, {{u"orders"_qs, 0, 1, {}}});
        QVERIFY(!outcomes);
        QCOMPARE(outcomes.error().code, ErrorCode::OutcomeUnknown);
        QVERIFY2(outcomes.error().message.contains(u"did not respond"), qPrintable(outcomes.error().message));
    }

    void aDeathIsReported()
    {
        WorkerOpening limited = opening();
        limited.memoryLimit = 1073741824;
        const auto connector = openThroughWorker(limited).value();
        ProcessHealth *health = connector->processHealth();
        QCOMPARE(health->processReport().deaths, 0);
        tests::signalChildren(tests::CrashSignal);
        QTRY_COMPARE(health->processReport().deaths, 1);
        QVERIFY(tests::answerOf(connector->identify({})).has_value());
        const ProcessReport report = health->processReport();
        QVERIFY2(report.lastDeath.startsWith(u"was ended by signal %1"_qs.arg(tests::CrashSignal)), qPrintable(report.lastDeath));
        QVERIFY(report.diedAt > 0 && report.startedAt >= report.diedAt);
        QCOMPARE(report.memoryLimit, qint64(1073741824));
    }

    void whoSaysWhatItMayNotIsEndedAndWaitsUntilItIsAsked_data()
    {
        QTest::addColumn<QByteArray>("says");
        QTest::newRow("noise") << frameOf("noise that is no message at all");
        QTest::newRow("an over-long frame") << QByteArray("\xff\xff\xff\xff", 4);
        QTest::newRow("opened again") << frameOf(Writer(0, Reply::Opened, {}).whole(Greeting()).bytes());
        QTest::newRow("an answer that nobody asked for") << frameOf(Writer(99, Reply::Identity, {}).whole(SystemIdentity()).bytes());
        QTest::newRow("an unknown type") << frameOf(QByteArray::fromHex("0801f2050a"));
    }

    void whoSaysWhatItMayNotIsEndedAndWaitsUntilItIsAsked()
    {
        QFETCH(QByteArray, says);
        const QByteArray up = frameOf(helloBytes()) + frameOf(Writer(0, Reply::Opened, {}).whole(Greeting()).bytes());
        const auto connector = openThroughWorker(script(up, says)).value();
        ProcessHealth *health = connector->processHealth();
        QTRY_COMPARE(health->processReport().deaths, 1);
        QVERIFY2(health->processReport().lastDeath.contains(u"no message"), qPrintable(health->processReport().lastDeath));
        QTRY_COMPARE(tests::childProcesses().size(), size_t(0));
        QTest::qWait(3000); // longer than any pause
        QCOMPARE(tests::childProcesses().size(), size_t(0));
        QCOMPARE(health->processReport().deaths, 1);
        const auto again = tests::answerOf(connector->identify({}));
        QVERIFY(!again);
        QCOMPARE(again.error().code, ErrorCode::Unreadable);
        QTRY_COMPARE(health->processReport().deaths, 2);
    }

private:
    WorkerOpening opening() const
    {
        WorkerOpening opening{{tests::programFolder() + u"/streamgauge-worker"_qs, u"--memory-limit"_qs, u"1073741824"_qs}, {m_fixture.spec(), {}}};
        opening.patience = Patience;
        return opening;
    }

    /// A process that says the first at once and the second a moment later, whatever it hears.
    WorkerOpening script(const QByteArray &first, const QByteArray &second) const
    {
        const auto file = [this](const QString &name, const QByteArray &bytes) {
            QFile kept(m_folder.filePath(name));
            if (!kept.open(QIODevice::WriteOnly) || kept.write(bytes) != bytes.size())
                qFatal("nothing can be written");
            return kept.fileName();
        };
        return {{u"/bin/sh"_qs, u"-c"_qs, u"cat \"$0\"; sleep 0.3; cat \"$1\"; exec cat > /dev/null"_qs, file(u"first"_qs, first), file(u"second"_qs, second)}, {m_fixture.spec(), {}}};
    }

    tests::StoreFixture m_fixture;
    QTemporaryDir m_folder;
};

int main(int argc, char **argv)
{
    const QCoreApplication application(argc, argv);
    if (QCoreApplication::arguments().contains(u"--slow-worker"_qs))
        return runSlowWorker();
    TestWorkerHealth test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_worker_health.moc"
