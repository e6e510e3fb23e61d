// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/replay/undo_planner.h"

#include "models/connection/environment.h"
#include "models/replay/classification.h"
#include "models/replay/effect_counter.h"
#include "models/replay/named_connection.h"
#include "models/replay/reset_planner.h"

#include <QLocale>

namespace models::replay {

using connectors::ErrorCode;
using connectors::failure;
using connectors::PartitionId;
using connectors::Result;

namespace {

/// What became of every row, as the record has it. Rows that were left out are not there.
std::map<PartitionId, RowResult> resultsOf(const journal::Record &record)
{
    std::map<PartitionId, RowResult> results;
    for (const QJsonValue &row : record.rows) {
        if (const auto result = rowResultFrom(row[u"result"].toString()))
            results[{row[u"stream"].toString(), row[u"partition"].toInt()}] = *result;
    }
    return results;
}

/// Whether the change got to this row: it did when it was read, or it does now (what was given up may be carried out late).
bool wasReached(const PlanRow &original, RowResult result, const Snapshot &now)
{
    const bool isReadAsReached = result != RowResult::NotApplied && result != RowResult::NotAppliedInUse;
    return isReadAsReached || (original.before != original.after && now.checkpoint(original.id()) == original.after);
}

bool hasMoved(const PlanRow &original, const PlanRow &row)
{
    return row.before != original.after && row.before != original.before;
}

PlanRow rowToPutBack(const PlanRow &original, const Snapshot &snapshot, bool isMovedOnAccepted)
{
    PlanRow row;
    row.stream = original.stream;
    row.partition = original.partition;
    row.isRestoringMetadata = true;
    if (const auto position = snapshot.positions.find(row.id()); position != snapshot.positions.end()) {
        row.before = position->second.checkpoint;
        row.beforeMetadata = position->second.metadata;
        row.isBeforeExact = position->second.isMetadataExact;
    }
    row.after = original.before;
    row.afterMetadata = original.beforeMetadata;
    if (const auto extent = snapshot.extent(row.id())) {
        row.start = extent->start;
        row.end = extent->end;
    }
    const auto text = [](const std::optional<qint64> &position) { return position ? QString::number(*position) : QStringLiteral("none"); };
    if (hasMoved(original, row) && !isMovedOnAccepted) {
        row.after.reset();
        row.refused = Refusal{QStringLiteral("movedOn"),
                              QStringLiteral("The checkpoint in %1 partition %2 was set to %3 and is now %4: the consumer has moved on.")
                                  .arg(row.stream, QString::number(row.partition), text(original.after), text(row.before)),
                              row.start, row.end};
    }
    countEffects(row, snapshot);
    return row;
}

/// By another record; where its consumer has read on since, too.
bool isPutBack(const journal::Record &record, const std::vector<PlanRow> &reached, const Snapshot &now)
{
    if (record.undoneBy.isEmpty() || reached.empty())
        return false;
    const auto isBack = [&now](const PlanRow &row) { return now.checkpoint(row.id()) == row.before; };
    const auto isInForce = [&now](const PlanRow &row) { return now.checkpoint(row.id()) == row.after; };
    return std::all_of(reached.begin(), reached.end(), isBack) || (record.isWhollyUndone && std::none_of(reached.begin(), reached.end(), isInForce));
}

void warnAboutRow(Plan &plan, const PlanRow &original, const PlanRow &row)
{
    if (row.refused || !row.isChange())
        return;
    if (row.after && row.start && *row.after < *row.start) {
        plan.isOutOfRangeRestored = true;
        plan.warnings.push_back(QStringLiteral("%1 partition %2 cannot be fully put back: %3 events after the saved checkpoint have expired. It is written as it was all the same.")
                                    .arg(row.stream, QString::number(row.partition), QString::number(*row.start - *row.after)));
    } else if (row.after && row.end && *row.after > *row.end) {
        plan.isOutOfRangeRestored = true;
        plan.warnings.push_back(QStringLiteral("The saved checkpoint of %1 partition %2, %3, is beyond its end, %4. It is written as it was all the same.")
                                    .arg(row.stream, QString::number(row.partition), QString::number(*row.after), QString::number(*row.end)));
    }
    if (!original.isBeforeExact)
        plan.warnings.push_back(QStringLiteral("The metadata of %1 partition %2 was not readable exactly, so it is not put back exactly.").arg(row.stream, QString::number(row.partition)));
}

/// Offsets come back, e-mails do not: what has been read since the reset, in all its rows. A checkpoint tells how far, not
/// whether it got there by reading: somebody may have moved it.
void warnAboutWhatStays(Plan &plan, const std::vector<PlanRow> &reset, const Snapshot &now)
{
    qint64 again = 0;
    qint64 all = 0;
    for (const PlanRow &row : reset) {
        const auto checkpoint = now.checkpoint(row.id());
        all += row.replayed.value_or(0);
        if (checkpoint && row.after)
            again += std::clamp(*checkpoint - *row.after, qint64(0), row.replayed.value_or(0));
    }
    const QLocale locale = QLocale::c();
    if (again > 0)
        plan.warnings.push_back(QStringLiteral("By the checkpoints, %1 of %2 events have already been processed again; their effects stay. Fewer were, where a checkpoint was moved without reading.").arg(locale.toString(again), locale.toString(all)));
}

} // namespace

bool mayComeLate(const journal::Record &record)
{
    if (record.state != journal::State::NotApplied || !record.hasIntent)
        return false;
    const auto count = [&record](journal::State state) {
        return std::count_if(record.entries.begin(), record.entries.end(), [state](const journal::Entry &entry) { return entry.state == state; });
    };
    return count(journal::State::Unknown) > 0 || count(journal::State::Intent) > count(journal::State::Applying);
}

Result<void> checkUndoable(const journal::Record &record)
{
    if (journal::isOpen(record.state)) {
        return failure(ErrorCode::Refused, QStringLiteral("The change %1 is not settled yet: %2.").arg(record.journalId, journal::wordOf(record.state)),
                       QStringLiteral("Find out first what became of it, with: streamgaugectl journal resolve %1").arg(record.journalId));
    }
    // One that was sent and given up may have been carried out after it was read: its checkpoints tell.
    const bool isNeverSent = record.state == journal::State::NotApplied && !record.hasIntent;
    if (record.state == journal::State::Planned || isNeverSent)
        return failure(ErrorCode::Refused, QStringLiteral("The change %1 was never applied, so there is nothing to put back.").arg(record.journalId));
    if (record.state == journal::State::NotApplied && !mayComeLate(record))
        return failure(ErrorCode::Refused, QStringLiteral("The change %1 was refused by the system and moved no checkpoint, so there is nothing to put back.").arg(record.journalId));
    return {};
}

Result<Plan> planUndo(connectors::Connector &connector, const connectors::ConnectionSpec &spec, const journal::Record &record,
                      bool isMovedOnAccepted, std::stop_token stop)
{
    if (auto undoable = checkUndoable(record); !undoable)
        return tl::unexpected(undoable.error());
    const auto original = planFromJson(record.change.plan);
    if (!original)
        return tl::unexpected(original.error());
    std::vector<QString> streams;
    for (const PlanRow &row : original->rows)
        streams.push_back(row.stream);
    std::sort(streams.begin(), streams.end());
    streams.erase(std::unique(streams.begin(), streams.end()), streams.end());
    const auto snapshot = takeSnapshot(connector, spec, original->consumer, streams, stop);
    if (!snapshot)
        return tl::unexpected(snapshot.error());
    if (snapshot->identity.systemId != original->systemId) {
        return failure(ErrorCode::Refused, QStringLiteral("The change %1 was made on system %2, but %3 answers here.")
                           .arg(record.journalId, original->systemId, snapshot->identity.systemId),
                       QStringLiteral("Check where the connection leads."));
    }
    Plan plan = beginPlan(PlanKind::Undo, spec, *snapshot);
    plan.environment = connection::stricter(plan.environment, original->environment);
    plan.undoes = record.journalId;
    plan.isMovedOnAccepted = isMovedOnAccepted;
    plan.request = QStringLiteral("put back %1").arg(record.journalId);
    const auto results = resultsOf(record);
    std::vector<PlanRow> reached;
    for (const PlanRow &row : original->rows) {
        const auto result = results.find(row.id());
        if (!row.isChange() || result == results.end() || !wasReached(row, result->second, *snapshot))
            continue;
        reached.push_back(row);
        plan.rows.push_back(rowToPutBack(row, *snapshot, isMovedOnAccepted));
        warnAboutRow(plan, row, plan.rows.back());
    }
    if (plan.rows.empty() && record.state == journal::State::NotApplied)
        return failure(ErrorCode::Refused, QStringLiteral("The change %1 was not applied: none of its checkpoints is where it was to be put, so there is nothing to put back.").arg(record.journalId));
    if (isPutBack(record, reached, *snapshot)) {
        return failure(ErrorCode::Refused, QStringLiteral("The record %1 has already put the checkpoints of %2 back; there is nothing to do.")
                           .arg(record.undoneBy, record.journalId));
    }
    warnAboutWhatStays(plan, reached, *snapshot);
    countEventsBetween(connector, plan, *snapshot, stop);
    const auto again = takeSnapshot(connector, spec, original->consumer, streams, stop);
    if (!again)
        return tl::unexpected(again.error());
    completePlan(connector, plan, *snapshot, *again, stop);
    return plan;
}

} // namespace models::replay
