// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/projection/projection_planner.h"

#include "connectors/answer_of.h"
#include "models/connection/environment.h"
#include "models/journal/canonical_json.h"

#include <QDateTime>
#include <QUuid>

#include <algorithm>

namespace models::projection {

using namespace connectors;

namespace {

constexpr qsizetype JobLetters = 8;
constexpr qint64 BytesOfARow = 200; ///< where no table tells

/// As the first version of a plan: what is the same in all.
ProjectionPlan beginPlan(ProjectionAction action)
{
    ProjectionPlan plan;
    plan.planId = QUuid::createUuid().toString(QUuid::WithoutBraces);
    plan.action = action;
    plan.created = QDateTime::currentMSecsSinceEpoch();
    return plan;
}

Result<Rebuild> rebuildNamed(ReadModel &model, const QString &job, const QString &where)
{
    const auto rebuilds = model.rebuilds();
    if (!rebuilds)
        return tl::unexpected(rebuilds.error());
    const auto found = std::find_if(rebuilds->begin(), rebuilds->end(), [&job](const Rebuild &each) { return each.job == job; });
    if (found == rebuilds->end())
        return failure(ErrorCode::NotFound, QStringLiteral("“%1” has no rebuild %2; it was dropped, or never begun.").arg(where, job.left(40)), QStringLiteral("See which there are with: streamgaugectl projection list CONNECTION"));
    return *found;
}

void noteLosses(ProjectionPlan &plan, const PlannedTable &table)
{
    if (table.losses.empty())
        return;
    const QStringList names(table.losses.begin(), table.losses.end());
    const QString words = QStringLiteral("A rebuilt “%1” would lack: %2.").arg(table.table, names.join(QStringLiteral(", ")));
    (plan.areLossesAccepted ? plan.warnings : plan.refusals).push_back(words);
}

void lookAtTarget(ProjectionPlan &plan, const ProjectionFile &file, const SourceScan &scan, const std::vector<LiveTable> &live)
{
    qint64 needed = 0;
    for (size_t i = 0; i < live.size(); ++i) {
        // How many rows a program makes nobody knows before; most often as many as there are.
        PlannedTable table{scan.rows[i].table, live[i].exists, live[i].rows, file.handler.isEmpty() ? scan.rows[i].rows : live[i].rows, live[i].losses};
        const qint64 bytesOfARow = live[i].rows > 0 && live[i].bytes ? std::max<qint64>(1, *live[i].bytes / live[i].rows) : BytesOfARow;
        needed += bytesOfARow * table.rebuiltRows;
        noteLosses(plan, table);
        plan.tables.push_back(std::move(table));
    }
    plan.bytesNeeded = needed;
    if (plan.bytesFree && *plan.bytesFree < needed)
        plan.refusals.push_back(QStringLiteral("About %1 MB are needed beside the live tables, but only %2 MB are free.").arg(needed / 1'000'000).arg(*plan.bytesFree / 1'000'000));
}

void judgeScan(ProjectionPlan &plan, const ProjectionFile &file, const SourceScan &scan)
{
    if (scan.unfitCount > 0 && plan.isParking)
        plan.warnings.push_back(QStringLiteral("%1 events do not fit and will be left out and listed.").arg(scan.unfitCount));
    else if (scan.unfitCount > 0)
        plan.refusals.push_back(QStringLiteral("%1 events do not fit; the first: %2").arg(scan.unfitCount).arg(scan.unfit.front().why));
    if (scan.withoutRule > 0)
        plan.warnings.push_back(QStringLiteral("%1 events are of types that no rule knows; they change nothing.").arg(scan.withoutRule));
    if (!file.handler.isEmpty())
        plan.warnings.push_back(QStringLiteral("This program is run and told every event: %1").arg(file.handler.join(u' ').left(300)));
    else if (plan.isMuchSmaller())
        plan.warnings.push_back(QStringLiteral("A rebuilt table would be empty, or have less than half of the rows of the live one."));
}

} // namespace

Result<PlannedRebuild> planRebuild(ConnectionFactory &factory, const RebuildRequest &request, const std::stop_token &stop, const SourceObserver &observer)
{
    const auto file = parseProjection(request.definition, request.fileName);
    if (!file)
        return tl::unexpected(file.error());
    auto source = factory.open(request.source);
    if (!source)
        return tl::unexpected(source.error());
    auto target = factory.openReadModel(request.target);
    if (!target)
        return tl::unexpected(target.error());
    const auto live = (*target)->look(file->tables); // before the long reading, so that what is wrong here is told at once
    const auto targetId = (*target)->systemId();
    const auto free = (*target)->freeBytes();
    if (!live || !targetId || !free)
        return tl::unexpected(!live ? live.error() : !targetId ? targetId.error() : free.error());
    const auto identity = answerOf((*source)->identify(stop));
    const auto opened = identity ? ProjectionSource::open(**source, *file, stop) : Result<ProjectionSource>(tl::unexpected(identity.error()));
    const auto range = opened ? opened->positionsNow({}, stop) : Result<std::vector<SourcePosition>>(tl::unexpected(opened.error()));
    auto scan = range ? scanSource(**source, *file, request.maxBytesPerSecond, stop, observer) : Result<SourceScan>(tl::unexpected(range.error()));
    if (!scan)
        return tl::unexpected(scan.error());
    ProjectionPlan plan = beginPlan(ProjectionAction::Rebuild);
    plan.job = plan.planId.left(JobLetters);
    plan.fileName = request.fileName;
    plan.definition = request.definition;
    plan.projection = file->name;
    plan.version = file->version;
    plan.source = request.source;
    plan.target = request.target;
    plan.environment = request.target.environment;
    plan.sourceSystemId = identity->systemId;
    plan.targetSystemId = *targetId;
    plan.range = *range;
    plan.events = scan->events;
    plan.withoutRule = scan->withoutRule;
    plan.unfit = scan->unfitCount;
    plan.milliseconds = scan->milliseconds;
    plan.bytesFree = *free;
    plan.maxBytesPerSecond = request.maxBytesPerSecond;
    plan.isParking = request.isParking;
    plan.areLossesAccepted = request.areLossesAccepted;
    plan.reversible = QStringLiteral("fully, because the live tables are not touched: what is filled beside them can be dropped");
    lookAtTarget(plan, *file, *scan, *live);
    judgeScan(plan, *file, *scan);
    return PlannedRebuild{std::move(plan), std::move(*scan)};
}

Result<ProjectionPlan> rebuildPlanOf(const std::vector<journal::Record> &records, const QString &job)
{
    for (const journal::Record &record : records) {
        if (record.change.kind != wordOf(ProjectionAction::Rebuild))
            continue;
        const auto plan = projectionPlanFrom(record.change.plan);
        if (plan && plan->job == job)
            return plan;
    }
    return failure(ErrorCode::NotFound, QStringLiteral("The journal knows no rebuild %1.").arg(job.left(40)),
                   QStringLiteral("See which there are with “streamgaugectl projection list CONNECTION”; one that was begun elsewhere can only be dropped here, with --target CONNECTION."));
}

namespace {

Result<void> lookAtRebuild(ReadModel &model, const Rebuild &rebuild, const ProjectionFile &file, ProjectionPlan &plan, const std::stop_token &stop)
{
    const auto live = model.look(file.tables);
    if (!live)
        return tl::unexpected(live.error());
    for (size_t i = 0; i < file.tables.size(); ++i) {
        const auto comparison = model.compare(rebuild, file.tables[i], i, 0, stop, {}, {});
        if (!comparison)
            return tl::unexpected(comparison.error());
        const bool isSwap = plan.action == ProjectionAction::Swap; // what the live table has may be more than when the filling began
        plan.tables.push_back({file.tables[i].name, live->at(i).exists, comparison->oldRows, comparison->newRows, isSwap ? live->at(i).losses : std::vector<QString>()});
        noteLosses(plan, plan.tables.back());
    }
    return {};
}

QString reversibilityOf(ProjectionAction action, RebuildState state)
{
    switch (action) {
    case ProjectionAction::Swap: return QStringLiteral("fully, by swapping back: the old tables stay until they are dropped; what is written to the new ones meanwhile is not in the old ones");
    case ProjectionAction::SwapBack: return QStringLiteral("fully, by swapping again");
    case ProjectionAction::Drop:
        return state == RebuildState::Swapped ? QStringLiteral("no, because the old tables are removed: afterwards nothing can be swapped back")
                                              : QStringLiteral("partly: the tables can be filled again from the events");
    case ProjectionAction::Run: return QStringLiteral("partly: swapping back brings the old tables, without what is written from now on");
    case ProjectionAction::Rebuild:
    case ProjectionAction::Resume: break;
    }
    return QStringLiteral("fully, because the live tables are not touched: what is filled beside them can be dropped");
}

} // namespace

Result<ProjectionPlan> planStep(ConnectionFactory &factory, const std::vector<journal::Record> &records, const StepRequest &request, const std::stop_token &stop)
{
    const auto begun = rebuildPlanOf(records, request.job);
    if (!begun)
        return tl::unexpected(begun.error());
    auto model = factory.openReadModel(begun->target);
    if (!model)
        return tl::unexpected(model.error());
    const auto rebuild = rebuildNamed(**model, request.job, begun->target.name);
    if (!rebuild)
        return tl::unexpected(rebuild.error());
    const auto file = parseProjection(begun->definition, begun->fileName);
    if (!file)
        return tl::unexpected(file.error());
    ProjectionPlan plan = *begun;
    const ProjectionPlan fresh = beginPlan(request.action);
    plan.planId = fresh.planId;
    plan.action = fresh.action;
    plan.created = fresh.created;
    plan.isParking = begun->isParking || request.isParking;
    plan.areLossesAccepted = begun->areLossesAccepted || request.areLossesAccepted;
    plan.range = rebuild->checkpoint.positions.empty() ? begun->range : rebuild->checkpoint.positions;
    plan.events = rebuild->checkpoint.events;
    plan.tables.clear();
    plan.warnings.clear();
    plan.refusals.clear();
    plan.reversible = reversibilityOf(request.action, rebuild->state);
    if (const QString why = whyNot(request.action, rebuild->state); !why.isEmpty())
        plan.refusals.push_back(why);
    const bool isCompared = plan.refusals.empty() && (request.action == ProjectionAction::Swap || request.action == ProjectionAction::SwapBack);
    if (isCompared) {
        if (Result<void> looked = lookAtRebuild(**model, *rebuild, *file, plan, stop); !looked)
            return tl::unexpected(looked.error());
    }
    if (request.action == ProjectionAction::Swap) {
        plan.nextWriter = request.nextWriter;
        if (request.nextWriter.isEmpty())
            plan.refusals.push_back(QStringLiteral("Who writes the tables after the swap must be named: a projector that knows version %1, or “nobody”.").arg(plan.version));
        if (isCompared && plan.isMuchSmaller())
            plan.warnings.push_back(QStringLiteral("A rebuilt table is empty, or has less than half of the rows of the live one."));
    }
    return plan;
}

Result<ProjectionPlan> planForeignDrop(ConnectionFactory &factory, const ConnectionSpec &target, const QString &job)
{
    auto model = factory.openReadModel(target);
    if (!model)
        return tl::unexpected(model.error());
    const auto rebuild = rebuildNamed(**model, job, target.name);
    const auto systemId = (*model)->systemId();
    if (!rebuild || !systemId)
        return tl::unexpected(!rebuild ? rebuild.error() : systemId.error());
    ProjectionPlan plan = beginPlan(ProjectionAction::Drop);
    plan.job = job;
    plan.projection = rebuild->projection;
    plan.version = rebuild->version;
    plan.target = target;
    plan.environment = target.environment;
    plan.targetSystemId = *systemId;
    plan.events = rebuild->checkpoint.events;
    plan.reversible = reversibilityOf(ProjectionAction::Drop, rebuild->state);
    plan.warnings.push_back(QStringLiteral("This rebuild was begun by somebody else, or on another machine."));
    return plan;
}

} // namespace models::projection
