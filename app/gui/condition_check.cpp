// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/condition_check.h"

#include "connectors/query/event_filter.h"

namespace gui {

std::optional<models::event::ConditionProblem> ConditionCheck::check(const QString &where) const
{
    const auto error = connectors::query::checkCondition(where);
    if (!error)
        return std::nullopt;
    return models::event::ConditionProblem{error->message, error->advice, error->offset, error->length};
}

} // namespace gui
