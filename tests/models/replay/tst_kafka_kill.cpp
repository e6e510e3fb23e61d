// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/replay/failpoint.h"
#include "models/replay/reset_planner.h"
#include "models/replay/undo_planner.h"
#include "tests/models/replay/kafka_reset_fixture.h"

#include <QCoreApplication>
#include <QProcess>
#include <QTest>

#include <csignal>

using namespace connectors;
using namespace models::replay;
using models::journal::Journal;
using models::journal::State;
using tests::KafkaResetFixture;
using tests::Positions;
using tests::textOf;

namespace {

/// Where the reset of every partition goes.
constexpr qint64 Target = 50;
/// Two partitions have no checkpoint, so that putting back is a step of setting and one of deleting.
const std::vector<qint64> Before{90, 80, 70, 60, -1, -1};

/// Where the partition 1 of a group is committed between plan and apply.
constexpr qint64 MovedTo = 81;
constexpr const char *ScenarioVariable = "STREAMGAUGE_KILL_SCENARIO";

/// What the process that is to die does: with a journal id it puts that change back, else it resets the group. Asked to, it
/// waits for members, or finds that a checkpoint has moved since it planned.
int runChild(const QStringList &arguments)
{
    const ConnectionSpec spec = tests::kafkaSpec(arguments[0]);
    const auto journal = Journal::open(arguments[1]);
    tests::KafkaFactory factory;
    const auto connector = factory.open(spec);
    if (!journal || !connector)
        return 2;
    ResetRequest request;
    request.streams = {arguments[2]};
    request.consumer = arguments[3];
    request.target = PositionSpec(AtPosition{Target});
    const auto plan = arguments.size() > 4 ? planUndo(**connector, spec, *(*journal)->find(arguments[4]), false, {}) : planReset(**connector, spec, request, {});
    if (!plan)
        return 3;
    Machine machine(**journal, factory);
    const auto id = machine.store(*plan);
    if (!id)
        return 4;
    RunOptions options;
    if (qEnvironmentVariable(ScenarioVariable) == QStringLiteral("wait"))
        options.maxWait = std::chrono::seconds(30);
    if (qEnvironmentVariable(ScenarioVariable) == QStringLiteral("review"))
        tests::KafkaGroups(arguments[0]).commit({{arguments[3], {{{arguments[2], 1}, MovedTo}}}});
    const auto done = machine.apply(*id, approve(*plan, requiredConfirmation(*plan, ConfirmationForm::ConsumerName), QStringLiteral("a test"), false), options, {});
    return done && done->state == State::Done ? 0 : 5;
}

QString word(State state)
{
    return models::journal::wordOf(state);
}

} // namespace

