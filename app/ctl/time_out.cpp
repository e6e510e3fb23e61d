// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/time_out.h"

#include "models/event/position_text.h"

#include <algorithm>

namespace ctl {

connectors::Result<std::chrono::milliseconds> parseTimeout(const QString &text)
{
    const bool isBare = !text.isEmpty() && std::all_of(text.cbegin(), text.cend(), [](QChar c) { return c >= u'0' && c <= u'9'; });
    const auto duration = models::event::parseDuration(isBare ? text + u's' : text);
    if (!duration)
        return tl::unexpected(duration.error());
    return std::chrono::milliseconds(*duration);
}

} // namespace ctl
