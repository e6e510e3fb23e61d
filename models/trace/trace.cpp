// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/trace/trace.h"

#include <algorithm>
#include <numeric>

namespace models::trace {

namespace {

std::optional<qint64> sharedOf(const std::vector<SearchedPartition> &partitions, qint64 SearchedPartition::*number)
{
    const auto isAsTheFirst = [&](const SearchedPartition &partition) { return partition.*number == partitions.front().*number; };
    return !partitions.empty() && std::all_of(partitions.cbegin(), partitions.cend(), isAsTheFirst) ? std::optional(partitions.front().*number) : std::nullopt;
}

} // namespace

std::optional<qint64> SearchedStream::from() const
{
    return sharedOf(partitions, &SearchedPartition::from);
}

std::optional<qint64> SearchedStream::to() const
{
    return sharedOf(partitions, &SearchedPartition::to);
}

qint64 SearchedStream::events() const
{
    return std::accumulate(partitions.cbegin(), partitions.cend(), qint64(0), [](qint64 sum, const SearchedPartition &partition) { return sum + partition.events; });
}

bool SearchedStream::isComplete() const
{
    return incompletePartitions() == 0;
}

qsizetype SearchedStream::incompletePartitions() const
{
    return std::count_if(partitions.cbegin(), partitions.cend(), [](const SearchedPartition &partition) { return !partition.isComplete; });
}

bool Trace::isComplete() const
{
    return problems.empty()
        && std::all_of(searched.cbegin(), searched.cend(), [](const SearchedStream &stream) { return stream.isComplete(); });
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
