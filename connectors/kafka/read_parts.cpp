// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/kafka/read_parts.h"

#include <algorithm>

namespace connectors::kafka {

namespace {

constexpr size_t MostAtOnce = 64;

} // namespace

ReadParts::ReadParts(TopicConsumer &consumer, bool isFollowing)
    : m_consumer(consumer)
    , m_isFollowing(isFollowing)
{
}

void ReadParts::add(const PartitionRead &read, int leader, std::optional<qint64> stop)
{
    ReadPart part;
    part.leader = leader;
    part.read = read;
    part.stop = std::min(stop.value_or(read.to), read.to);
    part.isDone = !m_isFollowing && read.next >= part.stop;
    if (part.isDone)
        part.read.next = std::max(read.next, read.to);
    m_parts.push_back(part);
    if (!part.isDone)
        m_waiting.push_back(&m_parts.back());
}

Result<void> ReadParts::startWaiting()
{
    // A partition is read once at a time: a second range of it waits for the first.
    for (auto next = m_waiting.begin(); next != m_waiting.end() && (m_isFollowing || m_reading.size() < MostAtOnce);) {
        ReadPart *part = *next;
        if (m_reading.contains(part->id())) {
            ++next;
            continue;
        }
        next = m_waiting.erase(next);
        if (Result<void> started = m_consumer.start(part->id(), part->read.next); !started)
            return started;
        m_reading.emplace(part->id(), part);
        part->startedIn = m_take;
        m_lastPart = nullptr;
    }
    return {};
}

void ReadParts::beginTake()
{
    ++m_take;
    m_lastPart = nullptr;
}

ReadPart *ReadParts::find(const rd_kafka_message_t &message)
{
    if (m_lastPart && message.rkt == m_lastTopic && message.partition == m_lastPartition)
        return m_lastPart;
    if (!message.rkt)
        return nullptr;
    ReadPart *part = find(PartitionId{QString::fromUtf8(rd_kafka_topic_name(message.rkt)), message.partition});
    if (!part || part->startedIn == m_take)
        return nullptr;
    m_lastTopic = message.rkt;
    m_lastPartition = message.partition;
    m_lastPart = part;
    return part;
}

ReadPart *ReadParts::find(const PartitionId &id)
{
    const auto found = m_reading.find(id);
    return found == m_reading.end() ? nullptr : found->second;
}

void ReadParts::finish(ReadPart &part)
{
    part.isDone = true;
    m_reading.erase(part.id());
    m_lastPart = nullptr;
    m_consumer.stop(part.id());
}

Result<void> ReadParts::restart(ReadPart &part)
{
    part.startedIn = m_take;
    m_lastPart = nullptr;
    return m_consumer.start(part.id(), part.read.next);
}

void ReadParts::goBack(const PartitionId &id, qint64 position)
{
    for (ReadPart &part : m_parts) {
        if (part.id() == id && part.read.from <= position && position < part.read.next)
            part.read.next = position;
    }
}

std::vector<PartitionRead> ReadParts::report() const
{
    std::vector<PartitionRead> reads;
    reads.reserve(m_parts.size());
    for (const ReadPart &part : m_parts) {
        reads.push_back(part.read);
        if (m_isFollowing)
            reads.back().to = std::max(part.read.to, part.read.next);
    }
    return reads;
}

} // namespace connectors::kafka
