// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/remote/frame.h"
#include "connectors/remote/remote_session.h"
#include "connectors/remote/token_asker.h"
#include "connectors/remote/wire.h"
#include "connectors/remote/worker_connector.h"
#include "tests/support/child_processes.h"
#include "tests/support/folders.h"
#include "tests/support/store_fixture.h"

#include <QDir>
#include <QTemporaryDir>
#include <QTest>

#include <atomic>
#include <future>

using namespace connectors;
using namespace connectors::remote;

namespace {

qsizetype openDescriptors()
{
    return QDir(u"/proc/self/fd"_qs).entryList(QDir::AllEntries | QDir::NoDotAndDotDot | QDir::System).size();
}

qsizetype threads()
{
    return QDir(u"/proc/self/task"_qs).entryList(QDir::Dirs | QDir::NoDotAndDotDot).size();
}

QByteArray helloOf(const QByteArray &version)
{
    return "\x08\x01\x12" + QByteArray(1, static_cast<char>(version.size())) + version;
}

} // namespace

/// Real processes; those that misbehave are small scripts.
class TestWorker final : public QObject
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

    void aWorkerThatIsKilledIsStartedAgain()
    {
        WorkerLink link(opening(), {[](const QByteArray &) {}, [this](const Error &error, bool) { m_lost.push_back(error); }});
        QVERIFY(link.open().has_value());
        const qint64 first = link.processId();
        QVERIFY(first > 0);
        ::kill(static_cast<pid_t>(first), SIGKILL);
        QTRY_VERIFY(link.processId() > 0 && link.processId() != first);
        link.close();
        QCOMPARE(m_lost.size(), size_t(1));
        QCOMPARE(m_lost.front().code, ErrorCode::CannotConnect);
        QVERIFY2(m_lost.front().message.contains(u"signal 9"_qs), qPrintable(m_lost.front().message));
    }

    void readsGoOnAfterADeathAndTheNextQuestionIsAnswered()
    {
        const auto connector = openThroughWorker(opening()).value();
        QVERIFY(tests::answerOf(connector->identify({})).has_value());
        ReadRequest request;
        request.streams = {u"orders"_qs};
        request.isFollowing = true;
        const EventChannelPtr tail = connector->eventReader()->read(request);
        QCOMPARE(tail->waitPop()->count(), qsizetype(1));
        tests::signalChildren(SIGSEGV);
        QTRY_VERIFY(tests::answerOf(connector->identify({})).has_value()); // one that was asked of the dead fails
        WorkerOpening creating = opening();
        creating.opening.spec = m_fixture.spec(true);
        const auto store = openThroughWorker(creating).value();
        QVERIFY(tests::answerOf(store->eventWriter()->append({tests::newEvent(u"orders"_qs, u"e-2"_qs)})).has_value());
        const EventBatchPtr later = tail->waitPop();
        QVERIFY(later != nullptr);
        QCOMPARE(later->count(), qsizetype(1));
        QCOMPARE(later->text(later->record(0).eventId), std::string_view("e-2"));
        QVERIFY(!tail->isFinished());
        const auto events = tests::readAll(connector->eventReader()->read({}));
        QCOMPARE(events.result->matched, qint64(2));
    }

    void openingAndClosingManyLeavesNothingBehind()
    {
        { // whatever the libraries keep is there after the first
            const auto connector = openThroughWorker(opening());
        }
        const qsizetype descriptors = openDescriptors();
        const qsizetype before = threads();
#ifdef STREAMGAUGE_SANITIZED
        constexpr int Connections = 20; // each process takes ten times as long to start
#else
        constexpr int Connections = 100;
#endif
        for (int i = 0; i < Connections; ++i) {
            const auto connector = openThroughWorker(opening());
            QVERIFY(connector.has_value());
        }
        QCOMPARE(tests::childProcesses().size(), size_t(0));
        QCOMPARE(openDescriptors(), descriptors);
        QTRY_COMPARE(threads(), before);
    }

    void whatCannotBeOpenedSaysWhy()
    {
        WorkerOpening gone = opening();
        gone.opening.spec.path = m_folder.filePath(u"not-there.db"_qs);
        const auto opened = openThroughWorker(gone);
        const auto identity = opened ? tests::answerOf((*opened)->identify({})) : Result<SystemIdentity>(tl::unexpected(opened.error()));
        QVERIFY(!identity);
        QVERIFY(identity.error().message.contains(u"not-there.db"_qs));
    }

    void whatIsNoWorkerIsRefused_data()
    {
        QTest::addColumn<QByteArray>("says");
        QTest::addColumn<ErrorCode>("code");
        QTest::addColumn<QString>("words");
        QTest::newRow("another version") << frameOf(helloOf("99.0.0")) << ErrorCode::Unsupported << u"version 99.0.0"_qs;
        QTest::newRow("noise") << QByteArray("Welcome to bastion!\n") << ErrorCode::Unreadable << u"malformed"_qs;
        QTest::newRow("a hello that is none") << frameOf("hello") << ErrorCode::Unreadable << u"malformed"_qs;
        QTest::newRow("an over-long frame") << QByteArray("\xff\xff\xff\xff", 4) << ErrorCode::Unreadable << u"malformed"_qs;
        QTest::newRow("another answer") << frameOf(helloBytes()) + frameOf(Writer(0, Reply::Identity, {}).whole(SystemIdentity()).bytes()) << ErrorCode::Unreadable
                                        << u"malformed"_qs;
        QTest::newRow("a refusal") << frameOf(helloBytes()) + frameOf(Writer(0, Reply::Error, {}).whole(Error{ErrorCode::Refused, u"<b>No.</b>"_qs, {}, false}).bytes())
                                   << ErrorCode::Refused << u"<b>No.</b>"_qs;
    }

    void whatIsNoWorkerIsRefused()
    {
        QFETCH(QByteArray, says);
        QFETCH(ErrorCode, code);
        QFETCH(QString, words);
        const auto opened = openThroughWorker(script(says, "cat > /dev/null"));
        QVERIFY(!opened);
        QVERIFY2(opened.error().message.contains(words), qPrintable(opened.error().message));
        QCOMPARE(opened.error().code, code);
        QCOMPARE(tests::childProcesses().size(), size_t(0));
    }

    void aProgramThatEndsSaysItsLastWords()
    {
        const auto opened = openThroughWorker(script({}, "echo 'Host key verification failed.' >&2; exit 255"));
        QVERIFY(!opened);
        QCOMPARE(opened.error().code, ErrorCode::CannotConnect);
        QVERIFY2(opened.error().message.contains(u"Host key verification failed."_qs), qPrintable(opened.error().message));
        const auto gone = openThroughWorker({{u"/nowhere/streamgauge-worker"_qs}, {m_fixture.spec(), {}}});
        QVERIFY(!gone && gone.error().message.contains(u"/nowhere/streamgauge-worker"_qs));
    }

    void aTokenIsFetchedHereForAWorkerThatAsks()
    {
        const QByteArray asks = frameOf(helloBytes()) + frameOf(Writer(0, Reply::Opened, {}).whole(Greeting()).bytes()) + frameOf(Writer(0, Reply::AskToken, {}).bytes());
        WorkerOpening asking = script(asks, "cat > \"$0.heard\"; true");
        asking.token = [](const std::stop_token &) { return Result<QByteArray>(QByteArray("a.b.c")); };
        const auto opened = openThroughWorker(asking);
        QVERIFY2(opened, opened ? "" : qPrintable(describe(opened.error())));
        const QByteArray told = frameOf(Writer(0, Call::Token)(QByteArray("a.b.c"), std::optional<Error>()).bytes());
        const auto heard = [this] {
            QFile file(m_folder.filePath(u"says.heard"_qs));
            return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
        };
        QTRY_VERIFY(heard().contains(told));
    }

    void aWorkerThatAsksForATokenOutOfTurnIsRefused()
    {
        const QByteArray asks = frameOf(helloBytes()) + frameOf(Writer(0, Reply::Opened, {}).whole(Greeting()).bytes());
        const auto opened = openThroughWorker(script(asks + frameOf(Writer(0, Reply::AskToken, {}).bytes()), "exec cat > /dev/null"));
        QVERIFY(opened.has_value());
        const auto identity = tests::answerOf((*opened)->identify({}));
        QVERIFY(!identity);
        QCOMPARE(identity.error().code, ErrorCode::Unreadable);
    }

    void aWorkersOwnEndWaitsForTheTokenAndForNothingElse()
    {
        TokenAsker tokens;
        std::atomic<int> asked = 0;
        tokens.begin([&asked](const QByteArray &) { ++asked; });
        const QByteArray told = Writer(0, Call::Token)(QByteArray("a.b.c"), std::optional<Error>()).bytes();
        QVERIFY(tokens.take(Writer(0, Call::Token)(QByteArray("late"), std::optional<Error>()).bytes())); // whoever asked has gone
        auto answer = std::async(std::launch::async, [&tokens] { return tokens.ask({}); });
        QTRY_COMPARE(asked.load(), 1);
        QVERIFY(!tokens.take(Writer(0, Call::Ping).bytes()));
        QVERIFY(tokens.take(told));
        QCOMPARE(answer.get().value(), QByteArray("a.b.c"));
        auto last = std::async(std::launch::async, [&tokens] { return tokens.ask({}); });
        QTRY_COMPARE(asked.load(), 2);
        tokens.end();
        QCOMPARE(last.get().error().code, ErrorCode::Cancelled);
    }

    void whoWasOpenedToLookChangesNothing()
    {
        const auto session = std::make_shared<RemoteSession>([this](const QByteArray &message) { m_link->send(message); });
        m_link = std::make_unique<WorkerLink>(opening(), WorkerLink::Receiver{[session](const QByteArray &message) { session->receive(message); }, [](const Error &, bool) {}});
        QVERIFY(m_link->open().has_value());
        const auto outcomes = tests::answerOf(session->ask<std::vector<CheckpointOutcome>>(Call::ApplyCheckpoints, {}, u"reader"_qs,
                                                                                           std::vector<CheckpointChange>{{u"orders"_qs, 0, 7, {}}}));
        QVERIFY(!outcomes);
        QCOMPARE(outcomes.error().code, ErrorCode::Unreadable);
        const auto appended = tests::answerOf(session->ask<std::vector<AppendedEvent>>(Call::Append, {}, std::vector<NewEvent>{tests::newEvent(u"orders"_qs, u"e-99"_qs)}));
        QVERIFY(!appended);
        QCOMPARE(appended.error().code, ErrorCode::Unsupported);
        m_link.reset();
    }

    void aWriterMovesTheCheckpointAndNothingElse()
    {
        const auto writer = openCheckpointWriterThroughWorker(opening());
        QVERIFY(writer.has_value());
        const auto outcomes = (*writer)->apply(u"reader"_qs, {{u"orders"_qs, 0, 1, {}}});
        QVERIFY2(outcomes, outcomes ? "" : qPrintable(describe(outcomes.error())));
        QCOMPARE(outcomes->size(), size_t(1));
        QVERIFY(!outcomes->front().error);
    }

    void aWriterWhoseProcessDiesLeavesTheOutcomeUnknown()
    {
        const QByteArray opened = frameOf(helloBytes()) + frameOf(Writer(0, Reply::Opened, {}).whole(Greeting()).bytes());
        const auto writer = openCheckpointWriterThroughWorker(script(opened, "sleep 1; kill -9 $$"));
        QVERIFY(writer.has_value());
        const auto outcomes = (*writer)->apply(u"reader"_qs, {{u"orders"_qs, 0, 1, {}}});
        QVERIFY(!outcomes);
        QCOMPARE(outcomes.error().code, ErrorCode::OutcomeUnknown);
    }

private:
    WorkerOpening opening() const { return {{tests::programFolder() + u"/streamgauge-worker"_qs, u"--memory-limit"_qs, u"1073741824"_qs}, {m_fixture.spec(), {}}}; }

    /// A process that says these bytes, whatever it hears, and then does this.
    WorkerOpening script(const QByteArray &says, const char *then) const
    {
        QFile bytes(m_folder.filePath(u"says"_qs));
        if (!bytes.open(QIODevice::WriteOnly) || bytes.write(says) != says.size())
            qFatal("nothing can be written");
        return {{u"/bin/sh"_qs, u"-c"_qs, u"cat \"$0\"; "_qs + QString::fromLatin1(then), bytes.fileName()}, {m_fixture.spec(), {}}};
    }

    tests::StoreFixture m_fixture;
    QTemporaryDir m_folder;
    std::vector<Error> m_lost;
    std::unique_ptr<WorkerLink> m_link;
};

QTEST_GUILESS_MAIN(TestWorker)
#include "tst_worker.moc"
