// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/event/event_list.h"

#include <algorithm>
#include <cstring>

namespace models::event {

using connectors::EventBatch;
using connectors::EventRecord;
using connectors::Slice;

EventList::EventList(qint64 capacity)
    : m_capacity(std::max<qint64>(capacity, ChunkEvents * 2))
{
}

void EventList::append(const EventBatch &batch, qsizetype from, qsizetype to)
{
    for (qsizetype row = from; row < to; ++row)
        m_events.append(entryOf(batch, row));
}

EventEntry EventList::entryOf(const EventBatch &batch, qsizetype row)
{
    const EventRecord &record = batch.record(row);
    const auto number = [&batch](InternTable &table, Slice slice) { return slice.isNull() ? InternTable::None : table.intern(batch.text(slice)); };
    EventEntry entry;
    entry.time = record.time;
    entry.position = record.position;
    entry.partition = record.partition;
    entry.size = record.size < 0 ? Slice::NullLength : static_cast<quint32>(std::min<qint64>(record.size, Slice::NullLength - 1));
    entry.stream = streamNumber(batch.streamOf(row));
    entry.type = number(m_types, record.eventType);
    entry.aggregate = number(m_aggregates, record.aggregateId);
    entry.correlation = number(m_correlations, record.correlationId);
    entry.format = record.format;
    setId(entry, record.eventId.isNull() ? std::nullopt : std::optional(batch.text(record.eventId)));
    return entry;
}

void EventList::setId(EventEntry &entry, std::optional<std::string_view> id)
{
    if (!id)
        return;
    if (const auto bytes = uuidBytes(*id)) {
        entry.idForm = EventEntry::IdForm::Uuid;
        std::memcpy(entry.id.data(), bytes->data(), entry.id.size());
    } else if (id->size() < entry.id.size()) {
        entry.idForm = EventEntry::IdForm::Inline;
        entry.id[0] = static_cast<quint8>(id->size());
        std::memcpy(entry.id.data() + 1, id->data(), id->size());
    } else {
        const quint32 number = m_longIds.intern(*id);
        entry.idForm = EventEntry::IdForm::Number;
        std::memcpy(entry.id.data(), &number, sizeof number);
    }
}

quint32 EventList::streamNumber(const QString &stream)
{
    if (const auto found = m_streamNumbers.constFind(stream); found != m_streamNumbers.cend())
        return *found;
    const auto number = static_cast<quint32>(m_streams.size());
    m_streams.push_back(stream);
    m_streamNumbers.insert(stream, number);
    return number;
}

qint64 EventList::surplusWith(qint64 count) const
{
    const qint64 over = this->count() + count - m_capacity;
    if (over <= 0)
        return 0;
    const qint64 chunks = (over + ChunkEvents - 1) / ChunkEvents;
    return std::min(chunks * ChunkEvents, this->count() / ChunkEvents * ChunkEvents);
}

void EventList::dropOldest(qint64 count)
{
    m_events.dropOldest(count);
}

connectors::EventAddress EventList::address(qint64 sequence) const
{
    const EventEntry found = entry(sequence);
    return {stream(found), found.partition, found.position};
}

QString EventList::eventId(const EventEntry &entry) const
{
    const auto *bytes = reinterpret_cast<const char *>(entry.id.data());
    switch (entry.idForm) {
    case EventEntry::IdForm::None: break;
    case EventEntry::IdForm::Uuid: return QString::fromStdString(uuidText({bytes, entry.id.size()}));
    case EventEntry::IdForm::Inline: return QString::fromUtf8(bytes + 1, entry.id[0]);
    case EventEntry::IdForm::Number: return toText(m_longIds, longIdNumber(entry));
    }
    return {};
}

quint32 EventList::longIdNumber(const EventEntry &entry)
{
    quint32 number = InternTable::None;
    if (entry.idForm == EventEntry::IdForm::Number)
        std::memcpy(&number, entry.id.data(), sizeof number);
    return number;
}

qint64 EventList::memoryBytes() const
{
    return m_events.memoryBytes() + m_types.memoryBytes() + m_aggregates.memoryBytes() + m_correlations.memoryBytes()
        + m_longIds.memoryBytes();
}

} // namespace models::event
