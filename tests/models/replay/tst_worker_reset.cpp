// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/eventstore/event_store_connector.h"
#include "connectors/remote/worker_connector.h"
#include "connectors/remote/worker_host.h"
#include "models/replay/machine.h"
#include "models/replay/reset_planner.h"
#include "models/replay/undo_planner.h"
#include "tests/support/child_processes.h"
#include "tests/support/folders.h"
#include "tests/support/store_fixture.h"

#include <QCoreApplication>
#include <QProcess>
#include <QTest>

#include <fcntl.h>
#include <sys/stat.h>

using namespace connectors;
using namespace models::replay;
using models::journal::Journal;
using models::journal::State;

namespace {

constexpr std::chrono::seconds Patience{1};
constexpr qint64 Before = 4; ///< of the first stream; the second has no checkpoint
const QString Consumer = QStringLiteral("reader");
const std::vector<QString> Streams{QStringLiteral("orders"), QStringLiteral("payments")};

/// Everything through processes of its own; `worker` holds the writer.
class WorkerFactory final : public ConnectionFactory
{
public:
    explicit WorkerFactory(QStringList writer = command()) : m_writer(std::move(writer)) { }
    static QStringList command() { return {tests::programFolder() + QStringLiteral("/streamgauge-worker")}; }
    Result<std::shared_ptr<Connector>> open(const ConnectionSpec &spec) override { return remote::openThroughWorker(opening(command(), spec)); }
    Result<std::unique_ptr<CheckpointWriter>> openCheckpointWriter(const ConnectionSpec &spec) override
    {
        return remote::openCheckpointWriterThroughWorker(opening(m_writer, spec));
    }
    std::vector<ConnectionSpec> named(const QString &) const override { return {}; }

private:
    static remote::WorkerOpening opening(const QStringList &command, const ConnectionSpec &spec)
    {
        remote::WorkerOpening opening{command, {spec, {}}};
        opening.patience = Patience;
        return opening;
    }
    const QStringList m_writer;
};

/// Nothing between the test and the store.
class DirectFactory final : public ConnectionFactory
{
public:
    Result<std::shared_ptr<Connector>> open(const ConnectionSpec &spec) override { return eventstore::openEventStore(spec); }
    Result<std::unique_ptr<CheckpointWriter>> openCheckpointWriter(const ConnectionSpec &spec) override { return eventstore::openEventStoreCheckpointWriter(spec); }
    std::vector<ConnectionSpec> named(const QString &) const override { return {}; }
};

/// Sends itself the signal under the step, before or after the store has taken it.
class DyingWriter final : public CheckpointWriter
{
public:
    DyingWriter(std::unique_ptr<CheckpointWriter> writer, bool isAfter, int signal) : m_writer(std::move(writer)), m_isAfter(isAfter), m_signal(signal) { }
    Result<std::vector<CheckpointOutcome>> apply(const QString &consumer, const std::vector<CheckpointChange> &changes) override
    {
        if (m_isAfter)
            std::ignore = m_writer->apply(consumer, changes);
        ::kill(getpid(), m_signal);
        ::pause();
        return failure(ErrorCode::Internal, QString());
    }

private:
    const std::unique_ptr<CheckpointWriter> m_writer;
    const bool m_isAfter;
    const int m_signal;
};

/// This program as the worker of a writer: --worker before|after SIGNAL.
int runWorker(const QStringList &arguments)
{
    const bool isAfter = arguments[0] == QStringLiteral("after");
    const int signal = arguments[1].toInt();
    const remote::HostedSystems systems{[](const auto &opening, const auto &) { return eventstore::openEventStore(opening.spec); },
                                        [=](const auto &opening) {
                                            return eventstore::openEventStoreCheckpointWriter(opening.spec).map([=](auto writer) -> std::unique_ptr<CheckpointWriter> {
                                                return std::make_unique<DyingWriter>(std::move(writer), isAfter, signal);
                                            });
                                        },
                                        [](const auto &) { return failure(ErrorCode::Unsupported, QString()); }};
    const remote::WorkerHost host(systems, dup(STDIN_FILENO), dup(STDOUT_FILENO), [] { QMetaObject::invokeMethod(qApp, [] { QCoreApplication::quit(); }, Qt::QueuedConnection); });
    return QCoreApplication::exec();
}

ResetRequest toTheStart()
{
    ResetRequest request;
    request.streams = Streams;
    request.consumer = Consumer;
    request.target = PositionSpec(Earliest{});
    return request;
}

RunOptions options()
{
    RunOptions options;
    options.settleTime = std::chrono::milliseconds(50);
    return options;
}

Result<RunOutcome> run(Machine &machine, const Result<Plan> &plan)
{
    if (!plan)
        return tl::unexpected(plan.error());
    const auto id = machine.store(*plan);
    if (!id)
        return tl::unexpected(id.error());
    return machine.apply(*id, approve(*plan, requiredConfirmation(*plan, ConfirmationForm::ConsumerName), QStringLiteral("a test"), false), options(), {});
}

/// What a person does in the window: --child STORE JOURNAL [JOURNAL-ID], which puts that change back; else a reset. Prints how it ended.
int runChild(const QStringList &arguments)
{
    ConnectionSpec spec;
    spec.name = spec.path = arguments[0];
    spec.kind = SystemKind::EventStoreSqlite;
    WorkerFactory factory;
    const auto journal = Journal::open(arguments[1]);
    const auto connector = factory.open(spec);
    if (!journal || !connector)
        return 2;
    Machine machine(**journal, factory);
    const auto outcome = run(machine, arguments.size() > 2 ? planUndo(**connector, spec, *(*journal)->find(arguments[2]), false, {}) : planReset(**connector, spec, toTheStart(), {}));
    std::puts(qPrintable(outcome ? models::journal::wordOf(outcome->state) : outcome.error().code == ErrorCode::OutcomeUnknown ? QStringLiteral("UNKNOWN") : QStringLiteral("ERROR: ") + outcome.error().message));
    return 0;
}

} // namespace

