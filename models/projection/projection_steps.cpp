// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/projection/projection_steps.h"

#include "connectors/answer_of.h"
#include "models/replay/named_connection.h"

#include <QDateTime>
#include <QFile>
#include <QFileInfo>

#include <algorithm>

namespace models::projection {

using namespace connectors;
using journal::Journal;

namespace {

constexpr qint64 MostFileBytes = 4 * 1024 * 1024;

Result<QByteArray> definitionAt(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return failure(ErrorCode::NotFound, QStringLiteral("%1 cannot be read: %2.").arg(path, file.errorString()), QStringLiteral("Bring the projection file back, or remove the projection from the list."));
    QByteArray text = file.read(MostFileBytes + 1);
    if (text.size() > MostFileBytes)
        return failure(ErrorCode::InvalidInput, QStringLiteral("%1 is larger than 4 MiB, which no projection file is.").arg(path));
    return text;
}

bool isOfTables(const Rebuild &rebuild, const ProjectionFile &file)
{
    return std::any_of(file.tables.begin(), file.tables.end(), [&rebuild](const TableSpec &table) { return std::find(rebuild.tables.begin(), rebuild.tables.end(), table.name) != rebuild.tables.end(); });
}

/// Steps in this database that a dead process left open would stand in the way of every other one. Those that live keep their
/// lock, and are left alone.
void settleInterrupted(Journal &journal, ConnectionFactory &factory, const ProjectionPlace &place)
{
    const auto records = journal.records();
    for (const journal::Record &record : records.value_or(std::vector<journal::Record>())) {
        if (isProjectionKind(record.change.kind) && journal::isOpen(record.state) && record.change.connection == place.target.name)
            std::ignore = ProjectionMachine(journal, factory).resolve(record.journalId);
    }
}

/// How far the live tables are behind, and how old the last event in them is.
void readLag(ProjectionStatus &status, Connector &source, const std::stop_token &stop)
{
    const Rebuild *live = status.liveRebuild();
    if (!live)
        return;
    const auto events = ProjectionSource::open(source, status.file, stop);
    const auto now = events ? events->positionsNow(live->checkpoint.positions, stop) : Result<std::vector<SourcePosition>>(tl::unexpected(events.error()));
    if (!now)
        return;
    qint64 lag = 0;
    std::vector<EventAddress> last;
    for (const SourcePosition &each : *now) {
        lag += each.to - each.next;
        if (each.next > 0)
            last.push_back({each.stream, each.partition, each.next - 1});
    }
    status.lag = lag;
    const auto times = last.empty() ? Result<EventBatchPtr>(EventBatchPtr()) : answerOf(source.eventReader()->fetchTimes(last, stop));
    for (qsizetype row = 0; times && *times && row < (*times)->count(); ++row) {
        if (const EpochMs time = (*times)->record(row).time; time != NoNumber)
            status.asOf = std::max(status.asOf.value_or(time), time);
    }
}

} // namespace

const Rebuild *ProjectionStatus::liveRebuild() const
{
    const auto found = std::find_if(rebuilds.rbegin(), rebuilds.rend(), [](const Rebuild &each) { return each.state == RebuildState::Swapped; });
    return found == rebuilds.rend() ? nullptr : &*found;
}

const Rebuild *ProjectionStatus::nextRebuild() const
{
    const auto found = std::find_if(rebuilds.rbegin(), rebuilds.rend(), [](const Rebuild &each) { return each.state == RebuildState::Filling || each.state == RebuildState::Filled || each.state == RebuildState::SwappedBack; });
    return found == rebuilds.rend() ? nullptr : &*found;
}

Result<ProjectionStatus> readStatus(ConnectionFactory &factory, const QString &journalPath, const ProjectionPlace &place, const std::shared_ptr<Connector> &source, const std::stop_token &stop)
{
    ProjectionStatus status;
    auto text = definitionAt(place.path);
    if (!text)
        return tl::unexpected(text.error());
    auto file = parseProjection(*text, QFileInfo(place.path).fileName());
    if (!file)
        return tl::unexpected(file.error());
    status.definition = std::move(*text);
    status.file = std::move(*file);
    auto model = factory.openReadModel(place.target);
    if (!model)
        return tl::unexpected(model.error());
    auto live = (*model)->look(status.file.tables);
    auto rebuilds = live ? (*model)->rebuilds() : Result<std::vector<Rebuild>>(tl::unexpected(live.error()));
    if (!rebuilds)
        return tl::unexpected(rebuilds.error());
    status.live = std::move(*live);
    std::erase_if(*rebuilds, [&status](const Rebuild &each) { return !isOfTables(each, status.file); });
    status.rebuilds = std::move(*rebuilds);
    const auto journal = Journal::openToRead(journalPath);
    const auto records = journal && *journal ? (*journal)->records() : Result<std::vector<journal::Record>>();
    for (const Rebuild &each : status.rebuilds) {
        if (records && rebuildPlanOf(*records, each.job))
            status.knownJobs += each.job;
    }
    if (source)
        readLag(status, *source, stop);
    status.readAt = QDateTime::currentMSecsSinceEpoch();
    return status;
}

Result<StoredProjectionPlan> planAndStore(ConnectionFactory &factory, const QString &journalPath, const ProjectionPlace &place, const RebuildRequest &request, const StepRequest &step,
                                          const std::stop_token &stop, const SourceObserver &observer)
{
    const auto journal = Journal::open(journalPath, factory);
    if (!journal)
        return tl::unexpected(journal.error()); // if the journal cannot be written, nothing starts
    settleInterrupted(**journal, factory, place);
    Result<ProjectionPlan> plan = failure(ErrorCode::Internal, QString());
    if (step.action == ProjectionAction::Rebuild) {
        auto text = definitionAt(place.path);
        if (!text)
            return tl::unexpected(text.error());
        RebuildRequest whole = request;
        whole.definition = std::move(*text);
        whole.fileName = QFileInfo(place.path).fileName();
        whole.source = place.source;
        whole.target = place.target;
        plan = planRebuild(factory, whole, stop, observer).map([](PlannedRebuild planned) { return std::move(planned.plan); });
    } else {
        const auto records = (*journal)->records();
        if (!records)
            return tl::unexpected(records.error());
        plan = planStep(factory, *records, step, stop);
    }
    if (!plan)
        return tl::unexpected(plan.error());
    StoredProjectionPlan stored{std::move(*plan), {}, Environment::Untagged};
    stored.environment = replay::environmentNow(factory, stored.plan.target, stored.plan.environment, false);
    if (!stored.plan.refusals.empty())
        return stored;
    auto id = ProjectionMachine(**journal, factory).store(stored.plan);
    if (!id)
        return tl::unexpected(id.error());
    stored.journalId = std::move(*id);
    return stored;
}

std::optional<Result<ProjectionOutcome>> settleProjectionStep(ConnectionFactory &factory, const QString &journalPath, const QString &journalId)
{
    const auto journal = Journal::open(journalPath, factory);
    const auto record = journal ? (*journal)->find(journalId) : Result<journal::Record>(tl::unexpected(journal.error()));
    if (record && !isProjectionKind(record->change.kind))
        return std::nullopt;
    return record ? ProjectionMachine(**journal, factory).resolve(journalId) : Result<ProjectionOutcome>(tl::unexpected(record.error()));
}

Result<ProjectionOutcome> applyProjectionPlan(ConnectionFactory &factory, const QString &journalPath, const QString &journalId, const replay::Approval &approval, const ProjectionRunOptions &options,
                                              ProjectionObserver observer, const std::stop_token &stop)
{
    const auto journal = Journal::open(journalPath, factory);
    if (!journal)
        return tl::unexpected(journal.error());
    return ProjectionMachine(**journal, factory, std::move(observer)).apply(journalId, approval, options, stop);
}

Result<std::vector<TableDifference>> readDifferences(ConnectionFactory &factory, const ProjectionPlace &place, const ProjectionFile &file, const Rebuild &rebuild, const std::stop_token &stop)
{
    auto model = factory.openReadModel(place.target);
    if (!model)
        return tl::unexpected(model.error());
    std::vector<TableDifference> differences;
    for (size_t i = 0; i < file.tables.size(); ++i) {
        TableDifference difference{file.tables[i], {}, {}};
        const auto keep = [&difference](const DifferentRow &row) {
            if (std::ssize(difference.rows) < MostDifferences)
                difference.rows.push_back(row);
            return true;
        };
        auto comparison = (*model)->compare(rebuild, file.tables[i], i, 0, stop, {}, keep);
        if (!comparison)
            return tl::unexpected(comparison.error());
        difference.comparison = std::move(*comparison);
        differences.push_back(std::move(difference));
    }
    return differences;
}

Result<std::vector<Row>> readRows(ConnectionFactory &factory, const ProjectionPlace &place, const TableSpec &table, qint64 first, qsizetype count)
{
    auto model = factory.openReadModel(place.target);
    if (!model)
        return tl::unexpected(model.error());
    return (*model)->rows(table, first, count);
}

} // namespace models::projection
