// SPDX-License-Identifier: GPL-3.0-or-later
// How a step ends: what became of it is found out by reading, right after it was carried out or when it was interrupted.
#include "models/projection/projection_run.h"

#include <algorithm>

namespace models::projection {

using namespace connectors;
using journal::State;

namespace {

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

} // namespace

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
