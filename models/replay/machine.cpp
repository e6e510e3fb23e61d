// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/replay/machine.h"

#include "models/replay/differences.h"
#include "models/replay/machine_run.h"
#include "models/replay/named_connection.h"
#include "models/replay/step_changes.h"
#include "models/replay/taken_record.h"

#include <QDateTime>

#include <algorithm>

namespace models::replay {

using namespace connectors;
using journal::State;

namespace {

constexpr int MaxAttempts = 5;

QString membersText(const Snapshot &snapshot)
{
    QStringList names;
    for (const ConsumerMember &member : snapshot.consumer.members.value_or(std::vector<ConsumerMember>()))
        names.append((member.clientId.isEmpty() ? member.member : member.clientId).left(80) + QStringLiteral(" on ") + member.host.left(80));
    return names.isEmpty() ? QStringLiteral("somebody") : names.mid(0, 10).join(QStringLiteral(", "));
}

} // namespace

Machine::Machine(journal::Journal &journal, ConnectionFactory &factory, RunObserver observer)
    : m_journal(journal)
    , m_factory(factory)
    , m_observer(std::move(observer))
{
}

Result<QString> Machine::store(const Plan &plan, bool isForeign)
{
    const Operator operatorHere = thisOperator();
    failpointBefore("plan.store");
    auto id = m_journal.add({plan.planId, hashOf(plan), wordOf(plan.kind), plan.spec.name, plan.systemId, plan.consumer, operatorHere.who,
                             operatorHere.host, plan.undoes, toJson(plan), isForeign});
    failpointAfter("plan.store");
    return id;
}

Result<void> Machine::append(FailpointStep step, const Run &run, State state, const QJsonObject &body)
{
    auto appended = appendEntry(m_journal, step, run.journalId, state, body);
    if (appended && m_observer.stateReached)
        m_observer.stateReached(state);
    return appended;
}

Result<Snapshot> Machine::read(const Plan &plan, std::stop_token stop)
{
    auto connector = m_factory.open(plan.spec);
    if (!connector)
        return tl::unexpected(connector.error());
    std::vector<QString> streams;
    for (const PlanRow &row : plan.rows) {
        if (std::find(streams.begin(), streams.end(), row.stream) == streams.end())
            streams.push_back(row.stream);
    }
    return takeSnapshot(**connector, plan.spec, plan.consumer, streams, stop);
}

Result<Machine::Taken> Machine::take(const QString &journalId) const
{
    auto taken = takeRecord(m_journal, journalId);
    if (!taken)
        return tl::unexpected(taken.error());
    auto plan = planFromJson(taken->record.change.plan);
    if (!plan)
        return tl::unexpected(plan.error());
    return Taken{std::move(taken->lock), std::move(taken->record), std::move(*plan)};
}

Result<RunOutcome> Machine::apply(const QString &journalId, const Approval &approval, const RunOptions &options, std::stop_token stop)
{
    auto taken = take(journalId);
    if (!taken)
        return tl::unexpected(taken.error());
    auto &[lock, record, plan] = *taken;
    if (auto runnable = checkRunnable(m_journal, record); !runnable)
        return tl::unexpected(runnable.error());
    if (hashOf(plan) != record.change.hash)
        return failure(ErrorCode::Unreadable, QStringLiteral("The plan %1 is not as it was stored.").arg(record.change.planId), QStringLiteral("Check the journal with: streamgaugectl journal --verify"));
    if (auto same = checkPlace(m_factory, plan, record.change.isForeign); !same)
        return tl::unexpected(same.error());
    const Environment environment = environmentNow(m_factory, plan, record.change.isForeign);
    if (auto approved = checkApproval(plan, approval, options.form, environment); !approved)
        return tl::unexpected(approved.error());
    Run run{record.journalId, std::move(plan), environment, record.change.isForeign};
    const QJsonObject body{{QStringLiteral("who"), approval.who}, {QStringLiteral("reason"), approval.reason}, {QStringLiteral("until"), approval.until},
                           {QStringLiteral("planHash"), approval.planHash}, {QStringLiteral("confirmation"), approval.confirmation},
                           {QStringLiteral("isSkippingRefused"), approval.isSkippingRefused}};
    if (auto written = append("approve", run, State::Approved, body); !written)
        return tl::unexpected(written.error());
    auto checked = check(run, approval, options, stop);
    if (!checked)
        return tl::unexpected(giveBack(run, checked.error()));
    if (!checked->differences.empty())
        return checked;
    return change(run, options, stop);
}

Error Machine::giveBack(const Run &run, const Error &error)
{
    // Nothing was sent. If this cannot be written either, the open record says so at the next start.
    [[maybe_unused]] const auto written = m_journal.append(run.journalId, State::Planned, {{QStringLiteral("note"), error.message}});
    return error;
}

Result<Snapshot> Machine::waitUntilEmpty(Run &run, const Approval &approval, const RunOptions &options, std::stop_token stop)
{
    auto snapshot = read(run.plan, stop);
    if (!snapshot || !snapshot->isActive())
        return snapshot;
    const auto until = std::chrono::steady_clock::now() + options.maxWait;
    if (options.maxWait.count() > 0) {
        if (auto written = append("wait", run, State::Waiting, {{QStringLiteral("members"), membersText(*snapshot)}}); !written)
            return tl::unexpected(written.error());
    }
    while (snapshot && snapshot->isActive()) {
        if (m_observer.membersLeft)
            m_observer.membersLeft(snapshot->consumer.members.value_or(std::vector<ConsumerMember>()));
        if (std::chrono::steady_clock::now() >= until) {
            return failure(ErrorCode::Refused, QStringLiteral("“%1” is still being read by %2. Nothing was changed.").arg(run.plan.consumer, membersText(*snapshot)),
                           QStringLiteral("Stop all its members, then apply the plan again (or let it wait for them, with --wait)."), true);
        }
        if (QDateTime::currentMSecsSinceEpoch() > approval.until)
            return failure(ErrorCode::Refused, QStringLiteral("The approval expired while the members of “%1” were being waited for.").arg(run.plan.consumer), QStringLiteral("Look at the plan again and approve it again."));
        if (!sleepFor(std::min(options.waitInterval, std::chrono::duration_cast<std::chrono::milliseconds>(until - std::chrono::steady_clock::now()) + std::chrono::milliseconds(1)), stop))
            return failure(ErrorCode::Cancelled, QStringLiteral("The change of “%1” was cancelled while it waited. Nothing was changed.").arg(run.plan.consumer));
        snapshot = read(run.plan, stop);
    }
    return snapshot;
}

Result<std::vector<QString>> Machine::differences(const Run &run, const Snapshot &now) const
{
    // Hours may have passed while it waited.
    if (auto same = checkPlace(m_factory, run.plan, run.isForeign); !same)
        return tl::unexpected(same.error());
    std::vector<QString> differences = differencesFrom(run.plan, now);
    if (countsAsProduction(environmentNow(m_factory, run.plan, run.isForeign)) && !countsAsProduction(run.environment))
        differences.push_back(QStringLiteral("The connection “%1” counts as production now; it did not when the plan was approved.").arg(run.plan.spec.name));
    return differences;
}

Result<RunOutcome> Machine::check(Run &run, const Approval &approval, const RunOptions &options, std::stop_token stop)
{
    failpointBefore("check");
    const auto now = waitUntilEmpty(run, approval, options, stop);
    if (!now)
        return tl::unexpected(now.error());
    auto different = differences(run, *now);
    if (!different)
        return tl::unexpected(different.error());
    RunOutcome outcome{run.journalId, State::Planned, {}, std::move(*different), {}};
    failpointAfter("check");
    if (stop.stop_requested())
        return failure(ErrorCode::Cancelled, QStringLiteral("The change of “%1” was cancelled. Nothing was changed.").arg(run.plan.consumer));
    if (QDateTime::currentMSecsSinceEpoch() > approval.until)
        return failure(ErrorCode::Refused, QStringLiteral("The approval has expired."), QStringLiteral("Look at the plan again and approve it again."));
    if (outcome.differences.empty())
        return outcome;
    outcome.note = QStringLiteral("Nothing was changed, because the system is not as it was when the plan was made.");
    QJsonArray list;
    for (const QString &difference : outcome.differences)
        list.append(difference);
    if (auto written = append("review", run, State::Planned, {{QStringLiteral("differences"), list}, {QStringLiteral("note"), outcome.note}}); !written)
        return tl::unexpected(written.error());
    return outcome;
}

Result<RunOutcome> Machine::change(Run &run, const RunOptions &options, std::stop_token stop)
{
    auto writer = m_factory.openCheckpointWriter(run.plan.spec);
    if (!writer)
        return tl::unexpected(giveBack(run, writer.error()));
    bool hasIntent = false;
    for (const bool isDeletion : {false, true}) {
        if (changesOf(run.plan, isDeletion).empty())
            continue;
        if (hasIntent && stop.stop_requested()) {
            run.note = QStringLiteral("Cancelled before the last step.");
            break;
        }
        const auto goOn = step(run, isDeletion, **writer, options, stop);
        if (!goOn && hasIntent && goOn.error().code != ErrorCode::OutcomeUnknown) {
            run.note = goOn.error().message; // this step was not begun, but the one before it was sent: only reading tells
            break;
        }
        if (!goOn) // before the first intent was on the disk nothing was sent
            return tl::unexpected(goOn.error().code == ErrorCode::OutcomeUnknown ? goOn.error() : giveBack(run, goOn.error()));
        hasIntent = true;
        if (!*goOn)
            break;
    }
    writer->reset();
    return verify(run, options);
}

Result<bool> Machine::step(Run &run, bool isDeletion, CheckpointWriter &writer, const RunOptions &options, std::stop_token stop)
{
    std::vector<CheckpointChange> changes = changesOf(run.plan, isDeletion);
    const char *name = isDeletion ? "delete" : "set";
    if (auto written = append(isDeletion ? FailpointStep("intent.delete") : FailpointStep("intent.set"), run, State::Intent, intentBody(name, changes)); !written)
        return tl::unexpected(written.error());
    const FailpointStep point = isDeletion ? FailpointStep("apply.delete") : FailpointStep("apply.set");
    failpointBefore(point);
    Result<std::vector<CheckpointOutcome>> answer = writer.apply(run.plan.consumer, changes);
    const auto isUnknownOutcome = [](const CheckpointOutcome &outcome) { return outcome.error && outcome.error->code == ErrorCode::OutcomeUnknown; };
    bool isUnknown = false; // after any attempt
    for (int attempt = 1; answer && attempt < MaxAttempts; ++attempt) {
        // Only what the system itself says to try again (its coordinator moves); it certainly was not changed.
        std::vector<CheckpointChange> again;
        isUnknown = isUnknown || std::any_of(answer->begin(), answer->end(), isUnknownOutcome);
        for (const CheckpointOutcome &outcome : *answer) {
            const bool isRetryable = outcome.error && outcome.error->isRetryable && outcome.error->code != ErrorCode::OutcomeUnknown;
            const auto change = std::find_if(changes.begin(), changes.end(), [&](const CheckpointChange &one) { return one.stream == outcome.stream && one.partition == outcome.partition; });
            if (isRetryable && change != changes.end())
                again.push_back(*change);
            else if (outcome.error)
                run.problems[{outcome.stream, outcome.partition}] = outcome.error->message;
        }
        if (again.empty() || !sleepFor(options.retryDelay * attempt, stop))
            break;
        answer = writer.apply(run.plan.consumer, again);
    }
    failpointAfter(point);
    QJsonObject body{{QStringLiteral("step"), QString::fromLatin1(name)}};
    if (!answer)
        run.note = answer.error().message;
    for (const CheckpointOutcome &outcome : answer.value_or(std::vector<CheckpointOutcome>())) {
        if (outcome.error)
            run.problems[{outcome.stream, outcome.partition}] = outcome.error->message;
    }
    QJsonArray problems;
    for (const auto &[id, problem] : run.problems)
        problems.append(QJsonObject{{QStringLiteral("stream"), id.stream}, {QStringLiteral("partition"), id.partition}, {QStringLiteral("problem"), problem}});
    body[QStringLiteral("problems")] = problems;
    body[QStringLiteral("note")] = run.note;
    isUnknown = isUnknown || (answer ? std::any_of(answer->begin(), answer->end(), isUnknownOutcome) : answer.error().code == ErrorCode::OutcomeUnknown);
    run.isOutcomeUnknown = run.isOutcomeUnknown || isUnknown;
    if (auto written = append(isDeletion ? FailpointStep("result.delete") : FailpointStep("result.set"), run, isUnknown ? State::Unknown : State::Applying, body); !written) {
        return failure(ErrorCode::OutcomeUnknown, QStringLiteral("The change was sent, but its result could not be written down: %1").arg(written.error().message),
                       QStringLiteral("When the journal can be written again, run: streamgaugectl journal resolve %1").arg(run.journalId));
    }
    return answer && run.problems.empty();
}

} // namespace models::replay
