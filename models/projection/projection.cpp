// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/projection/projection.h"

#include "connectors/deliver.h"
#include "models/projection/projection_session.h"

#include <QFileInfo>
#include <QMetaObject>
#include <QtConcurrent>

#include <utility>

namespace models::projection {

using namespace connectors;

namespace {

constexpr qsizetype RowsShown = 1'000;

} // namespace

Projection::Projection(ProjectionSession &session, ProjectionPlace place)
    : m_session(session)
    , m_place(std::move(place))
{
}

Projection::~Projection()
{
    cancel();
}

QString Projection::name() const
{
    return m_status ? m_status->file.name : QFileInfo(m_place.path).completeBaseName();
}

void Projection::refresh()
{
    if (std::exchange(m_isReading, true))
        return;
    const auto answer = QtConcurrent::run(m_session.threads(), [&factory = m_session.factory(), journal = m_session.journalPath(), place = m_place, source = m_session.openSource(m_place.source)] {
        return readStatus(factory, journal, place, source, {});
    });
    deliver(answer, this, [this](const Result<ProjectionStatus> &result) { receiveStatus(result); });
}

void Projection::receiveStatus(const Result<ProjectionStatus> &result)
{
    m_isReading = false;
    m_statusError = result ? std::optional<Error>() : std::optional(result.error());
    if (result)
        m_status = *result;
    Q_EMIT changed();
    if (!result)
        return;
    readFirstRows();
    const bool hasJustFilled = m_outcome && m_outcome->state == journal::State::Done && (m_plan->plan.action == ProjectionAction::Rebuild || m_plan->plan.action == ProjectionAction::Resume);
    if (hasJustFilled && !m_differences)
        compare(); // what it is all for
}

void Projection::readFirstRows()
{
    const auto answer = QtConcurrent::run(m_session.threads(), [&factory = m_session.factory(), place = m_place, tables = m_status->file.tables] {
        std::vector<std::vector<Row>> all;
        for (const TableSpec &table : tables)
            all.push_back(readRows(factory, place, table, 0, RowsShown).value_or(std::vector<Row>()));
        return all;
    });
    deliver(answer, this, [this](const std::vector<std::vector<Row>> &rows) {
        m_rows = rows;
        Q_EMIT rowsRead();
    });
}

void Projection::beginJob(const QString &title)
{
    m_stop = std::stop_source();
    m_job = m_session.jobs() ? m_session.jobs()->start(title, job::JobUnit::Events) : nullptr;
    if (!m_job)
        return;
    m_job->setOrigin({QStringLiteral("projections"), {}, name()});
    connect(m_job, &job::Job::cancelRequested, this, &Projection::cancel);
}

void Projection::plan(ProjectionAction action, const QString &nextWriter, bool isParking, bool areLossesAccepted)
{
    if (isBusy() || !m_status)
        return;
    dismiss();
    m_stage = ProjectionStage::Planning;
    beginJob(tr("Plan %1").arg(name()));
    const bool isOfNext = action == ProjectionAction::Resume || action == ProjectionAction::Swap || action == ProjectionAction::Drop;
    const Rebuild *rebuild = isOfNext && m_status->nextRebuild() ? m_status->nextRebuild() : m_status->liveRebuild();
    RebuildRequest request;
    request.isParking = isParking;
    request.areLossesAccepted = areLossesAccepted;
    const StepRequest step{action, rebuild ? rebuild->job : QString(), nextWriter};
    const auto progress = m_job ? m_job->progress() : nullptr;
    const auto observe = [progress](const ReadReport &report) {
        if (progress)
            progress->done = report.scanned;
    };
    const quint64 generation = ++m_generation;
    const auto answer = QtConcurrent::run(m_session.threads(), [&factory = m_session.factory(), journal = m_session.journalPath(), place = m_place, request, step, stop = m_stop.get_token(), observe] {
        return planAndStore(factory, journal, place, request, step, stop, observe);
    });
    deliver(answer, this, [this, generation](const Result<StoredProjectionPlan> &result) {
        if (m_job)
            m_job->finish(result ? Result<void>() : Result<void>(tl::unexpected(result.error())));
        if (generation != m_generation)
            return;
        m_stage = result ? ProjectionStage::Reviewing : ProjectionStage::Ended;
        if (result)
            m_plan = *result;
        else
            m_error = result.error();
        Q_EMIT changed();
    });
    Q_EMIT changed();
}

void Projection::apply(const QString &confirmation, const QString &reason)
{
    if (m_stage != ProjectionStage::Reviewing || m_plan->journalId.isEmpty())
        return;
    m_stage = ProjectionStage::Applying;
    m_progress = {};
    m_error.reset();
    beginJob(m_plan->plan.projection);
    if (m_job)
        m_job->progress()->total = m_plan->plan.events;
    const auto approval = replay::approve(demandsOf(m_plan->plan, m_plan->environment), confirmation, reason);
    ProjectionObserver observer;
    observer.filling = [this, progress = m_job ? m_job->progress() : nullptr](const FillProgress &told) { // the session waits for its threads before this goes
        if (progress)
            progress->done = told.events;
        QMetaObject::invokeMethod(this, [this, told] {
            m_progress = told;
            Q_EMIT changed();
        }, Qt::QueuedConnection);
    };
    const auto answer = QtConcurrent::run(m_session.threads(), [&factory = m_session.factory(), journal = m_session.journalPath(), id = m_plan->journalId, approval, observer, stop = m_stop.get_token()] {
        return applyProjectionPlan(factory, journal, id, approval, {}, observer, stop);
    });
    deliver(answer, this, [this](const Result<ProjectionOutcome> &result) { receiveOutcome(result); });
    Q_EMIT changed();
}

void Projection::receiveOutcome(const Result<ProjectionOutcome> &result)
{
    const bool isDone = result && result->state == journal::State::Done;
    if (m_job)
        m_job->finish(result ? isDone ? Result<void>() : failure(ErrorCode::Incomplete, result->note) : Result<void>(tl::unexpected(result.error())));
    m_stage = ProjectionStage::Ended;
    if (result)
        m_outcome = *result;
    else
        m_error = result.error();
    m_differences.reset(); // of tables that may have changed places
    Q_EMIT changed();
    refresh();
}

void Projection::cancel()
{
    m_stop.request_stop();
}

void Projection::dismiss()
{
    if (isBusy())
        return;
    ++m_generation;
    m_stage = ProjectionStage::Idle;
    m_plan.reset();
    m_outcome.reset();
    m_error.reset();
    Q_EMIT changed();
}

/// What waits to be swapped against what lives; else what lives against what it replaced.
const Rebuild *Projection::comparedRebuild() const
{
    if (!m_status)
        return nullptr;
    const Rebuild *next = m_status->nextRebuild();
    return next && next->state != RebuildState::Filling ? next : m_status->liveRebuild();
}

void Projection::compare()
{
    const Rebuild *rebuild = comparedRebuild();
    if (!rebuild || std::exchange(m_isComparing, true))
        return;
    const auto answer = QtConcurrent::run(m_session.threads(), [&factory = m_session.factory(), place = m_place, file = m_status->file, compared = *rebuild] {
        return readDifferences(factory, place, file, compared, {});
    });
    deliver(answer, this, [this](const Result<std::vector<TableDifference>> &result) {
        m_isComparing = false;
        m_differences = result ? std::optional(*result) : std::nullopt;
        if (!result)
            m_error = result.error();
        Q_EMIT differencesRead();
        Q_EMIT changed();
    });
    Q_EMIT changed();
}

} // namespace models::projection
