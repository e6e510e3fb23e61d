// SPDX-License-Identifier: GPL-3.0-or-later
// How a change ends: what became of it is found out by reading, right after it was sent or when it was interrupted.
#include "models/replay/machine_run.h"

#include "connectors/answer_of.h"
#include "models/replay/named_connection.h"

#include <QDateTime>

namespace models::replay {

using namespace connectors;
using journal::State;

namespace {

constexpr int VerifyAttempts = 3;

} // namespace

Result<Snapshot> Machine::readOutcome(const Plan &plan, std::stop_token stop)
{
    auto snapshot = read(plan, stop);
    if (snapshot || snapshot.error().code != ErrorCode::NotFound)
        return snapshot;
    // A system may forget a consumer with its last checkpoint: whoever is not in the whole list has none.
    const auto connector = m_factory.open(plan.spec);
    if (!connector)
        return tl::unexpected(connector.error());
    const auto identity = answerOf((*connector)->identify(stop));
    if (!identity)
        return tl::unexpected(identity.error());
    Snapshot none;
    none.identity = *identity;
    none.consumer.summary.consumer = plan.consumer;
    return none;
}

Result<RunOutcome> Machine::verify(Run &run, const RunOptions &options)
{
    const auto unwritten = [&](const Error &error) {
        return failure(ErrorCode::OutcomeUnknown, QStringLiteral("The change was sent, but its end could not be written down: %1").arg(error.message),
                       QStringLiteral("When the journal can be written again, run: streamgaugectl journal resolve %1").arg(run.journalId));
    };
    if (auto written = append("verify.begin", run, State::Verifying, {}); !written)
        return unwritten(written.error());
    failpointBefore("verify.read");
    // What was given up may be in the system's queue, and be carried out after a reading that came too early.
    if (run.isOutcomeUnknown) {
        [[maybe_unused]] const bool hasSettled = sleepFor(options.settleTime, {});
    }
    // Another connection than the one that wrote; a cancel does not stop it, because the step in hand is finished first.
    Result<Snapshot> now = readOutcome(run.plan, {});
    for (int attempt = 1; !now && attempt < VerifyAttempts; ++attempt) {
        [[maybe_unused]] const bool hasSlept = sleepFor(std::chrono::seconds(1), {});
        now = readOutcome(run.plan, {});
    }
    failpointAfter("verify.read");
    if (now && now->identity.systemId != run.plan.systemId)
        now = failure(ErrorCode::Refused, QStringLiteral("System %1 answers instead of %2.").arg(now->identity.systemId, run.plan.systemId));
    RunOutcome outcome{run.journalId, State::Unknown, {}, {}, run.note};
    if (now) {
        outcome.rows = classify(run.plan, *now);
        for (RowOutcome &row : outcome.rows) {
            if (const auto problem = run.problems.find(row.row.id()); problem != run.problems.end())
                row.problem = problem->second;
        }
        outcome.state = overallState(outcome.rows);
    } else {
        outcome.note = QStringLiteral("What became of the change is not known, because the checkpoints could not be read: %1").arg(now.error().message);
    }
    QJsonObject body{{QStringLiteral("note"), outcome.note}};
    if (now)
        body[QStringLiteral("rows")] = toJson(outcome.rows);
    if (auto written = append("finish", run, outcome.state, body); !written)
        return unwritten(written.error());
    return outcome;
}

Result<RunOutcome> Machine::resolve(const QString &journalId, std::stop_token stop, std::chrono::milliseconds settleTime)
{
    auto taken = take(journalId);
    if (!taken)
        return tl::unexpected(taken.error());
    auto &[lock, record, plan] = *taken;
    plan.spec = specNow(m_factory, plan.spec);
    RunOutcome outcome{record.journalId, record.state, {}, {}, record.note};
    if (!journal::isOpen(record.state))
        return outcome;
    Run run{record.journalId, plan};
    if (!record.hasIntent) {
        outcome.state = State::NotApplied;
        outcome.note = QStringLiteral("It was interrupted before anything was sent.");
    } else {
        if (mayBeUnderWay(record, QDateTime::currentMSecsSinceEpoch())) {
            if (m_observer.settling)
                m_observer.settling(settleTime);
            if (!sleepFor(settleTime, stop))
                return failure(ErrorCode::Cancelled, QStringLiteral("The change %1 was not settled, because that was cancelled.").arg(record.journalId));
        }
        const auto now = readOutcome(plan, stop);
        if (!now)
            return tl::unexpected(now.error());
        if (now->identity.systemId != plan.systemId)
            return failure(ErrorCode::Refused, QStringLiteral("The change %1 was made on system %2, but %3 answers here.").arg(record.journalId, plan.systemId, now->identity.systemId));
        outcome.rows = classify(plan, *now);
        outcome.state = overallState(outcome.rows);
        outcome.note = QStringLiteral("Found by reading after an interruption.");
    }
    QJsonObject body{{QStringLiteral("note"), outcome.note}, {QStringLiteral("resolvedBy"), thisOperator().who}};
    if (!outcome.rows.empty())
        body[QStringLiteral("rows")] = toJson(outcome.rows);
    if (auto written = append("finish", run, outcome.state, body); !written)
        return tl::unexpected(written.error());
    return outcome;
}

} // namespace models::replay
