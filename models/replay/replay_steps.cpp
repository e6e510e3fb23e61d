// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/replay/replay_steps.h"

#include "models/journal/canonical_json.h"
#include "models/replay/checkpoint_csv.h"
#include "models/replay/foreign_plan.h"
#include "models/replay/named_connection.h"
#include "models/replay/reset_planner.h"
#include "models/replay/undo_planner.h"

#include <QFile>

#include <algorithm>

namespace models::replay {

using namespace connectors;
using journal::Journal;
using journal::Record;

namespace {

constexpr qint64 LargestFile = 64LL * 1024 * 1024; ///< of a plan or a list of checkpoints; far beyond a million rows

Result<QByteArray> contentOf(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return failure(ErrorCode::StorageFailed, QStringLiteral("The file %1 cannot be read: %2").arg(path, file.errorString()), QStringLiteral("Choose another file."));
    if (file.size() > LargestFile)
        return failure(ErrorCode::InvalidInput, QStringLiteral("The file %1 is too large to be a plan or a list of checkpoints.").arg(path), QStringLiteral("Choose another file."));
    return file.readAll();
}

/// A plan in which nothing can be done is shown and not kept: it could never be applied.
StoredPlan stored(ConnectionFactory &factory, const QString &journalPath, Plan plan, bool isForeign)
{
    const Environment environment = environmentNow(factory, plan, isForeign);
    StoredPlan result{std::move(plan), {}, {}, {}, environment, isForeign};
    if (result.plan.changes() == 0)
        return result;
    auto journal = Journal::open(journalPath, factory);
    auto id = journal ? Machine(**journal, factory).store(result.plan, isForeign) : Result<QString>(tl::unexpected(journal.error()));
    if (id)
        result.journalId = *id;
    else
        result.storeProblem = id.error();
    return result;
}

Result<StoredPlan> fromRecord(const ConnectionFactory &factory, const Record &record)
{
    auto plan = planFromJson(record.change.plan);
    if (!plan)
        return tl::unexpected(plan.error());
    const Environment environment = environmentNow(factory, *plan, record.change.isForeign);
    StoredPlan result{std::move(*plan), record.journalId, {}, {}, environment, record.change.isForeign};
    if (record.state != journal::State::Planned)
        result.outcome = outcomeOf(record);
    return result;
}

ConnectionSpec specFor(const ConnectionFactory &factory, const Record &record, const Plan &plan, const std::vector<ConnectionSpec> &open)
{
    const auto found = std::find_if(open.begin(), open.end(), [&](const ConnectionSpec &spec) { return spec.name == record.change.connection; });
    return found == open.end() ? specNow(factory, plan.spec) : *found;
}

} // namespace

RunOutcome outcomeOf(const Record &record)
{
    RunOutcome outcome{record.journalId, record.state, {}, {}, record.note};
    for (const QJsonValue &value : record.rows) {
        RowOutcome row;
        row.row.stream = value[u"stream"].toString();
        row.row.partition = value[u"partition"].toInt();
        row.row.before = journal::numberFrom(value[u"before"]);
        row.row.after = journal::numberFrom(value[u"target"]);
        row.now = journal::numberFrom(value[u"now"]);
        row.result = rowResultFrom(value[u"result"].toString()).value_or(RowResult::Diverged);
        row.problem = value[u"problem"].toString();
        outcome.rows.push_back(std::move(row));
    }
    return outcome;
}

Result<StoredPlan> planResetAndStore(ConnectionFactory &factory, const QString &journalPath, const ConnectionSpec &spec, ResetRequest request,
                                     const QString &csvPath, std::stop_token stop)
{
    if (!csvPath.isEmpty()) {
        const auto bytes = contentOf(csvPath);
        if (!bytes)
            return tl::unexpected(bytes.error());
        auto lines = parseCheckpointCsv(*bytes);
        if (!lines)
            return tl::unexpected(lines.error());
        request.target = std::move(*lines);
    }
    const auto connector = factory.open(spec);
    if (!connector)
        return tl::unexpected(connector.error());
    auto plan = planReset(**connector, spec, request, stop);
    if (!plan)
        return tl::unexpected(plan.error());
    if (stop.stop_requested())
        return failure(ErrorCode::Cancelled, QStringLiteral("Planning was cancelled."));
    return stored(factory, journalPath, std::move(*plan), false);
}

Result<Plan> readPlanFile(const QString &path)
{
    const auto bytes = contentOf(path);
    return bytes ? planFromFile(*bytes, path) : tl::unexpected(bytes.error());
}

Result<StoredPlan> openPlanFile(ConnectionFactory &factory, const QString &journalPath, const QString &path)
{
    auto plan = readPlanFile(path);
    if (!plan)
        return tl::unexpected(plan.error());
    const auto journal = Journal::open(journalPath, factory);
    const auto record = journal ? (*journal)->find(plan->planId) : Result<Record>(tl::unexpected(journal.error()));
    if (record)
        return fromRecord(factory, *record);
    if (auto agrees = checkForeign(*plan); !agrees)
        return tl::unexpected(agrees.error());
    return stored(factory, journalPath, std::move(*plan), true);
}

Result<StoredPlan> openRecord(ConnectionFactory &factory, const QString &journalPath, const QString &journalId, const std::vector<ConnectionSpec> &open,
                              bool isMovedOnAccepted, std::stop_token stop)
{
    const auto journal = Journal::openToRead(journalPath);
    if (!journal)
        return tl::unexpected(journal.error());
    const auto record = *journal ? (*journal)->find(journalId)
                                 : Result<Record>(failure(ErrorCode::NotFound, QStringLiteral("There is no journal yet, so there is no record %1.").arg(journalId)));
    if (!record)
        return tl::unexpected(record.error());
    if (record->state == journal::State::Planned || journal::isOpen(record->state))
        return fromRecord(factory, *record);
    const auto original = planFromJson(record->change.plan);
    if (!original)
        return tl::unexpected(original.error());
    const ConnectionSpec spec = specFor(factory, *record, *original, open);
    const auto connector = factory.open(spec);
    if (!connector)
        return tl::unexpected(connector.error());
    auto plan = planUndo(**connector, spec, *record, isMovedOnAccepted, stop);
    if (!plan)
        return tl::unexpected(plan.error());
    return stored(factory, journalPath, std::move(*plan), record->change.isForeign);
}

Result<RunOutcome> applyStored(ConnectionFactory &factory, const QString &journalPath, const QString &journalId, const Approval &approval,
                               const RunOptions &options, RunObserver observer, std::stop_token stop)
{
    const auto journal = Journal::open(journalPath, factory);
    if (!journal)
        return tl::unexpected(journal.error());
    return Machine(**journal, factory, std::move(observer)).apply(journalId, approval, options, stop);
}

Result<RunOutcome> findOut(ConnectionFactory &factory, const QString &journalPath, const QString &journalId, std::stop_token stop,
                           std::chrono::milliseconds settleTime, RunObserver observer)
{
    const auto journal = Journal::open(journalPath, factory);
    if (!journal)
        return tl::unexpected(journal.error());
    const auto record = (*journal)->find(journalId);
    if (!record)
        return tl::unexpected(record.error());
    if (!journal::isFinal(record->state))
        return Machine(**journal, factory, std::move(observer)).resolve(journalId, stop, settleTime);
    auto plan = planFromJson(record->change.plan);
    if (!plan)
        return tl::unexpected(plan.error());
    plan->spec = specNow(factory, plan->spec);
    if (auto allowed = checkPlace(factory, *plan, record->change.isForeign); !allowed)
        return tl::unexpected(allowed.error());
    const auto connector = factory.open(plan->spec);
    if (!connector)
        return tl::unexpected(connector.error());
    std::vector<QString> streams;
    for (const PlanRow &row : plan->rows)
        if (std::find(streams.begin(), streams.end(), row.stream) == streams.end())
            streams.push_back(row.stream);
    const auto now = takeSnapshot(**connector, plan->spec, plan->consumer, streams, stop);
    if (!now)
        return tl::unexpected(now.error());
    if (now->identity.systemId != plan->systemId) {
        return failure(ErrorCode::Refused, QStringLiteral("The change %1 was made on system %2, but %3 answers here.")
                           .arg(journalId, plan->systemId, now->identity.systemId));
    }
    return RunOutcome{record->journalId, record->state, classify(*plan, *now), {}, QStringLiteral("This is how it is now. The journal keeps what it said before.")};
}

} // namespace models::replay
