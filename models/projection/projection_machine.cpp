// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/projection/projection_machine.h"

#include "connectors/answer_of.h"
#include "models/replay/named_connection.h"
#include "models/replay/sleep.h"

#include <QCryptographicHash>
#include <QDateTime>
#include <QElapsedTimer>

#include <algorithm>

namespace models::projection {

using namespace connectors;
using journal::State;
using replay::FailpointStep;

/// One step under way.
struct ProjectionMachine::Run {
    QString journalId;
    ProjectionPlan plan;
    ProjectionFile file;
    ProjectionRunOptions options;
    std::vector<QString> recreated = {};
    qint64 milliseconds = 0;
    qint64 eventsBefore = 0;
    qint64 eventsAfter = 0;
};

/// Where events come from, opened.
struct ProjectionMachine::Events {
    std::shared_ptr<Connector> connector;
    ProjectionSource source;
};

namespace {

bool isFilling(ProjectionAction action)
{
    return action == ProjectionAction::Rebuild || action == ProjectionAction::Resume;
}

State stateOf(ProjectionAction action, const std::optional<Rebuild> &rebuild)
{
    const auto is = [&rebuild](RebuildState state) { return rebuild && rebuild->state == state; };
    switch (action) {
    case ProjectionAction::Rebuild:
    case ProjectionAction::Resume: return !rebuild ? State::NotApplied : is(RebuildState::Filling) ? State::Partial : State::Done;
    case ProjectionAction::Swap: return is(RebuildState::Swapped) ? State::Done : State::NotApplied;
    case ProjectionAction::SwapBack: return is(RebuildState::SwappedBack) ? State::Done : State::NotApplied;
    case ProjectionAction::Drop: return rebuild ? State::NotApplied : State::Done;
    case ProjectionAction::Run: return rebuild ? State::Done : State::NotApplied;
    }
    return State::Unknown;
}

/// The database or the machine said no: what reading finds then was done by another step, perhaps by another process.
bool isRefusal(const Error &error)
{
    return error.code == ErrorCode::Refused || error.code == ErrorCode::Conflict || error.code == ErrorCode::NotFound || error.code == ErrorCode::NotPermitted || error.code == ErrorCode::Unsupported;
}

QString whereItStands(const Rebuild &rebuild)
{
    return QStringLiteral("%1 events are applied and stored. Go on with: streamgaugectl projection resume %2 --execute").arg(rebuild.checkpoint.events).arg(rebuild.job);
}

Rebuild newRebuild(const ProjectionPlan &plan, const ProjectionFile &file)
{
    Rebuild rebuild;
    rebuild.job = plan.job;
    rebuild.projection = plan.projection;
    rebuild.version = plan.version;
    rebuild.definition = QString::fromLatin1(QCryptographicHash::hash(plan.definition, QCryptographicHash::Sha256).toHex());
    for (const TableSpec &table : file.tables)
        rebuild.tables.push_back(table.name);
    rebuild.created = QDateTime::currentMSecsSinceEpoch();
    rebuild.heartbeat = rebuild.created;
    return rebuild;
}

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

Result<void> ProjectionMachine::fill(Run &run, const std::stop_token &stop)
{
    auto writer = m_factory.openReadModelWriter(run.plan.target, run.file.tables);
    if (!writer)
        return tl::unexpected(writer.error());
    RebuildCheckpoint from;
    replay::failpointBefore("rebuild.begin");
    if (run.plan.action == ProjectionAction::Rebuild) {
        if (Result<void> begun = (*writer)->begin(newRebuild(run.plan, run.file)); !begun)
            return begun;
    } else {
        auto taken = (*writer)->takeOver(run.plan.job);
        if (!taken)
            return tl::unexpected(taken.error());
        from = std::move(taken->checkpoint);
    }
    replay::failpointAfter("rebuild.begin");
    if (auto written = append("projection.apply", run, State::Applying, {{QStringLiteral("events"), from.events}}); !written)
        return written;
    if (Result<void> filled = fillFrom(run, **writer, from, stop); !filled) {
        std::ignore = (*writer)->letGo(); // so that it can be gone on with at once
        return filled;
    }
    replay::failpointBefore("rebuild.finish");
    Result<void> finished = (*writer)->finishFilling();
    replay::failpointAfter("rebuild.finish");
    return finished;
}

Result<ProjectionMachine::Events> ProjectionMachine::openEvents(const Run &run, const std::stop_token &stop)
{
    auto connector = m_factory.open(run.plan.source);
    if (!connector)
        return tl::unexpected(connector.error());
    const auto identity = answerOf((*connector)->identify(stop));
    if (!identity)
        return tl::unexpected(identity.error());
    if (identity->systemId != run.plan.sourceSystemId)
        return failure(ErrorCode::Refused, QStringLiteral("The plan reads from system %1, but %2 answers.").arg(run.plan.sourceSystemId, identity->systemId), QStringLiteral("Plan again."));
    auto source = ProjectionSource::open(**connector, run.file, stop);
    if (!source)
        return tl::unexpected(source.error());
    return Events{std::move(*connector), std::move(*source)};
}

Result<void> ProjectionMachine::fillFrom(Run &run, ReadModelWriter &writer, const RebuildCheckpoint &from, const std::stop_token &stop, const std::function<Result<bool>()> &keep)
{
    auto events = openEvents(run, stop);
    if (!events)
        return tl::unexpected(events.error());
    FillOptions options = run.options.fill;
    options.isParking = run.plan.isParking;
    options.maxBytesPerSecond = run.options.maxBytesPerSecond >= 0 ? run.options.maxBytesPerSecond : run.plan.maxBytesPerSecond;
    QElapsedTimer clock;
    clock.start();
    TableFill filling(events->source, run.file, writer, from, options);
    Result<void> filled = filling.run(stop, m_observer.filling);
    Result<bool> isGoingOn = filled && keep ? keep() : Result<bool>(false);
    while (filled && isGoingOn && *isGoingOn) {
        filled = filling.run(stop, m_observer.filling);
        if (filled)
            isGoingOn = keep();
    }
    run.milliseconds = clock.elapsed();
    run.eventsBefore = from.events;
    run.eventsAfter = filling.checkpoint().events;
    return isGoingOn ? filled : Result<void>(tl::unexpected(isGoingOn.error()));
}

/// Applies what comes, until it is stopped.
Result<void> ProjectionMachine::keepUp(Run &run, const std::stop_token &stop)
{
    auto writer = m_factory.openReadModelWriter(run.plan.target, run.file.tables);
    if (!writer)
        return tl::unexpected(writer.error());
    const auto taken = (*writer)->takeOver(run.plan.job);
    if (!taken)
        return tl::unexpected(taken.error());
    const auto keep = [&]() -> Result<bool> {
        return (*writer)->beat().map([&] { return replay::sleepFor(run.options.pause, stop); });
    };
    Result<void> kept = append("projection.apply", run, State::Applying, {{QStringLiteral("events"), taken->checkpoint.events}});
    if (kept)
        kept = fillFrom(run, **writer, taken->checkpoint, stop, keep);
    std::ignore = (*writer)->letGo();
    const bool wasStopped = !kept && kept.error().code == ErrorCode::Cancelled && stop.stop_requested();
    return wasStopped ? Result<void>() : kept;
}

/// Swap, SwapBack, Drop: one transaction of the database. Before a swap what has come meanwhile is applied.
Result<void> ProjectionMachine::exchange(Run &run, const std::stop_token &stop)
{
    auto writer = m_factory.openReadModelWriter(run.plan.target, run.file.tables);
    if (!writer)
        return tl::unexpected(writer.error());
    if (run.plan.action == ProjectionAction::Swap) {
        const auto taken = (*writer)->takeOver(run.plan.job);
        if (!taken)
            return tl::unexpected(taken.error());
        if (Result<void> filled = fillFrom(run, **writer, taken->checkpoint, stop); !filled)
            return filled;
    }
    if (auto written = append("projection.apply", run, State::Applying, {}); !written)
        return written;
    if (run.plan.action == ProjectionAction::Drop)
        return (*writer)->drop(run.plan.job);
    auto swapped = run.plan.action == ProjectionAction::Swap ? (*writer)->swap(run.plan.job) : (*writer)->swapBack(run.plan.job);
    if (!swapped)
        return tl::unexpected(swapped.error());
    run.recreated = std::move(swapped->recreated);
    return {};
}

Result<std::optional<Rebuild>> ProjectionMachine::read(const ProjectionPlan &plan)
{
    auto model = m_factory.openReadModel(plan.target); // another connection than the one that wrote
    if (!model)
        return tl::unexpected(model.error());
    const auto rebuilds = (*model)->rebuilds();
    if (!rebuilds)
        return tl::unexpected(rebuilds.error());
    const auto found = std::find_if(rebuilds->begin(), rebuilds->end(), [&plan](const Rebuild &each) { return each.job == plan.job; });
    return found == rebuilds->end() ? std::optional<Rebuild>() : std::optional(*found);
}

Result<ProjectionOutcome> ProjectionMachine::verify(Run &run, const Result<void> &carriedOut, const std::stop_token &stop)
{
    const auto unwritten = [&run](const Error &error) {
        return failure(ErrorCode::OutcomeUnknown, QStringLiteral("The step was carried out or ended, but that could not be written down: %1").arg(error.message),
                       QStringLiteral("When the journal can be written again, run: streamgaugectl journal resolve %1").arg(run.journalId));
    };
    if (auto written = append("projection.verify", run, State::Verifying, {}); !written)
        return unwritten(written.error());
    ProjectionOutcome outcome{run.journalId, State::Unknown, {}, {}, run.recreated, carriedOut ? QString() : describe(carriedOut.error()), run.milliseconds, run.eventsAfter - run.eventsBefore};
    const auto now = read(run.plan);
    if (now) {
        outcome.rebuild = *now;
        const bool isRefused = !isFilling(run.plan.action) && !carriedOut && isRefusal(carriedOut.error());
        outcome.state = isRefused ? State::NotApplied : stateOf(run.plan.action, *now);
    } else {
        outcome.note = QStringLiteral("How the rebuild stands is not known, because its database could not be read: %1").arg(now.error().message);
    }
    if (outcome.state == State::Partial)
        outcome.note += (outcome.note.isEmpty() ? QString() : QStringLiteral("\n")) + whereItStands(*outcome.rebuild);
    if (outcome.state == State::Done && isFilling(run.plan.action)) {
        if (auto model = m_factory.openReadModel(run.plan.target))
            compare(run, **model, outcome, stop);
    }
    QJsonObject body{{QStringLiteral("note"), outcome.note}};
    if (outcome.rebuild)
        body[QStringLiteral("events")] = outcome.rebuild->checkpoint.events;
    if (auto written = append("projection.end", run, outcome.state, body); !written)
        return unwritten(written.error());
    return outcome;
}

/// What cannot be compared is told; the filling has succeeded all the same.
void ProjectionMachine::compare(const Run &run, ReadModel &model, ProjectionOutcome &outcome, const std::stop_token &stop)
{
    for (size_t i = 0; i < run.file.tables.size(); ++i) {
        const auto observe = [&](qint64 rows) {
            if (m_observer.comparing)
                m_observer.comparing(run.file.tables[i].name, rows);
        };
        auto comparison = model.compare(*outcome.rebuild, run.file.tables[i], i, run.options.sampleRows, stop, observe, {});
        if (!comparison) {
            outcome.note = QStringLiteral("The tables are filled, but could not be compared: %1").arg(comparison.error().message);
            return;
        }
        outcome.comparisons.push_back(std::move(*comparison));
    }
}

Result<ProjectionOutcome> ProjectionMachine::resolve(const QString &journalId)
{
    const auto taken = replay::takeRecord(m_journal, journalId);
    if (!taken)
        return tl::unexpected(taken.error());
    const auto plan = projectionPlanFrom(taken->record.change.plan);
    if (!plan)
        return tl::unexpected(plan.error());
    ProjectionOutcome outcome;
    outcome.journalId = taken->record.journalId;
    outcome.state = taken->record.state;
    outcome.note = taken->record.note;
    if (!journal::isOpen(taken->record.state))
        return outcome;
    outcome.state = State::NotApplied;
    outcome.note = QStringLiteral("It was interrupted before anything was done.");
    if (taken->record.hasIntent) {
        const auto now = read(*plan);
        if (!now)
            return tl::unexpected(now.error());
        outcome.rebuild = *now;
        outcome.state = stateOf(plan->action, *now);
        outcome.note = QStringLiteral("Found by reading after an interruption.") + (outcome.state == State::Partial ? QStringLiteral(" ") + whereItStands(**now) : QString());
    }
    const Run run{outcome.journalId, *plan, {}, {}};
    const QJsonObject body{{QStringLiteral("note"), outcome.note}, {QStringLiteral("resolvedBy"), replay::thisOperator().who}};
    if (auto written = append("projection.end", run, outcome.state, body); !written)
        return tl::unexpected(written.error());
    return outcome;
}

} // namespace models::projection
