// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/arguments.h"
#include "app/ctl/context.h"
#include "app/ctl/projection_output.h"

namespace ctl {

/// What a person says to have a projection's step carried out.
struct ProjectionChange {
    bool isExecuted = false;
    QString confirmation;
    QString reason;
    QString validFor; ///< of the approval; empty: a quarter of an hour
    std::optional<qint64> chunkEvents;
    QString patience; ///< with who writes after a swap; empty: a minute
};

/// Stores the plan, and with --execute applies it; prints both.
[[nodiscard]] ExitStatus finishStep(Context &context, ProjectionStep step, const ProjectionChange &change);

/// A plan of the journal, by its id: what `apply` does with one of a projection.
[[nodiscard]] ExitStatus applyProjection(Context &context, const models::journal::Record &record, const ProjectionChange &change);

/// Settles what was interrupted, and prints how it stands.
[[nodiscard]] ExitStatus resolveProjection(Context &context, const models::journal::Record &record);

} // namespace ctl
