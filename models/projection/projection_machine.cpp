// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/projection/projection_run.h"

#include "models/replay/named_connection.h"

namespace models::projection {

using namespace connectors;
using journal::State;
using replay::FailpointStep;

namespace {

Result<ProjectionFile> fileOf(const ProjectionPlan &plan)
{
    // A rebuild that was begun elsewhere is known by its name only, which is enough to drop it.
    return plan.definition.isEmpty() && plan.action == ProjectionAction::Drop ? Result<ProjectionFile>(ProjectionFile()) : parseProjection(plan.definition, plan.fileName);
}

} // namespace

replay::Demands demandsOf(const ProjectionPlan &plan, Environment now)
{
    replay::Demands demands;
    demands.planHash = hashOf(plan);
    demands.isReasonRequired = countsAsProduction(now);
    if (countsAsProduction(now))
        demands.confirmation = plan.projection;
    demands.confirmationAdvice = QStringLiteral("The connection counts as production. Add --confirm with the projection's name.");
    if (plan.action == ProjectionAction::Swap && plan.isMuchSmaller()) {
        demands.confirmation = plan.projection + u' ' + QString::number(plan.rebuiltRows());
        demands.confirmationAdvice = QStringLiteral("What would be put in place is empty or much smaller than what is there. Confirm with the projection's name and the number of its rows.");
    }
    return demands;
}

ProjectionMachine::ProjectionMachine(journal::Journal &journal, ConnectionFactory &factory, ProjectionObserver observer)
    : m_journal(journal)
    , m_factory(factory)
    , m_observer(std::move(observer))
{
}

Result<QString> ProjectionMachine::store(const ProjectionPlan &plan)
{
    const replay::Operator here = replay::thisOperator();
    // Who keeps tables up to date may do so for months: rebuilding the next version goes on beside, and its swap fences the other out.
    const QString target = plan.action == ProjectionAction::Run ? QString(plan.projection + u" (run)") : plan.projection;
    replay::failpointBefore("projection.plan");
    auto id = m_journal.add({plan.planId, hashOf(plan), wordOf(plan.action), plan.target.name, plan.targetSystemId, target, here.who, here.host, {}, toJson(plan), false});
    replay::failpointAfter("projection.plan");
    return id;
}

Result<void> ProjectionMachine::append(FailpointStep step, const Run &run, State state, const QJsonObject &body)
{
    auto appended = replay::appendEntry(m_journal, step, run.journalId, state, body);
    if (appended && m_observer.stateReached)
        m_observer.stateReached(state);
    return appended;
}

Result<ProjectionOutcome> ProjectionMachine::apply(const QString &journalId, const replay::Approval &approval, const ProjectionRunOptions &options, const std::stop_token &stop)
{
    auto taken = replay::takeRecord(m_journal, journalId);
    if (!taken)
        return tl::unexpected(taken.error());
    if (auto runnable = replay::checkRunnable(m_journal, taken->record); !runnable)
        return tl::unexpected(runnable.error());
    auto plan = projectionPlanFrom(taken->record.change.plan);
    if (!plan)
        return tl::unexpected(plan.error());
    if (hashOf(*plan) != taken->record.change.hash)
        return failure(ErrorCode::Unreadable, QStringLiteral("The plan %1 is not as it was stored.").arg(plan->planId), QStringLiteral("Check the journal with: streamgaugectl journal --verify"));
    auto file = fileOf(*plan);
    if (!file)
        return tl::unexpected(file.error());
    Run run{taken->record.journalId, std::move(*plan), std::move(*file), options};
    if (Result<void> checked = check(run, approval, stop); !checked)
        return tl::unexpected(checked.error());
    const QJsonObject approved{{QStringLiteral("who"), approval.who}, {QStringLiteral("reason"), approval.reason}, {QStringLiteral("until"), approval.until},
                               {QStringLiteral("planHash"), approval.planHash}, {QStringLiteral("confirmation"), approval.confirmation}};
    if (auto written = append("projection.approve", run, State::Approved, approved); !written)
        return tl::unexpected(written.error());
    const QJsonObject intent{{QStringLiteral("step"), wordOf(run.plan.action)}, {QStringLiteral("job"), run.plan.job}};
    if (auto written = append("projection.intent", run, State::Intent, intent); !written) {
        [[maybe_unused]] const auto givenBack = m_journal.append(run.journalId, State::Planned, {{QStringLiteral("note"), written.error().message}});
        return tl::unexpected(written.error());
    }
    const Result<void> carriedOut = carryOut(run, stop);
    return verify(run, carriedOut, stop);
}

Result<void> ProjectionMachine::check(const Run &run, const replay::Approval &approval, const std::stop_token &stop)
{
    const ProjectionPlan &plan = run.plan;
    if (!plan.refusals.empty())
        return failure(ErrorCode::Refused, plan.refusals.front());
    if (auto same = replay::checkPlace(m_factory, plan.target, false); !same)
        return same;
    const bool isReading = plan.action != ProjectionAction::SwapBack && plan.action != ProjectionAction::Drop;
    if (auto same = isReading ? replay::checkPlace(m_factory, plan.source, false) : Result<void>(); !same)
        return same;
    const Environment now = replay::environmentNow(m_factory, plan.target, plan.environment, false);
    if (auto approved = replay::checkApproval(demandsOf(plan, now), approval); !approved)
        return approved;
    replay::failpointBefore("projection.check");
    const auto model = m_factory.openReadModel(plan.target);
    const auto systemId = model ? (*model)->systemId() : Result<QString>(tl::unexpected(model.error()));
    replay::failpointAfter("projection.check");
    if (!systemId)
        return tl::unexpected(systemId.error());
    if (*systemId != plan.targetSystemId)
        return failure(ErrorCode::Refused, QStringLiteral("The plan was made for %1, but %2 answers.").arg(plan.targetSystemId, *systemId), QStringLiteral("Plan again."));
    if (auto stands = checkState(plan); !stands || !isFilling(plan.action))
        return stands;
    // What was removed since the plan was counted in it, and would be missing without a word.
    const auto events = openEvents(run, stop);
    const auto still = events ? events->source.positionsNow(plan.range, stop) : Result<std::vector<SourcePosition>>(tl::unexpected(events.error()));
    return still ? Result<void>() : tl::unexpected(still.error());
}

/// Another step may have been taken since the plan: going on with a filling would write to the live tables after a swap.
Result<void> ProjectionMachine::checkState(const ProjectionPlan &plan)
{
    if (plan.action == ProjectionAction::Rebuild || plan.action == ProjectionAction::Drop)
        return {};
    const auto now = read(plan);
    if (!now)
        return tl::unexpected(now.error());
    if (!*now)
        return failure(ErrorCode::NotFound, QStringLiteral("The rebuild %1 is no longer in its database.").arg(plan.job));
    const QString why = whyNot(plan.action, (*now)->state);
    return why.isEmpty() ? Result<void>() : failure(ErrorCode::Refused, why, QStringLiteral("Plan again."));
}

Result<void> ProjectionMachine::carryOut(Run &run, const std::stop_token &stop)
{
    if (isFilling(run.plan.action))
        return fill(run, stop);
    return run.plan.action == ProjectionAction::Run ? keepUp(run, stop) : exchange(run, stop);
}

} // namespace models::projection
