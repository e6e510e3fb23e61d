// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/output.h"
#include "models/projection/projection_machine.h"
#include "models/projection/source_scan.h"
#include "models/projection/writer_watch.h"

namespace ctl {

/// Numbers and truths as they are, so that 9007199254740993 and 0.1 stay so.
[[nodiscard]] Json cellJson(const connectors::ColumnSpec &column, const connectors::Cell &cell);
/// An object with a member a column; null for no cells.
[[nodiscard]] Json cellsJson(const connectors::TableSpec &table, const std::vector<connectors::Cell> &cells);

/// What the scan of a source found: event types, tables, and on stderr what does not fit.
void printScan(Output &out, const models::projection::ProjectionFile &file, const models::projection::SourceScan &scan);
void sayScan(Output &out, const models::projection::ProjectionFile &file, const models::projection::SourceScan &scan);
[[nodiscard]] JsonObject scanJson(const models::projection::ProjectionFile &file, const models::projection::SourceScan &scan);

/// Kind, key and both sides of a row that differs.
[[nodiscard]] Json differenceJson(const connectors::TableSpec &table, const connectors::DifferentRow &row);
[[nodiscard]] QString wordOf(connectors::RowDifference difference);

/// One step: its plan, and what came of it where it was tried.
struct ProjectionStep {
    models::projection::ProjectionPlan plan;
    QString journalId;     ///< empty: not stored
    bool isTried = false;
    std::optional<models::projection::ProjectionOutcome> outcome;
    std::optional<connectors::Error> refused;
    std::optional<models::projection::SourceScan> scan; ///< of a rebuild that was just planned
    std::optional<models::projection::WriterSeen> writer; ///< after a swap, where a consumer is to write
};
void printStep(Output &out, const ProjectionStep &step);

/// A database's rebuilds.
void printRebuilds(Output &out, const std::vector<connectors::Rebuild> &rebuilds);

} // namespace ctl
