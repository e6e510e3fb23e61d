// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/connection/throughput.h"

namespace models::connection {

void Throughput::addStreams(const connectors::StreamList &streams, connectors::EpochMs time)
{
    Positions ends;
    for (const connectors::StreamInfo &stream : streams.streams) {
        // A category holds the events of its streams once more.
        if (stream.isInternal || stream.kind == QStringLiteral("category"))
            continue;
        for (const connectors::PartitionExtent &extent : stream.partitions)
            if (extent.end)
                ends.emplace(Key{stream.stream, stream.stream, extent.partition}, *extent.end);
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
    if (m_checkpointsAt != 0)
        m_out = advance(m_checkpoints, checkpoints, time - m_checkpointsAt, m_outByConsumer);
    m_checkpoints = std::move(checkpoints);
    m_checkpointsAt = time;
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
