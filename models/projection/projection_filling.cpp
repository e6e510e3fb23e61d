// SPDX-License-Identifier: GPL-3.0-or-later
// How a step is carried out: tables are filled, kept up to date, or change places.
#include "models/projection/projection_run.h"

#include "connectors/answer_of.h"
#include "models/replay/sleep.h"

#include <QCryptographicHash>
#include <QDateTime>
#include <QElapsedTimer>

namespace models::projection {

using namespace connectors;
using journal::State;

namespace {

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

} // namespace

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

} // namespace models::projection
