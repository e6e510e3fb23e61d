// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/connection/throughput.h"

#include <algorithm>

namespace models::connection {

namespace {

bool isCategory(const connectors::StreamInfo &stream)
{
    return stream.kind == QStringLiteral("category");
}

/// Where streams are listed one by one, a category holds their events once more.
bool countsTwice(const connectors::StreamInfo &category, const connectors::StreamList &list)
{
    const QString prefix = category.stream.chopped(category.stream.endsWith(u'*') ? 1 : 0);
    return std::any_of(list.streams.cbegin(), list.streams.cend(),
                       [&prefix](const connectors::StreamInfo &each) { return !isCategory(each) && !each.isInternal && each.stream.startsWith(prefix); });
}

} // namespace

void Throughput::addStreams(const connectors::StreamList &streams, connectors::EpochMs time)
{
    Positions ends;
    for (const connectors::StreamInfo &stream : streams.streams) {
        if (stream.isInternal || (isCategory(stream) && countsTwice(stream, streams)))
            continue;
        for (const connectors::PartitionExtent &extent : stream.partitions) {
            // Counted events where positions have gaps: another stream's events move the end too.
            const std::optional<qint64> end = extent.events ? extent.events : extent.end;
            if (end)
                ends.emplace(Key{stream.stream, stream.stream, extent.partition}, *end);
        }
    }
    if (m_endsAt != 0)
        m_in = advance(m_ends, ends, time - m_endsAt, m_inByStream);
    m_ends = std::move(ends);
    m_endsAt = time;
}

void Throughput::addConsumers(const connectors::ConsumerStates &states, connectors::EpochMs time)
{
    Positions checkpoints;
    for (const connectors::ConsumerState &consumer : states.consumers)
        for (const connectors::ConsumerPosition &position : consumer.positions)
            if (position.checkpoint)
                checkpoints.emplace(Key{consumer.summary.consumer, position.stream, position.partition}, *position.checkpoint);
    if (m_checkpointsAt != 0) {
        m_out = advance(m_checkpoints, checkpoints, time - m_checkpointsAt, m_outByConsumer);
        leaveOutJumps(states);
    }
    m_checkpoints = std::move(checkpoints);
    m_checkpointsAt = time;
}

void Throughput::leaveOutJumps(const connectors::ConsumerStates &states)
{
    std::set<QString> moved;
    for (const connectors::ConsumerState &consumer : states.consumers) {
        const auto rate = m_outByConsumer.find(consumer.summary.consumer);
        if (consumer.summary.activity != connectors::ConsumerActivity::Empty || rate == m_outByConsumer.end() || rate->second <= 0)
            continue;
        moved.insert(rate->first);
        if (m_movedWhileEmpty.contains(rate->first))
            continue;
        m_out = m_out.value_or(rate->second) - rate->second;
        rate->second = 0;
    }
    m_movedWhileEmpty = std::move(moved);
}

std::optional<double> Throughput::in(const QString &stream) const
{
    const auto found = m_inByStream.find(stream);
    return found == m_inByStream.end() ? std::nullopt : std::optional(found->second);
}

std::optional<double> Throughput::out(const QString &consumer) const
{
    const auto found = m_outByConsumer.find(consumer);
    return found == m_outByConsumer.end() ? std::nullopt : std::optional(found->second);
}

std::optional<double> Throughput::advance(const Positions &before, const Positions &after, connectors::EpochMs elapsed,
                                          std::map<QString, double> &byName)
{
    byName.clear();
    if (elapsed <= 0)
        return std::nullopt;
    const double seconds = static_cast<double>(elapsed) / 1000.0;
    double sum = 0;
    for (const auto &[key, position] : after) {
        const auto earlier = before.find(key);
        if (earlier == before.end())
            continue;
        const double rate = position > earlier->second ? static_cast<double>(position - earlier->second) / seconds : 0.0;
        byName[key.name] += rate;
        sum += rate;
    }
    return sum;
}

} // namespace models::connection
