// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/projections/projection_words.h"

#include "ui/widgets/text.h"

#include <QCoreApplication>

namespace ui::projections {

using connectors::Rebuild;
using connectors::RebuildState;
using models::journal::State;
using models::projection::Projection;
using models::projection::ProjectionAction;
using models::projection::ProjectionOutcome;
using models::projection::ProjectionPlan;
using models::projection::ProjectionStage;
namespace text = widgets::text;

namespace {

QString tr(const char *words)
{
    return QCoreApplication::translate("ui::projections", words);
}

qint64 liveRows(const ProjectionPlan &plan)
{
    qint64 rows = 0;
    for (const auto &table : plan.tables)
        rows += table.rows;
    return rows;
}

QString nextWords(const Rebuild &next)
{
    switch (next.state) {
    case RebuildState::Filling: return tr("version %1 is being filled").arg(next.version);
    case RebuildState::SwappedBack: return tr("version %1 was swapped back").arg(next.version);
    case RebuildState::Filled:
    case RebuildState::Swapped:
    case RebuildState::Replaced: break;
    }
    return tr("version %1 waits to be swapped").arg(next.version);
}

} // namespace

QString stateWords(const Projection &projection)
{
    if (projection.stage() == ProjectionStage::Planning)
        return tr("planning");
    if (projection.stage() == ProjectionStage::Applying)
        return tr("%1 is under way").arg(actionWord(projection.plan()->plan.action));
    if (projection.statusError())
        return tr("cannot be read");
    const auto &status = projection.status();
    if (!status)
        return tr("reading");
    if (const Rebuild *next = status->nextRebuild())
        return nextWords(*next);
    if (status->liveRebuild())
        return status->liveRebuild()->version == status->file.version ? tr("live") : tr("version %1 is live").arg(status->liveRebuild()->version);
    const bool isThere = std::any_of(status->live.begin(), status->live.end(), [](const auto &table) { return table.exists; });
    return isThere ? tr("made by another program") : tr("not built yet");
}

theme::Role stateRole(const Projection &projection)
{
    if (projection.statusError())
        return theme::Role::Error;
    const auto &status = projection.status();
    if (!status || projection.isBusy())
        return theme::Role::Info;
    if (status->nextRebuild())
        return theme::Role::Warning;
    return status->liveRebuild() && status->liveRebuild()->version == status->file.version ? theme::Role::Ok : theme::Role::Muted;
}

QString actionWord(ProjectionAction action)
{
    switch (action) {
    case ProjectionAction::Rebuild: return tr("Rebuild");
    case ProjectionAction::Resume: return tr("Go on filling");
    case ProjectionAction::Swap: return tr("Swap");
    case ProjectionAction::SwapBack: return tr("Swap back");
    case ProjectionAction::Drop: return tr("Drop");
    case ProjectionAction::Run: return tr("Keep up to date");
    }
    return {};
}

QString planSentence(const ProjectionPlan &plan)
{
    switch (plan.action) {
    case ProjectionAction::Rebuild:
        return tr("Applies %1 events to tables beside the live ones, about %2 rows (%3 live now). The live tables are not touched.")
            .arg(text::exact(plan.events), text::exact(plan.rebuiltRows()), text::exact(liveRows(plan)));
    case ProjectionAction::Resume: return tr("Goes on after the %1 events that are applied already. The live tables are not touched.").arg(text::exact(plan.events));
    case ProjectionAction::Swap:
        return tr("Applies what has come since, then puts the rebuilt tables (%1 rows) in place of the live ones (%2 rows), in one transaction. The old tables are kept.")
            .arg(text::exact(plan.rebuiltRows()), text::exact(liveRows(plan)));
    case ProjectionAction::SwapBack: return tr("Puts the old tables in place again, in one transaction. The rebuilt ones are kept.");
    case ProjectionAction::Drop: return tr("Removes what is kept beside the live tables. The live tables are not touched.");
    case ProjectionAction::Run: return tr("Applies events to the live tables as they come, until it is stopped.");
    }
    return {};
}

QString outcomeSentence(const ProjectionPlan &plan, const ProjectionOutcome &outcome)
{
    if (outcome.state == State::Partial)
        return tr("Stopped: %1 events are applied and kept. It can be gone on with.").arg(text::exact(outcome.rebuild ? outcome.rebuild->checkpoint.events : 0));
    if (outcome.state != State::Done)
        return tr("Nothing was changed.");
    switch (plan.action) {
    case ProjectionAction::Rebuild:
    case ProjectionAction::Resume: {
        qint64 different = 0;
        for (const auto &each : outcome.comparisons)
            different += each.onlyOld + each.onlyNew + each.changed;
        return tr("Filled: %1 events. %2 rows differ from the live tables. Look at them, then swap.").arg(text::exact(outcome.rebuild ? outcome.rebuild->checkpoint.events : 0), text::exact(different));
    }
    case ProjectionAction::Swap: return tr("The rebuilt tables are live. The old ones are kept until you drop them.");
    case ProjectionAction::SwapBack: return tr("The old tables are live again.");
    case ProjectionAction::Drop: return tr("Dropped.");
    case ProjectionAction::Run: return tr("Stopped; every event that was applied is stored.");
    }
    return {};
}

} // namespace ui::projections