/// kill -9 at every durable or remote step of a reset and of putting it back, on a real Kafka.
class TestKafkaKill final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        REQUIRE_KAFKA();
        m_bootstrap = tests::kafkaBootstrap();
        m_fixture = std::make_unique<KafkaResetFixture>(m_bootstrap);
    }
    void cleanupTestCase() { m_fixture.reset(); }

    void aKilledResetIsClassifiedAndCanBePutBack_data() { addFailpoints(); }
    void aKilledResetIsClassifiedAndCanBePutBack()
    {
        QFETCH(QString, failpoint);
        const QString group = m_fixture->group(Before);
        const Positions before = m_fixture->groups().committed(group);
        if (!dies(failpoint, group)) {
            // A reset has nothing to delete; the rest has a test of its own.
            QVERIFY2(failpoint.contains(QStringLiteral("delete")) || needsSomebodyElse(failpoint), qPrintable(failpoint));
            return;
        }
        const auto record = recordOf(group, QStringLiteral("reset"));
        if (failpoint == QStringLiteral("plan.store.before")) {
            QVERIFY(!record);
            return;
        }
        QVERIFY(record);
        const auto outcome = m_fixture->machine().resolve(record->journalId, {}, std::chrono::milliseconds(1));
        QVERIFY2(outcome, outcome ? "" : qPrintable(describe(outcome.error())));
        const bool isSet = isAfter(failpoint, QStringLiteral("apply.set.after"));
        QCOMPARE(word(outcome->state), isSet ? QStringLiteral("DONE") : isAfter(failpoint, QStringLiteral("approve.after")) ? QStringLiteral("NOT_APPLIED") : QStringLiteral("PLANNED"));
        QCOMPARE(m_fixture->groups().committed(group).at({m_fixture->topic(), 5 * isSet}).first, isSet ? Target : Before[0]);
        if (isSet) {
            const auto undone = m_fixture->undo(record->journalId);
            QVERIFY2(undone, undone ? "" : qPrintable(describe(undone.error())));
            QCOMPARE(word(undone->state), QStringLiteral("DONE"));
        }
        QCOMPARE(textOf(m_fixture->groups().committed(group)), textOf(before));
        // And the group is free for the next change.
        const auto next = m_fixture->reset(group, PositionSpec(Latest{}));
        QVERIFY2(next, next ? "" : qPrintable(describe(next.error())));
        QVERIFY(m_fixture->journal().verify()->isIntact());
    }

    void aKilledUndoIsClassifiedAndCanBeFinished_data() { addFailpoints(); }
    void aKilledUndoIsClassifiedAndCanBeFinished()
    {
        QFETCH(QString, failpoint);
        const QString group = m_fixture->group(Before);
        const Positions before = m_fixture->groups().committed(group);
        const auto reset = m_fixture->reset(group, PositionSpec(AtPosition{Target}));
        QVERIFY2(reset, reset ? "" : qPrintable(describe(reset.error())));
        QCOMPARE(dies(failpoint, group, reset->journalId), !needsSomebodyElse(failpoint));
        if (needsSomebodyElse(failpoint))
            return;
        const auto record = recordOf(group, QStringLiteral("undo"));
        QCOMPARE(record.has_value(), failpoint != QStringLiteral("plan.store.before"));
        State state = State::Planned;
        if (record) {
            const auto outcome = m_fixture->machine().resolve(record->journalId, {}, std::chrono::milliseconds(1));
            QVERIFY2(outcome, outcome ? "" : qPrintable(describe(outcome.error())));
            state = outcome->state;
        }
        const bool isSet = isAfter(failpoint, QStringLiteral("apply.set.after"));
        const bool isDeleted = isAfter(failpoint, QStringLiteral("apply.delete.after"));
        QCOMPARE(word(state), isDeleted ? QStringLiteral("DONE") : isSet ? QStringLiteral("PARTIAL")
                 : isAfter(failpoint, QStringLiteral("approve.after")) ? QStringLiteral("NOT_APPLIED") : QStringLiteral("PLANNED"));
        if (state != State::Done) {
            const auto undone = m_fixture->undo(reset->journalId);
            QVERIFY2(undone, undone ? "" : qPrintable(describe(undone.error())));
            QCOMPARE(word(undone->state), QStringLiteral("DONE"));
        }
        QCOMPARE(textOf(m_fixture->groups().committed(group)), textOf(before));
        QVERIFY(m_fixture->journal().verify()->isIntact());
    }

    void aChangeKilledBeforeItWasSentLeavesEverythingAsItWas_data()
    {
        QTest::addColumn<QString>("failpoint");
        for (const QString &failpoint : inOrder())
            if (needsSomebodyElse(failpoint))
                QTest::newRow(qPrintable(failpoint)) << failpoint;
    }

    void aChangeKilledBeforeItWasSentLeavesEverythingAsItWas()
    {
        QFETCH(QString, failpoint);
        const QString group = m_fixture->group(Before);
        Positions expected = m_fixture->groups().committed(group);
        const bool isWaiting = failpoint.startsWith(QStringLiteral("wait"));
        std::unique_ptr<tests::KafkaMember> member;
        if (isWaiting) {
            member = std::make_unique<tests::KafkaMember>(m_bootstrap, group, m_fixture->topic(), QStringLiteral("pod-1"));
            QVERIFY(member->read(1) == 1);
        } else {
            expected[{m_fixture->topic(), 1}] = {MovedTo, {}};
        }
        QVERIFY2(dies(failpoint, group, {}, isWaiting ? QStringLiteral("wait") : QStringLiteral("review")), qPrintable(failpoint));
        member.reset();
        const auto record = recordOf(group, QStringLiteral("reset"));
        QVERIFY(record);
        const auto outcome = m_fixture->machine().resolve(record->journalId, {}, std::chrono::milliseconds(1));
        QVERIFY2(outcome, outcome ? "" : qPrintable(describe(outcome.error())));
        // What came back to review was settled already.
        QCOMPARE(word(outcome->state), failpoint == QStringLiteral("review.after") ? QStringLiteral("PLANNED") : QStringLiteral("NOT_APPLIED"));
        QCOMPARE(textOf(m_fixture->groups().committed(group)), textOf(expected));
        const auto next = m_fixture->reset(group, PositionSpec(Latest{}));
        QVERIFY2(next, next ? "" : qPrintable(describe(next.error())));
        QVERIFY(m_fixture->journal().verify()->isIntact());
    }

