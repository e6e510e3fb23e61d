// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/event/event_entry.h"
#include "models/event/intern_table.h"

#include <deque>
#include <memory>

namespace models::event {

/// The events of a table: up to 10,000,000 at 53 bytes each plus their texts, each of which is kept once. They lie in columns,
/// so that nothing is lost to alignment and a look through one of them reads no other. An event is named
/// by its sequence number: how many came before it since the list was cleared; it never changes, also when old events go.
/// What is dropped is dropped by whole chunks from the oldest. Not thread-safe.
class EventList final
{
public:
    static constexpr qsizetype ChunkEvents = 65'536;
    static constexpr qint64 DefaultCapacity = 10'000'000;

    /// More than `capacity` events make the oldest chunks go; the list holds up to a chunk less than that afterwards.
    explicit EventList(qint64 capacity = DefaultCapacity);

    void append(const connectors::EventBatch &batch, qsizetype from, qsizetype to);
    /// How many events would have to go (whole chunks) before `count` more fit.
    [[nodiscard]] qint64 surplusWith(qint64 count) const;
    void dropOldest(qint64 count);
    void clear();

    [[nodiscard]] qint64 count() const { return m_end - m_first; }
    [[nodiscard]] qint64 first() const { return m_first; } ///< sequence number of the oldest that is kept
    [[nodiscard]] qint64 end() const { return m_end; }     ///< the next one's
    [[nodiscard]] qint64 capacity() const { return m_capacity; }
    [[nodiscard]] EventEntry entry(qint64 sequence) const;
    enum class TextColumn { Type, Aggregate, Correlation };
    /// The last event before `sequence` whose text in the column has this number; −1 where none has. Linear, by four bytes an event.
    [[nodiscard]] qint64 findBefore(qint64 sequence, TextColumn column, quint32 number) const;
    [[nodiscard]] connectors::EventAddress address(qint64 sequence) const;
    // Empty also where the text was not kept, see InternTable.
    [[nodiscard]] QString eventId(const EventEntry &entry) const;
    [[nodiscard]] static quint32 longIdNumber(const EventEntry &entry);
    [[nodiscard]] QString type(const EventEntry &entry) const { return toText(m_types, entry.type); }
    [[nodiscard]] QString aggregate(const EventEntry &entry) const { return toText(m_aggregates, entry.aggregate); }
    [[nodiscard]] QString correlation(const EventEntry &entry) const { return toText(m_correlations, entry.correlation); }
    [[nodiscard]] const QString &stream(const EventEntry &entry) const { return m_streams[entry.stream]; }

    [[nodiscard]] const InternTable &types() const { return m_types; }
    [[nodiscard]] const InternTable &aggregates() const { return m_aggregates; }
    [[nodiscard]] const InternTable &correlations() const { return m_correlations; }
    [[nodiscard]] const InternTable &longIds() const { return m_longIds; } ///< event ids that are neither UUIDs nor short
    [[nodiscard]] const std::vector<QString> &streams() const { return m_streams; }
    [[nodiscard]] qint64 memoryBytes() const;

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
    [[nodiscard]] Chunk &chunkOf(qint64 sequence) { return *m_chunks[static_cast<size_t>(sequence - m_first) / ChunkEvents]; }
    [[nodiscard]] const Chunk &chunkOf(qint64 sequence) const { return *m_chunks[static_cast<size_t>(sequence - m_first) / ChunkEvents]; }
    [[nodiscard]] static const Column<quint32> &columnOf(const Chunk &chunk, TextColumn column);
    void set(qint64 sequence, const EventEntry &entry);
    [[nodiscard]] quint32 placeNumber(Place place);
    [[nodiscard]] static QString toText(const InternTable &table, quint32 number) { return QString::fromStdString(table.text(number)); }
    [[nodiscard]] EventEntry entryOf(const connectors::EventBatch &batch, qsizetype row);
    void setId(EventEntry &entry, std::optional<std::string_view> id);
    [[nodiscard]] quint32 streamNumber(const QString &stream);

    qint64 m_capacity;
    std::deque<std::unique_ptr<Chunk>> m_chunks;
    qint64 m_first = 0; ///< a multiple of ChunkEvents
    qint64 m_end = 0;
    InternTable m_types;
    InternTable m_aggregates;
    InternTable m_correlations;
    InternTable m_longIds;
    std::vector<QString> m_streams;
    QHash<QString, quint32> m_streamNumbers;
    std::vector<Place> m_places;
    QHash<std::pair<quint32, qint32>, quint32> m_placeNumbers;
    quint32 m_lastPlace = 0; ///< events of one place come in a row
};

} // namespace models::event