/// A worker that is killed, crashes or stands still while a reset is under way, at each of its steps and within the remote one.
class TestWorkerReset final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_store = std::make_unique<tests::StoreFixture>();
        const auto connector = eventstore::openEventStore(m_store->spec(true));
        QVERIFY(connector.has_value());
        for (int i = 0; i < 6; ++i)
            QVERIFY(tests::answerOf((*connector)->eventWriter()->append({tests::newEvent(Streams[static_cast<size_t>(i % 2)], QStringLiteral("e-%1").arg(i), i)})).has_value());
        const auto writer = DirectFactory().openCheckpointWriter(m_store->spec());
        QVERIFY((*writer)->apply(Consumer, {{Streams[0], 0, Before, "by the test"}}).has_value());
        m_journal = std::move(*Journal::open(journalPath()));
        m_before = checkpoints();
    }
    void cleanup() { QCOMPARE(tests::childProcesses().size(), size_t(0)); }

    void aResetWhoseWorkersFailAtAStepIsToldAsItIs_data()
    {
        QTest::addColumn<int>("signal");
        QTest::addColumn<QString>("failpoint");
        for (const auto &[word, signal] : {std::pair("killed", SIGKILL), std::pair("crashed", SIGSEGV), std::pair("stopped", SIGSTOP)}) {
            for (const char *step : FailpointSteps) {
                const QString name = QString::fromLatin1(step);
                if (name == QStringLiteral("wait") || name == QStringLiteral("review")) // a reset of its own does not come there
                    continue;
                for (const char *side : {"before", "after"})
                    QTest::addRow("%s at %s.%s", word, step, side) << signal << name + u'.' + QString::fromLatin1(side);
            }
        }
    }

    void aResetWhoseWorkersFailAtAStepIsToldAsItIs()
    {
        QFETCH(int, signal);
        QFETCH(QString, failpoint);
        // Only putting back has something to delete.
        const bool isUndo = failpoint.contains(QStringLiteral("delete"));
        QString undone;
        if (isUndo) {
            const auto reset = resetDirectly();
            QVERIFY2(reset, reset ? "" : qPrintable(describe(reset.error())));
            undone = reset->journalId;
        }
        const QString start = checkpoints();
        const QString told = runSignalled(failpoint, signal, undone);
        judge(told, start, isUndo);
    }

    void aWriterThatFailsWithinTheStepIsFoundOutByReading_data()
    {
        QTest::addColumn<int>("signal");
        QTest::addColumn<QString>("when");
        for (const auto &[word, signal] : {std::pair("killed", SIGKILL), std::pair("crashed", SIGSEGV), std::pair("stopped", SIGSTOP)})
            for (const char *when : {"before", "after"})
                QTest::addRow("%s %s the store has taken it", word, when) << signal << QString::fromLatin1(when);
    }

    void aWriterThatFailsWithinTheStepIsFoundOutByReading()
    {
        QFETCH(int, signal);
        QFETCH(QString, when);
        WorkerFactory factory({QCoreApplication::applicationFilePath(), QStringLiteral("--worker"), when, QString::number(signal)});
        Machine machine(*m_journal, factory);
        const auto connector = DirectFactory().open(m_store->spec());
        const auto outcome = run(machine, planReset(**connector, m_store->spec(), toTheStart(), {}));
        QVERIFY2(outcome, outcome ? "" : qPrintable(describe(outcome.error())));
        QCOMPARE(models::journal::wordOf(outcome->state), when == QStringLiteral("after") ? QStringLiteral("DONE") : QStringLiteral("NOT_APPLIED"));
        judge(models::journal::wordOf(outcome->state), m_before, false);
        // That it was not known for a while is in the journal.
        const auto record = m_journal->find(outcome->journalId);
        QVERIFY(record.has_value());
        QVERIFY(std::any_of(record->entries.begin(), record->entries.end(), [](const auto &entry) { return entry.state == State::Unknown; }));
    }

