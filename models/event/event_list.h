// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/event/event_chunks.h"
#include "models/event/intern_table.h"

#include <QString>

namespace models::event {

/// The events of a table: up to 10,000,000 at 51 bytes each plus their texts, each of which is kept once. An event is named
/// by its sequence number: how many came before it since the list was cleared; it never changes, also when old events go.
/// What is dropped is dropped by whole chunks from the oldest. Not thread-safe.
class EventList final
{
public:
    static constexpr qsizetype ChunkEvents = EventChunks::ChunkEvents;
    static constexpr qint64 DefaultCapacity = 10'000'000;

    /// More than `capacity` events make the oldest chunks go; the list holds up to a chunk less than that afterwards.
    explicit EventList(qint64 capacity = DefaultCapacity);

    void append(const connectors::EventBatch &batch, qsizetype from, qsizetype to);
    /// How many events would have to go (whole chunks) before `count` more fit.
    [[nodiscard]] qint64 surplusWith(qint64 count) const;
    void dropOldest(qint64 count);

    [[nodiscard]] qint64 count() const { return end() - first(); }
    [[nodiscard]] qint64 first() const { return m_events.first(); } ///< sequence number of the oldest that is kept
    [[nodiscard]] qint64 end() const { return m_events.end(); }     ///< the next one's
    [[nodiscard]] qint64 capacity() const { return m_capacity; }
    [[nodiscard]] const EventChunks &events() const { return m_events; } ///< to be copied for another thread
    [[nodiscard]] EventEntry entry(qint64 sequence) const { return m_events.entry(sequence); }
    using TextColumn = EventChunks::TextColumn;
    /// See EventChunks.
    [[nodiscard]] qint64 findBefore(qint64 sequence, TextColumn column, quint32 number) const { return m_events.findBefore(sequence, column, number); }
    [[nodiscard]] qint64 findPosition(qint64 sequence, qint64 position) const { return m_events.findPosition(sequence, position); }
    [[nodiscard]] qint64 findTime(connectors::EpochMs time) const { return m_events.findTime(time); }
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
    [[nodiscard]] static QString toText(const InternTable &table, quint32 number) { return QString::fromStdString(table.text(number)); }
    [[nodiscard]] EventEntry entryOf(const connectors::EventBatch &batch, qsizetype row);
    void setId(EventEntry &entry, std::optional<std::string_view> id);
    [[nodiscard]] quint32 streamNumber(const QString &stream);

    qint64 m_capacity;
    EventChunks m_events;
    InternTable m_types;
    InternTable m_aggregates;
    InternTable m_correlations;
    InternTable m_longIds;
    std::vector<QString> m_streams;
    QHash<QString, quint32> m_streamNumbers;
};

} // namespace models::event
