// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/trace/read_windows.h"

#include "connectors/answer_of.h"

#include <QCoreApplication>

#include <algorithm>

namespace models::trace {

using namespace connectors;

namespace {

constexpr qint64 Growth = 8;

/// Where `spec` lies in [start, end]; `atTime` is what the catalog answered for a time (null: nothing is that late).
qint64 resolved(const PositionSpec &spec, qint64 start, qint64 end, std::optional<qint64> atTime)
{
    if (std::holds_alternative<Earliest>(spec))
        return start;
    if (const auto *at = std::get_if<AtPosition>(&spec))
        return std::clamp(at->position, start, end);
    if (const auto *newest = std::get_if<Newest>(&spec))
        return std::max(start, end - newest->count);
    if (std::holds_alternative<AtTime>(spec))
        return std::clamp(atTime.value_or(end), start, end);
    return end;
}

/// By partition, where the stream is at a time; nothing for other specs. Throws nothing, an error is added to `problems`.
std::vector<TimePosition> timePositions(StreamCatalog &catalog, const QString &stream, const PositionSpec &spec, std::stop_token stop,
                                        std::vector<Error> &problems)
{
    const auto *time = std::get_if<AtTime>(&spec);
    if (!time)
        return {};
    auto answer = answerOf(catalog.positionsAt(stream, time->time, stop));
    if (answer)
        return *answer;
    problems.push_back(answer.error());
    return {};
}

std::optional<qint64> positionIn(const std::vector<TimePosition> &positions, int partition)
{
    for (const TimePosition &position : positions)
        if (position.partition == partition)
            return position.position;
    return std::nullopt;
}

} // namespace

Result<ReadWindows> ReadWindows::plan(StreamCatalog &catalog, const std::vector<QString> &streams, const PositionSpec &from,
                                      const PositionSpec &to, std::stop_token stop)
{
    StreamListRequest request;
    request.streams = streams;
    const Result<StreamList> list = answerOf(catalog.listStreams(request, stop));
    if (!list)
        return tl::unexpected(list.error());
    ReadWindows windows;
    windows.m_problems = list->problems;
    for (const StreamInfo &stream : list->streams) {
        const auto fromTimes = timePositions(catalog, stream.stream, from, stop, windows.m_problems);
        const auto toTimes = timePositions(catalog, stream.stream, to, stop, windows.m_problems);
        for (const PartitionExtent &extent : stream.partitions) {
            if (!extent.start || !extent.end) {
                windows.m_problems.push_back(
                    {ErrorCode::Incomplete,
                     QCoreApplication::translate("models::trace", "Partition %1 of %2 could not be searched: its extent is not known.")
                         .arg(extent.partition)
                         .arg(stream.stream),
                     {},
                     true});
                continue;
            }
            PartitionRead wanted{stream.stream, extent.partition};
            wanted.from = resolved(from, *extent.start, *extent.end, positionIn(fromTimes, extent.partition));
            wanted.to = std::max(wanted.from, resolved(to, *extent.start, *extent.end, positionIn(toTimes, extent.partition)));
            wanted.next = wanted.from;
            windows.m_wanted.push_back(wanted);
        }
    }
    windows.rewind();
    return windows;
}

std::vector<PartitionRead> ReadWindows::takeNext()
{
    std::vector<PartitionRead> ranges;
    for (size_t i = 0; i < m_wanted.size(); ++i) {
        const PartitionRead &wanted = m_wanted[i];
        if (m_left[i] <= wanted.from)
            continue;
        PartitionRead range{wanted.stream, wanted.partition};
        range.to = m_left[i];
        range.from = range.next = range.to - wanted.from > m_window ? range.to - m_window : wanted.from;
        m_left[i] = range.from;
        ranges.push_back(range);
    }
    m_window = m_window > std::numeric_limits<qint64>::max() / Growth ? m_window : m_window * Growth;
    return ranges;
}

void ReadWindows::rewind()
{
    m_window = FirstWindow;
    m_left.clear();
    for (const PartitionRead &wanted : m_wanted)
        m_left.push_back(wanted.to);
}

qint64 ReadWindows::total() const
{
    qint64 total = 0;
    for (const PartitionRead &wanted : m_wanted)
        total += wanted.to - wanted.from;
    return total;
}

} // namespace models::trace
