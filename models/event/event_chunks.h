// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/event/event_entry.h"

#include <QHash>

#include <deque>
#include <memory>
#include <vector>

namespace models::event {

/// Events in columns, so that nothing is lost to alignment and a look through one of them reads no other; 53 bytes each.
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
    [[nodiscard]] qint64 memoryBytes() const { return static_cast<qint64>(m_chunks.size() * sizeof(Chunk) + m_places.size() * sizeof(Place)); }

private:
    template<typename T>
    using Column = std::array<T, ChunkEvents>;
    struct Chunk {
        Column<connectors::EpochMs> times;
        Column<qint64> positions;
        Column<std::array<quint8, 16>> ids;
        Column<quint32> sizes;
        Column<quint32> places; ///< indices into m_places
        Column<quint32> types;
        Column<quint32> aggregates;
        Column<quint32> correlations;
        Column<quint8> forms; ///< BodyFormat in the lower half, IdForm in the upper one
    };
    struct Place {
        quint32 stream = 0;
        qint32 partition = 0;
        bool operator==(const Place &) const = default;
    };
    [[nodiscard]] const Chunk &chunkOf(qint64 sequence) const { return *m_chunks[static_cast<size_t>(sequence - m_first) / ChunkEvents]; }
    [[nodiscard]] static const Column<quint32> &columnOf(const Chunk &chunk, TextColumn column);
    [[nodiscard]] quint32 placeNumber(Place place);

    std::deque<std::shared_ptr<Chunk>> m_chunks;
    qint64 m_first = 0; ///< a multiple of ChunkEvents
    qint64 m_end = 0;
    std::vector<Place> m_places;
    QHash<std::pair<quint32, qint32>, quint32> m_placeNumbers;
    quint32 m_lastPlace = 0; ///< events of one place come in a row
};

} // namespace models::event
