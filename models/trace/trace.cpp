// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/trace/trace.h"

#include <algorithm>

namespace models::trace {

bool Trace::isComplete() const
{
    return problems.empty()
        && std::all_of(searched.cbegin(), searched.cend(), [](const SearchedStream &stream) { return stream.isComplete; });
}

std::vector<QString> Trace::streams() const
{
    std::vector<QString> names;
    QSet<QString> seen;
    for (const TraceEvent &event : events) {
        if (seen.contains(event.address.stream))
            continue;
        seen.insert(event.address.stream);
        names.push_back(event.address.stream);
    }
    return names;
}

bool namesFailure(const QString &eventType)
{
    for (const QLatin1String ending : {QLatin1String("Failed"), QLatin1String("Failure"), QLatin1String("Rejected"), QLatin1String("Declined"),
                                       QLatin1String("TimedOut"), QLatin1String("Aborted"), QLatin1String("Error")})
        if (eventType.endsWith(ending, Qt::CaseInsensitive))
            return true;
    return false;
}

} // namespace models::trace
