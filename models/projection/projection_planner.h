// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/connection_factory.h"
#include "models/journal/record.h"
#include "models/projection/projection_plan.h"
#include "models/projection/source_scan.h"

namespace models::projection {

struct RebuildRequest {
    QByteArray definition; ///< the projection file's text
    QString fileName;
    connectors::ConnectionSpec source;
    connectors::ConnectionSpec target;
    qint64 maxBytesPerSecond = 0; ///< of the source; 0: no limit
    bool isParking = false;
    bool areLossesAccepted = false;
};

/// What a rebuild would do: the source is read whole, the target looked at, nothing written. What cannot be done is in the plan's
/// refusals. Blocks.
struct PlannedRebuild {
    ProjectionPlan plan;
    SourceScan scan;
};
[[nodiscard]] connectors::Result<PlannedRebuild> planRebuild(connectors::ConnectionFactory &factory, const RebuildRequest &request, const std::stop_token &stop, const SourceObserver &observer = {});

struct StepRequest {
    ProjectionAction action = ProjectionAction::Swap;
    QString job;
    QString nextWriter; ///< Swap: who writes after it
    bool isParking = false; ///< Resume, Swap: too, where the rebuild was not begun so
    bool areLossesAccepted = false; ///< Swap: the same
};
/// The next step of a rebuild that the journal knows: its plan is among `records`. NotFound otherwise. Blocks.
[[nodiscard]] connectors::Result<ProjectionPlan> planStep(connectors::ConnectionFactory &factory, const std::vector<journal::Record> &records, const StepRequest &request,
                                                          const std::stop_token &stop);
/// Dropping what another user or machine began: only the database knows of it.
[[nodiscard]] connectors::Result<ProjectionPlan> planForeignDrop(connectors::ConnectionFactory &factory, const connectors::ConnectionSpec &target, const QString &job);

/// The plan by which the job was begun; NotFound where the records have none.
[[nodiscard]] connectors::Result<ProjectionPlan> rebuildPlanOf(const std::vector<journal::Record> &records, const QString &job);

} // namespace models::projection
