// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace models::replay {

/// Every durable or remote step of a change has a name, with `.before` and `.after`. A test arms one with
/// STREAMGAUGE_FAILPOINT=intent.set.after, and the process dies there as by kill -9. Steps that a plan does not have
/// (nothing to delete) are never reached.
inline constexpr const char *FailpointSteps[] = {
    "plan.store", "approve", "check", "intent.set", "apply.set", "result.set",
    "intent.delete", "apply.delete", "result.delete", "verify.begin", "verify.read", "finish",
};

void failpointBefore(const char *step);
void failpointAfter(const char *step);

} // namespace models::replay
