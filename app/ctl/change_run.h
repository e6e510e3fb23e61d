// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/arguments.h"
#include "app/ctl/context.h"
#include "models/replay/replay_steps.h"

namespace ctl {

/// What a person says to have a plan applied.
struct ChangeOptions {
    bool isExecuted = false;
    bool isSkippingRefused = false;
    QString confirmation;
    QString reason;
    QString validFor; ///< of the approval; empty: a quarter of an hour, or as long as is waited
    QString wait; ///< how long to wait for the consumer's members to leave
};

/// `--confirm`, `--reason`, `--skip-refused`, `--wait`, `--for`; with `--execute` unless the command always applies.
void declareChange(Arguments &arguments, ChangeOptions &options, bool hasExecute);

/// Prints a stored plan, or with --execute applies it first and prints what came of it.
[[nodiscard]] ExitStatus finishChange(Context &context, const models::replay::StoredPlan &stored, const ChangeOptions &options);

/// The exit status of a change that ended so.
[[nodiscard]] ExitStatus exitStatusOf(models::journal::State state);

} // namespace ctl