private:
    [[nodiscard]] QString journalPath() const { return m_store->folder() + QStringLiteral("/journal.db"); }

    /// "orders:4 by the test", as the store itself has it.
    [[nodiscard]] QString checkpoints() const
    {
        const auto connector = DirectFactory().open(m_store->spec());
        const auto states = tests::answerOf((*connector)->consumerCatalog()->consumerStates({{Consumer}, false, false, false}, {}));
        if (!states)
            qFatal("%s", qPrintable(describe(states.error())));
        QStringList texts;
        for (const ConsumerPosition &position : states->consumers.front().positions)
            if (position.checkpoint)
                texts.append(QStringLiteral("%1:%2 %3").arg(position.stream).arg(*position.checkpoint).arg(QString::fromUtf8(position.metadata)).trimmed());
        return texts.join(QStringLiteral(", "));
    }

    Result<RunOutcome> resetDirectly()
    {
        DirectFactory factory;
        Machine machine(*m_journal, factory);
        const auto connector = factory.open(m_store->spec());
        return run(machine, planReset(**connector, m_store->spec(), toTheStart(), {}));
    }

    /// Runs the change, signals its workers as it stands at the failpoint, lets it go on, and gives what it says.
    QString runSignalled(const QString &failpoint, int signal, const QString &undone)
    {
        const QByteArray pipe = QFile::encodeName(m_store->folder() + QStringLiteral("/failpoint"));
        if (mkfifo(pipe.constData(), 0600) != 0)
            qFatal("no pipe");
        QProcess child;
        child.setProcessChannelMode(QProcess::ForwardedErrorChannel);
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert(QStringLiteral("STREAMGAUGE_FAILPOINT"), failpoint + u'=' + QFile::decodeName(pipe));
        child.setProcessEnvironment(environment);
        QStringList arguments{QStringLiteral("--child"), m_store->path(), journalPath()};
        if (!undone.isEmpty())
            arguments.append(undone);
        child.start(QCoreApplication::applicationFilePath(), arguments);
        int end = -1;
        for (int i = 0; i < 6000 && end < 0 && child.state() != QProcess::NotRunning; ++i) {
            end = ::open(pipe.constData(), O_WRONLY | O_NONBLOCK | O_CLOEXEC); // once it waits there
            if (end < 0)
                child.waitForFinished(10);
        }
        if (end < 0)
            qFatal("The child never came to %s.", qPrintable(failpoint));
        tests::signalChildren(signal, child.processId());
        ::close(end);
        if (!child.waitForFinished(60'000))
            qFatal("The child hangs after %s.", qPrintable(failpoint));
        if (child.exitStatus() != QProcess::NormalExit || child.exitCode() != 0)
            qFatal("The child ended with %d after %s.", child.exitCode(), qPrintable(failpoint));
        return QString::fromUtf8(child.readAllStandardOutput()).trimmed();
    }

    /// What was told agrees with what the store has; what is not known yet is found out; then everything is put back and a next
    /// reset works.
    void judge(const QString &told, const QString &start, bool isUndo)
    {
        DirectFactory factory;
        Machine machine(*m_journal, factory);
        const QString now = checkpoints();
        const auto records = m_journal->records();
        QVERIFY(records.has_value());
        const QString kind = isUndo ? QStringLiteral("undo") : QStringLiteral("reset");
        const auto record = std::find_if(records->begin(), records->end(), [&](const auto &each) { return each.change.kind == kind; });
        if (record != records->end()) {
            QString word = models::journal::wordOf(record->state);
            QVERIFY2(told == word || told.startsWith(QStringLiteral("ERROR")) || told == QStringLiteral("UNKNOWN"), qPrintable(told + u' ' + word));
            if (!models::journal::isFinal(record->state) && record->state != State::Planned) {
                const auto outcome = machine.resolve(record->journalId, {}, std::chrono::milliseconds(1));
                QVERIFY2(outcome, outcome ? "" : qPrintable(describe(outcome.error())));
                word = models::journal::wordOf(outcome->state);
            }
            const bool isAll = word == QStringLiteral("DONE");
            const bool isNothing = word == QStringLiteral("NOT_APPLIED") || word == QStringLiteral("PLANNED");
            QVERIFY2(isAll || isNothing || (isUndo && word == QStringLiteral("PARTIAL")), qPrintable(word + u' ' + now));
            if (isNothing)
                QCOMPARE(now, start);
            else
                QVERIFY2(now != start, qPrintable(word + u' ' + now));
            if (isAll && isUndo)
                QCOMPARE(now, m_before);
        } else {
            QCOMPARE(now, start);
        }
        if (told.startsWith(QStringLiteral("ERROR")))
            QCOMPARE(now, start);
        if (now != m_before) {
            const auto reset = std::find_if(records->begin(), records->end(), [](const auto &each) { return each.change.kind == QStringLiteral("reset"); });
            const auto connector = factory.open(m_store->spec());
            const auto undone = run(machine, planUndo(**connector, m_store->spec(), *m_journal->find(reset->journalId), false, {}));
            QVERIFY2(undone, undone ? "" : qPrintable(describe(undone.error())));
            QCOMPARE(models::journal::wordOf(undone->state), QStringLiteral("DONE"));
            QCOMPARE(checkpoints(), m_before);
        }
        const auto next = resetDirectly();
        QVERIFY2(next, next ? "" : qPrintable(describe(next.error())));
        QVERIFY(m_journal->verify()->isIntact());
    }

    std::unique_ptr<tests::StoreFixture> m_store;
    std::unique_ptr<Journal> m_journal;
    QString m_before;
};

int main(int argc, char **argv)
{
    const QCoreApplication application(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    if (arguments.size() > 3 && arguments[1] == QStringLiteral("--child"))
        return runChild(arguments.mid(2));
    if (arguments.size() > 3 && arguments[1] == QStringLiteral("--worker"))
        return runWorker(arguments.mid(2));
    TestWorkerReset test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_worker_reset.moc"
