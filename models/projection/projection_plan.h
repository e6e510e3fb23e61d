// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/connection_spec.h"
#include "connectors/read_model.h"
#include "models/projection/projection_file.h"

#include <QJsonObject>

namespace models::projection {

/// What is done with a rebuild. Resume goes on with a filling that was ended; Run keeps the swapped tables up to date.
enum class ProjectionAction { Rebuild, Resume, Swap, SwapBack, Drop, Run };

/// `rebuild`, `resume`, `swap`, `swapBack`, `drop`, `run`: also the kind of the journal's record.
[[nodiscard]] QString wordOf(ProjectionAction action);
[[nodiscard]] std::optional<ProjectionAction> actionFrom(const QString &word);

/// A table when the plan was made.
struct PlannedTable {
    QString table;
    bool exists = false;
    qint64 rows = 0;        ///< of the live one
    qint64 rebuiltRows = 0; ///< expected, or counted where it is rebuilt already
    std::vector<QString> losses;
    bool operator==(const PlannedTable &) const = default;
};

/// One step with a projection's tables, as data: what is shown, hashed, approved, recorded and carried out once.
struct ProjectionPlan {
    QString planId; ///< random
    ProjectionAction action = ProjectionAction::Rebuild;
    QString job;
    QString fileName;
    QByteArray definition; ///< the projection file's text
    QString projection;
    int version = 1;
    connectors::ConnectionSpec source; ///< without secrets; of no use to SwapBack and Drop
    connectors::ConnectionSpec target;
    connectors::Environment environment = connectors::Environment::Untagged; ///< of the target
    QString sourceSystemId;
    QString targetSystemId;
    connectors::EpochMs created = 0;
    std::vector<connectors::SourcePosition> range; ///< when it was planned; what comes after is applied too
    std::vector<PlannedTable> tables;
    qint64 events = 0;      ///< that were counted
    qint64 withoutRule = 0;
    qint64 unfit = 0;
    qint64 milliseconds = 0; ///< that reading and applying them took
    std::optional<qint64> bytesNeeded; ///< about
    std::optional<qint64> bytesFree;
    qint64 maxBytesPerSecond = 0;
    bool isParking = false;
    bool areLossesAccepted = false;
    QString nextWriter;  ///< of a swap: who writes after it
    QString reversible;  ///< fully, partly or no, with the reason
    std::vector<QString> warnings;
    std::vector<QString> refusals; ///< why it cannot be done as it is

    /// Rows that are much fewer than before are a sign of a mistake.
    [[nodiscard]] bool isMuchSmaller() const;
    [[nodiscard]] qint64 rebuiltRows() const;
    bool operator==(const ProjectionPlan &) const = default;
};

[[nodiscard]] QJsonObject toJson(const ProjectionPlan &plan);
/// Unreadable where it is none.
[[nodiscard]] connectors::Result<ProjectionPlan> projectionPlanFrom(const QJsonObject &object);
/// SHA-256 of the canonical JSON.
[[nodiscard]] QString hashOf(const ProjectionPlan &plan);
/// Why the step cannot follow on a rebuild in that state; empty: it can.
[[nodiscard]] QString whyNot(ProjectionAction action, connectors::RebuildState state);
/// A record of the journal is about a projection.
[[nodiscard]] bool isProjectionKind(const QString &kind);

} // namespace models::projection
