// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

struct sqlite3;

namespace connectors::query {

/// Leaves the connection only what a condition needs: reading `event`, json_each and json_tree, and functions that depend on
/// their arguments alone. The tables must have been used once before: their own constructors are refused too.
/// Also sets limits on lengths, so that no function makes more than 16 MiB.
void restrictToReading(sqlite3 *database);

} // namespace connectors::query
