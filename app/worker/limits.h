// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtGlobal>

namespace worker {

/// Bounds what this process may take and starts it again as the same program, so that its libraries are loaded, its threads
/// made and its memory laid out under the bounds: data (`memoryLimit` bytes; 0: no bound), no core file, few descriptors,
/// small stacks, two arenas of malloc. Returns in the program that was started again; does nothing under sanitizers, which
/// reserve address space of their own.
void runWithinLimits(qint64 memoryLimit, char *argv[]);

} // namespace worker
