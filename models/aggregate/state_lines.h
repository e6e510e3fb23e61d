// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/aggregate/state_difference.h"

#include <optional>

namespace models::aggregate {

/// One line of a state that is written indented.
struct StateLine {
    int depth = 0;
    QString text;                     ///< JSON, without the indent
    std::optional<ChangeKind> change; ///< null: as it was
    QString before;                   ///< JSON, of one value that was changed
};

/// Of a JSON text (valid, or empty for nothing), each member and element on a line of its own, with what was changed marked and
/// what was removed in its old place's object, last. No more than `mostLines` lines, of which the last says that there are more, and
/// no line much longer than a thousand characters for each of its parts.
[[nodiscard]] std::vector<StateLine> linesOf(std::string_view state, const StateDifference &changes, qsizetype mostLines = 20'000);

/// The whole text, indented by four spaces a level.
[[nodiscard]] QByteArray indented(std::string_view state);

} // namespace models::aggregate
