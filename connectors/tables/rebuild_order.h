// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/read_model.h"

namespace connectors::tables {

/// What a name is compared by: databases differ in whether Orders and orders are one table.
using FoldName = QString (*)(QString);
[[nodiscard]] inline QString asItIs(QString name) { return name; }

/// Throws Refused where another rebuild than `wanted` of one of its tables is still to be swapped.
void requireNoOther(const std::vector<Rebuild> &rebuilds, const Rebuild &wanted, FoldName fold = asItIs);

/// Which other rebuild changes its state when `rebuild` gets to `state` by a swap: one at a time is the live one of its tables,
/// and whoever writes for another one is fenced out. As it is to be stored; null: none. `before`: as it is.
[[nodiscard]] std::optional<Rebuild> settledOther(const std::vector<Rebuild> &rebuilds, const Rebuild &rebuild, RebuildState state, Rebuild *before, FoldName fold = asItIs);

/// Which other rebuild can never be the live one again when `dropped` goes, because the old table that goes with it is the one that it
/// made: its `swapped` becomes null. As settledOther().
[[nodiscard]] std::optional<Rebuild> strandedOther(const std::vector<Rebuild> &rebuilds, const Rebuild &dropped, Rebuild *before, FoldName fold = asItIs);

/// Where the tables of a rebuild that are not live stand in this state: under oldName(), or else under shadowName().
[[nodiscard]] bool isOldBeside(const Rebuild &rebuild);

/// Throws Refused where somebody writes the rebuild's tables who gave a sign of life less than LeaseMs ago. `now` by the clock that
/// the signs of life are written by.
void requireNoOwner(const Rebuild &known, EpochMs now);

/// Throws Refused where a rebuild cannot get into `state` (Swapped, SwappedBack) from the one that it is in.
void requireExchangeable(const Rebuild &known, RebuildState state);

} // namespace connectors::tables
