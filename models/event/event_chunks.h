// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/event/event_entry.h"

#include <QHash>

#include <deque>
#include <memory>

namespace models::event {

/// Events in columns, so that nothing is lost to alignment and a look through one of them reads no other; 51 bytes each.
/// A copy takes a pointer for 65,536 events and sees those that there were when it was made, also when they are dropped here
/// meanwhile; it may be read on another thread while this goes on, since an event never changes.
class EventChunks final
{
public:
    static constexpr qsizetype ChunkEvents = 65'536;
    enum class TextColumn { Type, Aggregate, Correlation };

    void append(const EventEntry &entry);
    void dropOldest(qint64 count); ///< a multiple of ChunkEvents

    [[nodiscard]] qint64 first() const { return m_first; } ///< sequence number of the oldest that is kept
    [[nodiscard]] qint64 end() const { return m_end; }     ///< the next one's
    [[nodiscard]] EventEntry entry(qint64 sequence) const;
    /// The last event before `sequence` whose text in the column has this number; −1 where none has. Linear, by four bytes an event.
    [[nodiscard]] qint64 findBefore(qint64 sequence, TextColumn column, quint32 number) const;
    /// The first event from `sequence` on at this position of any partition; −1 where none is. Linear, by eight bytes an event.
    [[nodiscard]] qint64 findPosition(qint64 sequence, qint64 position) const;
    /// The earliest event that is not before the time, whatever the order; −1 where none is. Likewise.
    [[nodiscard]] qint64 findTime(connectors::EpochMs time) const;
    [[nodiscard]] qint64 memoryBytes() const;

private:
    template<typename T>
    using Column = std::array<T, ChunkEvents>;
    struct Place {
        quint32 stream = 0;
        qint32 partition = 0;
    };
    static constexpr size_t BlockPlaces = 256;
    using PlaceBlock = std::array<Place, BlockPlaces>;
    struct Chunk {
        Column<connectors::EpochMs> times;
        Column<qint64> positions;
        Column<std::array<quint8, 16>> ids;
        Column<quint32> sizes;
        Column<quint16> places; ///< which of this chunk's, of which there cannot be more than events
        Column<quint32> types;
        Column<quint32> aggregates;
        Column<quint32> correlations;
        Column<quint8> forms; ///< BodyFormat in the lower half, IdForm in the upper one
        /// Made as they are needed, and never moved: another thread may be reading.
        std::array<std::unique_ptr<PlaceBlock>, ChunkEvents / BlockPlaces> placeBlocks;
    };
    /// What `isIt` holds for first in the column, from `sequence` on; −1 where it does for none.
    template<typename T, typename Predicate>
    [[nodiscard]] qint64 findFrom(qint64 sequence, Column<T> Chunk::*column, Predicate isIt) const;
    [[nodiscard]] const Chunk &chunkOf(qint64 sequence) const { return *m_chunks[static_cast<size_t>(sequence - m_first) / ChunkEvents]; }
    [[nodiscard]] static const Column<quint32> &columnOf(const Chunk &chunk, TextColumn column);
    [[nodiscard]] quint16 placeNumber(Chunk &chunk, quint32 stream, qint32 partition);

    std::deque<std::shared_ptr<Chunk>> m_chunks;
    qint64 m_first = 0; ///< a multiple of ChunkEvents
    qint64 m_end = 0;
    QHash<std::pair<quint32, qint32>, quint16> m_placeNumbers; ///< of the last chunk
};

} // namespace models::event
