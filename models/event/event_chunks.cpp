// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/event/event_chunks.h"

#include <algorithm>
#include <limits>

namespace models::event {

void EventChunks::append(const EventEntry &entry)
{
    const auto place = static_cast<size_t>(m_end - m_first);
    if (place / ChunkEvents == m_chunks.size()) {
        m_chunks.emplace_back(new Chunk); // not filled with zeros, as make_shared would
        m_placeNumbers.clear();
    }
    Chunk &chunk = *m_chunks[place / ChunkEvents];
    const size_t at = place % ChunkEvents;
    chunk.times[at] = entry.time;
    chunk.positions[at] = entry.position;
    chunk.ids[at] = entry.id;
    chunk.sizes[at] = entry.size;
    chunk.places[at] = placeNumber(chunk, entry.stream, entry.partition);
    chunk.types[at] = entry.type;
    chunk.aggregates[at] = entry.aggregate;
    chunk.correlations[at] = entry.correlation;
    chunk.forms[at] = static_cast<quint8>(static_cast<unsigned>(entry.format) | static_cast<unsigned>(entry.idForm) << 4U);
    ++m_end;
}

EventEntry EventChunks::entry(qint64 sequence) const
{
    const Chunk &chunk = chunkOf(sequence);
    const auto at = static_cast<size_t>(sequence - m_first) % ChunkEvents;
    const Place &place = (*chunk.placeBlocks[chunk.places[at] / BlockPlaces])[chunk.places[at] % BlockPlaces];
    EventEntry entry;
    entry.time = chunk.times[at];
    entry.position = chunk.positions[at];
    entry.id = chunk.ids[at];
    entry.size = chunk.sizes[at];
    entry.partition = place.partition;
    entry.stream = place.stream;
    entry.type = chunk.types[at];
    entry.aggregate = chunk.aggregates[at];
    entry.correlation = chunk.correlations[at];
    entry.format = static_cast<connectors::BodyFormat>(chunk.forms[at] & 15U);
    entry.idForm = static_cast<EventEntry::IdForm>(chunk.forms[at] >> 4U);
    return entry;
}

const EventChunks::Column<quint32> &EventChunks::columnOf(const Chunk &chunk, TextColumn column)
{
    return column == TextColumn::Type ? chunk.types : column == TextColumn::Aggregate ? chunk.aggregates : chunk.correlations;
}

qint64 EventChunks::findBefore(qint64 sequence, TextColumn column, quint32 number) const
{
    qint64 end = std::min(sequence, m_end);
    while (end > m_first) {
        const qint64 begin = m_first + (end - 1 - m_first) / ChunkEvents * ChunkEvents;
        const Column<quint32> &numbers = columnOf(chunkOf(begin), column);
        for (qint64 at = end - 1; at >= begin; --at)
            if (numbers[static_cast<size_t>(at - begin)] == number)
                return at;
        end = begin;
    }
    return -1;
}

template<typename T, typename Predicate>
qint64 EventChunks::findFrom(qint64 sequence, Column<T> Chunk::*column, Predicate isIt) const
{
    for (qint64 at = std::max(sequence, m_first); at < m_end;) {
        const qint64 begin = at - (at - m_first) % ChunkEvents;
        const T *values = (chunkOf(at).*column).data();
        const T *end = values + std::min<qint64>(ChunkEvents, m_end - begin);
        if (const T *found = std::find_if(values + (at - begin), end, isIt); found != end)
            return begin + (found - values);
        at = begin + ChunkEvents;
    }
    return -1;
}

qint64 EventChunks::findPosition(qint64 sequence, qint64 position) const
{
    return findFrom(sequence, &Chunk::positions, [position](qint64 value) { return value == position; });
}

qint64 EventChunks::findTime(connectors::EpochMs time) const
{
    qint64 found = -1;
    connectors::EpochMs earliest = std::numeric_limits<connectors::EpochMs>::max();
    for (qint64 begin = m_first; begin < m_end; begin += ChunkEvents) {
        const Column<connectors::EpochMs> &times = chunkOf(begin).times;
        const qint64 end = std::min(begin + ChunkEvents, m_end);
        for (qint64 at = begin; at < end; ++at) {
            const connectors::EpochMs value = times[static_cast<size_t>(at - begin)];
            if (value >= time && value < earliest) {
                earliest = value;
                found = at;
            }
        }
    }
    return found;
}

quint16 EventChunks::placeNumber(Chunk &chunk, quint32 stream, qint32 partition)
{
    const std::pair key(stream, partition);
    if (const auto found = m_placeNumbers.constFind(key); found != m_placeNumbers.cend())
        return *found;
    const auto number = static_cast<size_t>(m_placeNumbers.size());
    std::unique_ptr<PlaceBlock> &block = chunk.placeBlocks[number / BlockPlaces];
    if (!block)
        block = std::make_unique<PlaceBlock>();
    (*block)[number % BlockPlaces] = {stream, partition};
    m_placeNumbers.insert(key, static_cast<quint16>(number));
    return static_cast<quint16>(number);
}

qint64 EventChunks::memoryBytes() const
{
    size_t bytes = m_chunks.size() * sizeof(Chunk);
    for (const auto &chunk : m_chunks)
        bytes += sizeof(PlaceBlock) * static_cast<size_t>(std::count_if(chunk->placeBlocks.cbegin(), chunk->placeBlocks.cend(), [](const auto &block) { return block != nullptr; }));
    return static_cast<qint64>(bytes);
}

void EventChunks::dropOldest(qint64 count)
{
    Q_ASSERT(count % ChunkEvents == 0 && count <= m_end - m_first);
    for (qint64 dropped = 0; dropped < count; dropped += ChunkEvents)
        m_chunks.pop_front();
    m_first += count;
}

} // namespace models::event
