// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/projection_run.h"

#include "app/ctl/change_run.h"
#include "app/ctl/time_out.h"
#include "models/event/position_text.h"

#include <chrono>

namespace ctl {

using namespace connectors;
using models::journal::Journal;
using models::journal::State;
using models::projection::FillProgress;
using models::projection::ProjectionAction;
using models::projection::ProjectionMachine;
using models::projection::ProjectionPlan;
using models::projection::WriterSeen;

namespace {

constexpr std::chrono::seconds BetweenWords{5};

QString titleOf(ProjectionAction action)
{
    switch (action) {
    case ProjectionAction::Rebuild: return QStringLiteral("fill the tables beside the live ones");
    case ProjectionAction::Resume: return QStringLiteral("go on filling");
    case ProjectionAction::Swap: return QStringLiteral("swap");
    case ProjectionAction::SwapBack: return QStringLiteral("swap back");
    case ProjectionAction::Drop: return QStringLiteral("drop");
    case ProjectionAction::Run: return QStringLiteral("keep the live tables up to date");
    }
    return {};
}

/// Says now and then how far it is.
models::projection::ProjectionObserver observerOf(Output &out)
{
    auto isTime = [last = std::chrono::steady_clock::now()]() mutable {
        if (std::chrono::steady_clock::now() - last < BetweenWords)
            return false;
        last = std::chrono::steady_clock::now();
        return true;
    };
    models::projection::ProjectionObserver observer;
    observer.filling = [&out, isTime](const FillProgress &progress) mutable {
        if (isTime())
            out.say(QStringLiteral("%1 events applied, %2 positions to go, %3 rows written.").arg(progress.events).arg(progress.remaining).arg(progress.rows));
    };
    observer.comparing = [&out, isTime](const QString &table, qint64 rows) mutable {
        if (isTime())
            out.say(QStringLiteral("Comparing “%1”: %2 rows so far.").arg(table).arg(rows));
    };
    return observer;
}

void sayNext(Output &out, const ProjectionStep &step)
{
    if (out.isJson() || !step.outcome || step.outcome->state != State::Done)
        return;
    const QString &job = step.plan.job;
    switch (step.plan.action) {
    case ProjectionAction::Rebuild:
    case ProjectionAction::Resume:
        return out.say(QStringLiteral("Filled; the live tables are as they were. See what differs: projection diff %1. Put it in place: projection swap %1 --writer WHO --execute. Or: projection drop %1 --execute.").arg(job));
    case ProjectionAction::Swap: return out.say(QStringLiteral("Swapped. Back again: projection swap-back %1 --execute. When the old tables are no longer needed: projection drop %1 --execute.").arg(job));
    case ProjectionAction::SwapBack: return out.say(QStringLiteral("The old tables are live again. What was rebuilt is kept until: projection drop %1 --execute.").arg(job));
    case ProjectionAction::Drop: return out.say(QStringLiteral("Dropped."));
    case ProjectionAction::Run: return out.say(QStringLiteral("Stopped; every event that was applied is stored. Go on with: projection run %1 --execute.").arg(job));
    }
}

Result<std::chrono::milliseconds> lifetimeOf(const ProjectionChange &change)
{
    if (change.validFor.isEmpty())
        return std::chrono::milliseconds(models::replay::ApprovalLifetime);
    const auto validFor = models::event::parseDuration(change.validFor);
    if (!validFor)
        return tl::unexpected(validFor.error());
    if (*validFor <= 0 || std::chrono::milliseconds(*validFor) > models::replay::LongestApproval)
        return failure(ErrorCode::InvalidInput, QStringLiteral("--for: an approval is good for more than nothing and at most 24h, not for “%1”.").arg(change.validFor.left(40)));
    return std::chrono::milliseconds(*validFor);
}

/// Whether the consumer that is to write from now on does; none where that is no consumer.
Result<std::optional<WriterSeen>> seenOfWriter(Context &context, const ProjectionStep &step, const ProjectionChange &change)
{
    const bool isDone = step.outcome && step.outcome->state == State::Done;
    const QString &writer = step.plan.nextWriter;
    if (!isDone || step.plan.action != ProjectionAction::Swap || writer == u"nobody" || writer == u"run")
        return std::optional<WriterSeen>();
    const auto patience = change.patience.isEmpty() ? Result<std::chrono::milliseconds>(models::projection::WriterPatience) : parseTimeout(change.patience);
    const auto source = patience ? context.factory().open(step.plan.source) : Result<std::shared_ptr<Connector>>(tl::unexpected(patience.error()));
    if (!source)
        return tl::unexpected(source.error());
    context.out().say(QStringLiteral("Swapped. Looking whether “%1” goes on.").arg(writer));
    return std::optional(models::projection::watchWriter(**source, writer, *patience, context.stopToken()));
}

void sayWriter(Output &out, const ProjectionStep &step)
{
    const QString &writer = step.plan.nextWriter;
    if (step.writer == WriterSeen::Moving)
        out.say(QStringLiteral("“%1” goes on.").arg(writer));
    else if (step.writer == WriterSeen::Still)
        out.say(QStringLiteral("“%1” has not moved its checkpoint since the swap, though events wait. Does it know version %2? Swap back: projection swap-back %3 --execute.").arg(writer).arg(step.plan.version).arg(step.plan.job));
    else if (step.writer)
        out.say(QStringLiteral("Whether “%1” goes on cannot be told: no consumer is called so where the events are, or it cannot be read.").arg(writer));
}

std::optional<Error> refusalOf(const ProjectionPlan &plan)
{
    if (plan.refusals.empty())
        return std::nullopt;
    const QStringList all(plan.refusals.begin(), plan.refusals.end());
    const bool isLoss = all.front().contains(u"would lack");
    return Error{ErrorCode::Refused, all.join(u' '), isLoss ? QStringLiteral("Say --accept-losses if that may be so.") : plan.unfit > 0 ? QStringLiteral("Correct the projection file, or leave these events out with --park.") : QString(), false};
}

ExitStatus execute(Context &context, ProjectionStep step, const ProjectionChange &change)
{
    Output &out = context.out();
    const auto lifetime = lifetimeOf(change);
    if (!lifetime)
        return out.fail(lifetime.error());
    const auto journal = Journal::open(Journal::defaultPath(), context.factory());
    if (!journal)
        return out.fail(journal.error());
    ProjectionMachine machine(**journal, context.factory(), observerOf(out));
    models::projection::ProjectionRunOptions options;
    if (change.chunkEvents)
        options.fill.chunkEvents = std::max<qint64>(1, *change.chunkEvents);
    const auto approval = models::replay::approve(demandsOf(step.plan, step.plan.environment), change.confirmation, change.reason, *lifetime);
    auto outcome = machine.apply(step.journalId, approval, options, context.stopToken());
    step.isTried = true;
    if (outcome)
        step.outcome = std::move(*outcome);
    else
        step.refused = outcome.error();
    if (const auto seen = seenOfWriter(context, step, change))
        step.writer = *seen;
    else
        out.say(seen.error());
    printStep(out, step);
    if (step.refused) {
        out.say(*step.refused);
        return exitStatusOf(step.refused->code);
    }
    if (!step.outcome->note.isEmpty())
        out.say(step.outcome->note);
    sayWriter(out, step);
    sayNext(out, step);
    return exitStatusOf(step.outcome->state);
}

} // namespace

ExitStatus finishStep(Context &context, ProjectionStep step, const ProjectionChange &change)
{
    Output &out = context.out();
    step.refused = refusalOf(step.plan);
    step.isTried = change.isExecuted;
    if (!step.refused) { // what cannot be done is not kept
        const auto journal = Journal::open(Journal::defaultPath(), context.factory());
        const auto id = journal ? ProjectionMachine(**journal, context.factory()).store(step.plan) : Result<QString>(tl::unexpected(journal.error()));
        if (!id)
            return out.fail(id.error()); // if the journal cannot be written, nothing starts
        step.journalId = *id;
    }
    if (change.isExecuted && !step.refused)
        return execute(context, std::move(step), change);
    printStep(out, step);
    if (step.refused) {
        out.say(*step.refused);
        return ExitStatus::NotSo;
    }
    if (!context.isJson())
        out.say(QStringLiteral("Nothing was changed. To %1, exactly as planned: streamgaugectl apply %2").arg(titleOf(step.plan.action), step.plan.planId));
    return ExitStatus::Done;
}

ExitStatus applyProjection(Context &context, const models::journal::Record &record, const ProjectionChange &change)
{
    auto plan = models::projection::projectionPlanFrom(record.change.plan);
    if (!plan)
        return context.out().fail(plan.error());
    ProjectionStep step;
    step.plan = std::move(*plan);
    step.journalId = record.journalId;
    // So that the factory knows what to log in with; whether they still lead there is checked later.
    const bool isReading = step.plan.action != ProjectionAction::SwapBack && step.plan.action != ProjectionAction::Drop;
    if (const auto source = isReading ? context.openPlanned(step.plan.source, true) : Result<OpenConnection>(); isReading && !source)
        return context.out().fail(source.error());
    return execute(context, std::move(step), change);
}

ExitStatus resolveProjection(Context &context, const models::journal::Record &record)
{
    Output &out = context.out();
    const auto journal = Journal::open(Journal::defaultPath(), context.factory());
    if (!journal)
        return out.fail(journal.error());
    auto plan = models::projection::projectionPlanFrom(record.change.plan);
    if (!plan)
        return out.fail(plan.error());
    auto outcome = ProjectionMachine(**journal, context.factory()).resolve(record.journalId);
    if (!outcome)
        return out.fail(outcome.error());
    ProjectionStep step;
    step.plan = std::move(*plan);
    step.journalId = record.journalId;
    step.isTried = true;
    step.outcome = std::move(*outcome);
    printStep(out, step);
    if (!step.outcome->note.isEmpty())
        out.say(step.outcome->note);
    return exitStatusOf(step.outcome->state);
}

} // namespace ctl
