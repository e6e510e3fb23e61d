// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <optional>

namespace models::event {

/// What is wrong with a filter, and where: characters (UTF-16) of the condition as it was given.
struct ConditionProblem {
    QString message;
    QString advice;
    qsizetype offset = 0;
    qsizetype length = 0; ///< 0: only the place is known
    bool operator==(const ConditionProblem &) const = default;
};

/// Says at once, without reading an event, whether a filter can be used. The program injects it, because conditions are
/// evaluated on the connectors' side.
class ConditionChecker
{
public:
    virtual ~ConditionChecker() = default;
    /// Null when the condition is fine. Quick: called while a user types.
    [[nodiscard]] virtual std::optional<ConditionProblem> check(const QString &where) const = 0;
};

} // namespace models::event
