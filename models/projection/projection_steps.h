// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/projection/projection_machine.h"
#include "models/projection/projection_planner.h"

/// What a window asks about projections, one blocking call each, for a thread of its own. Every call opens the journal anew,
/// because a handle belongs to one thread.
namespace models::projection {

/// A projection file, and where its events and its tables are.
struct ProjectionPlace {
    QString path;
    connectors::ConnectionSpec source;
    connectors::ConnectionSpec target;
    bool isRemembered = true; ///< from one start of the window to the next
};

/// How one projection stands.
struct ProjectionStatus {
    QByteArray definition;
    ProjectionFile file;
    std::vector<connectors::Rebuild> rebuilds; ///< of its tables, the oldest first
    std::vector<connectors::LiveTable> live;   ///< one a table of the file
    /// Events that the live tables lack; null where it cannot be told: they were not made here, or the source is not open.
    std::optional<qint64> lag;
    std::optional<connectors::EpochMs> asOf;   ///< when the event was recorded that was applied last
    connectors::EpochMs readAt = 0;
    QStringList knownJobs; ///< of the rebuilds, those that this journal began: only they can be swapped, or swapped back, here

    /// The rebuild whose tables are the live ones; null: they were not made here.
    [[nodiscard]] const connectors::Rebuild *liveRebuild() const;
    /// The one that is being filled, or waits to be swapped.
    [[nodiscard]] const connectors::Rebuild *nextRebuild() const;
};

/// `source` may be null: then lag and age are not told.
[[nodiscard]] connectors::Result<ProjectionStatus> readStatus(connectors::ConnectionFactory &factory, const QString &journalPath, const ProjectionPlace &place, const std::shared_ptr<connectors::Connector> &source,
                                                              const std::stop_token &stop);

/// A plan as it is in the journal.
struct StoredProjectionPlan {
    ProjectionPlan plan;
    QString journalId; ///< empty: it is refused, so it is not kept
    connectors::Environment environment = connectors::Environment::Untagged; ///< that it is judged by
};
/// Rebuild plans by the file at `place`; any other action by what the journal knows of `job`.
[[nodiscard]] connectors::Result<StoredProjectionPlan> planAndStore(connectors::ConnectionFactory &factory, const QString &journalPath, const ProjectionPlace &place, const RebuildRequest &request,
                                                                    const StepRequest &step, const std::stop_token &stop, const SourceObserver &observer);

/// What became of a step that was interrupted, found by reading and written down. Null: the record is of another kind of change.
[[nodiscard]] std::optional<connectors::Result<ProjectionOutcome>> settleProjectionStep(connectors::ConnectionFactory &factory, const QString &journalPath, const QString &journalId);

[[nodiscard]] connectors::Result<ProjectionOutcome> applyProjectionPlan(connectors::ConnectionFactory &factory, const QString &journalPath, const QString &journalId, const replay::Approval &approval,
                                                                        const ProjectionRunOptions &options, ProjectionObserver observer, const std::stop_token &stop);

/// Rows of one table that differ between the live and the rebuilt one, or the old and the live one after a swap.
struct TableDifference {
    connectors::TableSpec table;
    connectors::TableComparison comparison;
    std::vector<connectors::DifferentRow> rows; ///< the first ones, see MostDifferences
};
inline constexpr qsizetype MostDifferences = 100'000;
[[nodiscard]] connectors::Result<std::vector<TableDifference>> readDifferences(connectors::ConnectionFactory &factory, const ProjectionPlace &place, const ProjectionFile &file, const connectors::Rebuild &rebuild,
                                                                               const std::stop_token &stop);

[[nodiscard]] connectors::Result<std::vector<connectors::Row>> readRows(connectors::ConnectionFactory &factory, const ProjectionPlace &place, const connectors::TableSpec &table, qint64 first, qsizetype count);

} // namespace models::projection