private:
    /// A member that reads, or an application that commits meanwhile.
    static bool needsSomebodyElse(const QString &failpoint) { return failpoint.startsWith(QStringLiteral("wait.")) || failpoint.startsWith(QStringLiteral("review.")); }

    static void addFailpoints()
    {
        QTest::addColumn<QString>("failpoint");
        for (const QString &failpoint : inOrder())
            QTest::newRow(qPrintable(failpoint)) << failpoint;
    }

    /// Every failpoint in the order in which a change with both steps passes them.
    static QStringList inOrder()
    {
        QStringList all;
        for (const char *step : FailpointSteps)
            all << QString::fromLatin1(step) + QStringLiteral(".before") << QString::fromLatin1(step) + QStringLiteral(".after");
        return all;
    }

    /// Whether the process that died at `failpoint` had passed `other`, or died just there.
    static bool isAfter(const QString &failpoint, const QString &other) { return inOrder().indexOf(failpoint) >= inOrder().indexOf(other); }

    /// False where it ended well, because the change does not have that step.
    bool dies(const QString &failpoint, const QString &group, const QString &undone = {}, const QString &scenario = {})
    {
        QProcess child;
        child.setProcessChannelMode(QProcess::ForwardedChannels);
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert(QStringLiteral("STREAMGAUGE_FAILPOINT"), failpoint);
        environment.insert(QString::fromLatin1(ScenarioVariable), scenario);
        child.setProcessEnvironment(environment);
        QStringList arguments{QStringLiteral("--child"), m_bootstrap, m_fixture->journalPath(), m_fixture->topic(), group};
        if (!undone.isEmpty())
            arguments.append(undone);
        child.start(QCoreApplication::applicationFilePath(), arguments);
        if (!child.waitForFinished(120'000))
            qFatal("The child hangs at %s.", qPrintable(failpoint));
        if (child.exitStatus() == QProcess::CrashExit && child.exitCode() == SIGKILL)
            return true;
        if (child.exitStatus() != QProcess::NormalExit || child.exitCode() != 0)
            qFatal("The child ended with %d at %s.", child.exitCode(), qPrintable(failpoint));
        return false;
    }

    std::optional<models::journal::Record> recordOf(const QString &group, const QString &kind)
    {
        const auto records = m_fixture->journal().records();
        for (const auto &record : *records) {
            if (record.change.target == group && record.change.kind == kind)
                return record;
        }
        return std::nullopt;
    }

    QString m_bootstrap;
    std::unique_ptr<KafkaResetFixture> m_fixture;
};

int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    if (arguments.size() > 5 && arguments[1] == QStringLiteral("--child"))
        return runChild(arguments.mid(2));
    TestKafkaKill test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_kafka_kill.moc"
