// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace connectors::query {

/// What is wrong with a condition, and where: characters (UTF-16) of the condition as it was given.
struct ConditionError {
    QString message; ///< a whole sentence
    QString advice;
    qsizetype offset = 0;
    qsizetype length = 0; ///< 0: only the place is known
    bool operator==(const ConditionError &) const = default;
};

} // namespace connectors::query
