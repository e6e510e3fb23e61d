// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/answer_of.h"
#include "models/lag/lag_state.h"
#include "models/replay/reset_planner.h"
#include "tests/models/replay/kafka_reset_fixture.h"

#include <QRegularExpression>
#include <QTest>

#include <csignal>

using namespace connectors;
using namespace models::replay;
using models::journal::State;
using tests::KafkaResetFixture;
using tests::textOf;

namespace {
constexpr int Patience = 120'000;
}

/// A broker that goes away during a lag poll and during a reset. Needs a Kafka of its own, because others use the shared one.
class TestKafkaOutage final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        REQUIRE_KAFKA(); // where there is one, another can be started
        const auto started = tests::runKafkaScript({QStringLiteral("start")});
        QVERIFY2(started, "No second Kafka could be started.");
        m_folder = valueOf(*started, QStringLiteral("state"));
        m_fixture = std::make_unique<KafkaResetFixture>(valueOf(*started, QStringLiteral("bootstrap")));
    }

    void cleanupTestCase()
    {
        m_fixture.reset();
        if (!m_folder.isEmpty())
            QVERIFY(tests::runKafkaScript({QStringLiteral("stop"), m_folder}));
    }

    void aKilledBrokerMakesLagUnknownNever0()
    {
        const QString group = m_fixture->group({20, 20, 20, 20, 20, 20});
        const auto connector = *m_fixture->factory().open(m_fixture->spec());
        QVERIFY(read(*connector, group));
        QVERIFY(tests::runKafkaScript({QStringLiteral("kill"), m_folder}));
        const auto states = read(*connector, group);
        // As a whole, or partition by partition: but no number.
        if (states) {
            for (const ConsumerState &state : states->consumers) {
                QVERIFY(state.problem || !state.positions.empty());
                for (const ConsumerPosition &position : state.positions)
                    QCOMPARE(models::lag::partitionLag(position, state.summary.activity).state, models::lag::LagState::Unknown);
            }
        } else {
            QVERIFY2(states.error().code == ErrorCode::CannotConnect || states.error().code == ErrorCode::TimedOut, qPrintable(describe(states.error())));
        }
        QVERIFY(tests::runKafkaScript({QStringLiteral("restart"), m_folder}));
        // The same connection sees it again.
        QTRY_COMPARE_WITH_TIMEOUT(firstCheckpoint(*connector, group), std::optional<qint64>(20), Patience);
    }

    void aResetWhoseBrokerFallsSilentIsUnknownAndSettledByReading()
    {
        const QString group = m_fixture->group({20, 20, 20, 20, 20, 20});
        const tests::Positions before = m_fixture->groups().committed(group);
        const auto plan = m_fixture->plan(m_fixture->request(group, PositionSpec(AtPosition{30})));
        QVERIFY2(plan, plan ? "" : qPrintable(describe(plan.error())));
        RunObserver observer;
        observer.stateReached = [this](State state) {
            if (state == State::Intent)
                signalBroker(SIGSTOP);
        };
        Machine machine = m_fixture->machine(observer);
        const QString id = *machine.store(*plan);
        const auto outcome = machine.apply(id, approve(*plan, requiredConfirmation(*plan, ConfirmationForm::ConsumerName), QStringLiteral("a test"), false), {}, {});
        signalBroker(SIGCONT);
        QVERIFY2(outcome, outcome ? "" : qPrintable(describe(outcome.error())));
        QCOMPARE(models::journal::wordOf(outcome->state), QStringLiteral("UNKNOWN"));
        // A broker that was silent for so long may be without its controller for a while.
        Result<RunOutcome> resolved;
        QTRY_VERIFY_WITH_TIMEOUT(resolved = m_fixture->machine().resolve(id, {}), Patience);
        // What reading says and what is stored are the same, whichever it was.
        const bool isDone = resolved->state == State::Done;
        QVERIFY2(isDone || resolved->state == State::NotApplied, qPrintable(models::journal::wordOf(resolved->state)));
        QCOMPARE(m_fixture->groups().committed(group).at({m_fixture->topic(), 3}).first, qint64(isDone ? 30 : 20));
        if (isDone)
            QCOMPARE(m_fixture->undo(id)->state, State::Done);
        QCOMPARE(textOf(m_fixture->groups().committed(group)), textOf(before));
    }

    void aBrokerKilledDuringAResetLeavesItToBeResolved()
    {
        const QString group = m_fixture->group({20, 20, 20, 20, 20, 20});
        const auto plan = m_fixture->plan(m_fixture->request(group, PositionSpec(AtPosition{30})));
        RunObserver observer;
        observer.stateReached = [this](State state) {
            if (state == State::Applying)
                QVERIFY(tests::runKafkaScript({QStringLiteral("kill"), m_folder}));
        };
        Machine machine = m_fixture->machine(observer);
        const QString id = *machine.store(*plan);
        const auto outcome = machine.apply(id, approve(*plan, requiredConfirmation(*plan, ConfirmationForm::ConsumerName), QStringLiteral("a test"), false), {}, {});
        QVERIFY(tests::runKafkaScript({QStringLiteral("restart"), m_folder}));
        QVERIFY2(outcome, outcome ? "" : qPrintable(describe(outcome.error())));
        QCOMPARE(models::journal::wordOf(outcome->state), QStringLiteral("UNKNOWN"));
        // It had been acknowledged, so it must be there.
        const auto isDone = [&] {
            const auto resolved = m_fixture->machine().resolve(id, {});
            return resolved && resolved->state == State::Done;
        };
        QTRY_VERIFY_WITH_TIMEOUT(isDone(), Patience);
    }

private:
    static QString valueOf(const QByteArray &output, const QString &name)
    {
        const QRegularExpression line(name + QStringLiteral("=(\\S+)"));
        return line.match(QString::fromUtf8(output)).captured(1);
    }

    static Result<ConsumerStates> read(Connector &connector, const QString &group)
    {
        ConsumerStateRequest request;
        request.consumers = {group};
        return answerOf(connector.consumerCatalog()->consumerStates(request, {}));
    }

    static std::optional<qint64> firstCheckpoint(Connector &connector, const QString &group)
    {
        const auto states = read(connector, group);
        const bool isTold = states && states->consumers.size() == 1 && !states->consumers.front().positions.empty();
        return isTold ? states->consumers.front().positions.front().checkpoint : std::nullopt;
    }

    void signalBroker(int signal) const
    {
        QFile pid(m_folder + QStringLiteral("/pid"));
        if (!pid.open(QIODevice::ReadOnly) || ::kill(pid.readAll().trimmed().toInt(), signal) != 0)
            qFatal("The broker cannot be signalled.");
    }

    QString m_folder;
    std::unique_ptr<KafkaResetFixture> m_fixture;
};

QTEST_GUILESS_MAIN(TestKafkaOutage)
#include "tst_kafka_outage.moc"
