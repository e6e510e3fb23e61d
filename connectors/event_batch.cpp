// SPDX-License-Identifier: GPL-3.0-or-later

#include "connectors/event_batch.h"

#include <QDataStream>
#include <QIODevice>

#include <algorithm>
#include <cstring>

namespace connectors {

namespace {

constexpr quint32 WireMagic = 0x53474231; // "SGB1"

std::vector<Header> decodeHeaders(std::string_view encoded)
{
    std::vector<Header> headers;
    const auto readLength = [&encoded](quint32 *length) {
        if (encoded.size() < sizeof(quint32))
            return false;
        std::memcpy(length, encoded.data(), sizeof(quint32));
        encoded.remove_prefix(sizeof(quint32));
        return *length == Slice::NullLength || *length <= encoded.size();
    };
    const auto readText = [&encoded](quint32 length) {
        if (length == Slice::NullLength)
            return std::string_view();
        const std::string_view text = encoded.substr(0, length);
        encoded.remove_prefix(length);
        return text;
    };
    while (!encoded.empty()) {
        quint32 nameLength = 0;
        if (!readLength(&nameLength))
            break;
        const std::string_view name = readText(nameLength);
        quint32 valueLength = 0;
        if (!readLength(&valueLength))
            break;
        headers.push_back(Header{name, readText(valueLength), valueLength == Slice::NullLength});
    }
    return headers;
}

bool fits(Slice slice, size_t arenaSize)
{
    return slice.isNull() || (slice.offset <= arenaSize && slice.length <= arenaSize - slice.offset);
}

bool isTime(EpochMs time)
{
    return time == NoNumber || (time >= -FurthestTime && time <= FurthestTime);
}

bool fits(const EventRecord &record, size_t streamCount, size_t arenaSize)
{
    const Slice slices[] = {record.key, record.payload, record.headers, record.eventId, record.eventType,
                            record.aggregateId, record.timestamp, record.correlationId, record.causationId};
    return record.stream < streamCount && record.format <= BodyFormat::NotJson && isTime(record.time)
        && std::all_of(std::begin(slices), std::end(slices), [arenaSize](Slice slice) { return fits(slice, arenaSize); });
}

QDataStream &operator<<(QDataStream &out, Slice slice)
{
    return out << slice.offset << slice.length;
}

QDataStream &operator>>(QDataStream &in, Slice &slice)
{
    return in >> slice.offset >> slice.length;
}

template<typename Stream, typename Record>
void exchange(Stream &stream, Record &record)
{
    const auto each = [&stream](auto &...fields) {
        if constexpr (std::is_const_v<Record>)
            (stream << ... << fields);
        else
            (stream >> ... >> fields);
    };
    each(record.stream, record.partition, record.position, record.time, record.key, record.payload, record.size, record.headers,
         record.eventId, record.eventType, record.aggregateId, record.timestamp, record.correlationId, record.causationId,
         record.version, record.schemaVersion);
}

// The format and what is cut, in one byte: format in the lower half.
constexpr int CutShift = 4;

quint8 marksOf(const EventRecord &record)
{
    const int cuts = (record.isKeyCut ? 1 : 0) | (record.areHeadersCut ? 2 : 0) | (record.isEnvelopeCut ? 4 : 0);
    return static_cast<quint8>(static_cast<int>(record.format) | cuts << CutShift);
}

void setMarks(EventRecord &record, quint8 marks)
{
    const int cuts = marks >> CutShift;
    // What is none of the formats stays so, and is refused with the rest.
    record.format = cuts > 7 ? static_cast<BodyFormat>(marks) : static_cast<BodyFormat>(marks & 0xf);
    record.isKeyCut = (cuts & 1) != 0;
    record.areHeadersCut = (cuts & 2) != 0;
    record.isEnvelopeCut = (cuts & 4) != 0;
}

constexpr Slice EventRecord::*EnvelopeTexts[] = {&EventRecord::eventId,   &EventRecord::eventType,     &EventRecord::aggregateId,
                                                 &EventRecord::timestamp, &EventRecord::correlationId, &EventRecord::causationId};

bool isLarger(const EventRecord &record, qint64 bytes)
{
    const auto isLong = [bytes](Slice slice) { return !slice.isNull() && static_cast<qint64>(slice.length) > bytes; };
    return isLong(record.payload) || isLong(record.key) || isLong(record.headers)
        || std::any_of(std::begin(EnvelopeTexts), std::end(EnvelopeTexts), [&](Slice EventRecord::*text) { return isLong(record.*text); });
}

} // namespace

std::string_view beginningOf(std::string_view text, qint64 mostBytes)
{
    if (mostBytes <= 0 || static_cast<qint64>(text.size()) <= mostBytes)
        return text;
    const auto most = static_cast<size_t>(mostBytes);
    const auto byte = [text](size_t i) { return static_cast<unsigned char>(text[i]); };
    constexpr size_t LongestCharacter = 4;
    for (size_t end = most; end > 0 && most - end < LongestCharacter; --end) {
        if (byte(end) < 0x80 || byte(end) >= 0xc0) // a character begins here
            return text.substr(0, end);
    }
    return text.substr(0, most); // no text
}

EventBatchPtr previewsOf(EventBatchPtr batch, qint64 previewBytes)
{
    bool isAnyLarger = false;
    for (qsizetype row = 0; previewBytes > 0 && !isAnyLarger && row < batch->count(); ++row)
        isAnyLarger = isLarger(batch->record(row), previewBytes);
    if (!isAnyLarger)
        return batch;
    EventBatchBuilder builder;
    for (qsizetype row = 0; row < batch->count(); ++row)
        builder.addFrom(*batch, row, previewBytes);
    return builder.take();
}

QByteArray EventBatch::bytes(Slice slice) const
{
    return slice.isNull() ? QByteArray() : QByteArray(m_arena.data() + slice.offset, slice.length);
}

std::vector<Header> EventBatch::headers(qsizetype row) const
{
    return decodeHeaders(text(record(row).headers));
}

EventAddress EventBatch::address(qsizetype row) const
{
    return {streamOf(row), record(row).partition, record(row).position};
}

qint64 EventBatch::memoryBytes() const
{
    return static_cast<qint64>(m_records.capacity() * sizeof(EventRecord) + m_arena.capacity());
}

qint64 EventBatch::wireBytes() const
{
    constexpr qint64 LengthBytes = sizeof(quint32);
    qint64 bytes = 4 * LengthBytes;
    for (const QString &stream : m_streams)
        bytes += LengthBytes + static_cast<qint64>(sizeof(QChar)) * stream.size();
    return bytes + static_cast<qint64>(m_records.size() * sizeof(EventRecord) + m_arena.size());
}

QByteArray EventBatch::toBytes() const
{
    QByteArray bytes;
    bytes.reserve(static_cast<qsizetype>(wireBytes()));
    QDataStream out(&bytes, QIODevice::WriteOnly);
    out.setVersion(QDataStream::Qt_6_4);
    out << WireMagic << static_cast<quint32>(m_streams.size());
    for (const QString &stream : m_streams)
        out << stream;
    out << static_cast<quint32>(m_records.size());
    for (const EventRecord &record : m_records) {
        exchange(out, record);
        out << marksOf(record);
    }
    out << QByteArray::fromRawData(m_arena.data(), static_cast<qsizetype>(m_arena.size()));
    return bytes;
}

Result<EventBatchPtr> EventBatch::fromBytes(const QByteArray &bytes)
{
    const auto unreadable = [] {
        return failure(ErrorCode::Unreadable, QStringLiteral("A batch of events is malformed."),
                       QStringLiteral("Restart the connection; if it happens again, both ends may be of different versions."));
    };
    QDataStream in(bytes);
    in.setVersion(QDataStream::Qt_6_4);
    quint32 magic = 0;
    quint32 streamCount = 0;
    in >> magic >> streamCount;
    if (magic != WireMagic || streamCount > static_cast<quint32>(bytes.size()))
        return unreadable();
    auto batch = std::make_shared<EventBatch>();
    for (quint32 i = 0; i < streamCount && in.status() == QDataStream::Ok; ++i) {
        QString stream;
        in >> stream;
        batch->m_streams.push_back(stream);
    }
    quint32 recordCount = 0;
    in >> recordCount;
    if (recordCount > static_cast<quint32>(bytes.size()))
        return unreadable();
    for (quint32 i = 0; i < recordCount && in.status() == QDataStream::Ok; ++i) {
        EventRecord record;
        quint8 marks = 0;
        exchange(in, record);
        in >> marks;
        setMarks(record, marks);
        batch->m_records.push_back(record);
    }
    QByteArray arena;
    in >> arena;
    batch->m_arena.assign(arena.cbegin(), arena.cend());
    const bool isSound = in.status() == QDataStream::Ok && in.atEnd()
        && std::all_of(batch->m_records.cbegin(), batch->m_records.cend(), [&batch](const EventRecord &record) {
               return fits(record, batch->m_streams.size(), batch->m_arena.size());
           });
    if (!isSound)
        return unreadable();
    return EventBatchPtr(batch);
}

EventBatchBuilder::EventBatchBuilder()
    : m_batch(std::make_shared<EventBatch>())
{
}

quint32 EventBatchBuilder::internStream(const QString &stream)
{
    const auto found = m_streamIndex.constFind(stream);
    if (found != m_streamIndex.cend())
        return *found;
    const auto index = static_cast<quint32>(m_batch->m_streams.size());
    m_batch->m_streams.push_back(stream);
    m_streamIndex.insert(stream, index);
    return index;
}

Slice EventBatchBuilder::addBytes(std::string_view bytes)
{
    auto &arena = m_batch->m_arena;
    Q_ASSERT(arena.size() + bytes.size() < Slice::NullLength);
    const Slice slice{static_cast<quint32>(arena.size()), static_cast<quint32>(bytes.size())};
    arena.insert(arena.end(), bytes.begin(), bytes.end());
    return slice;
}

Slice EventBatchBuilder::addHeaders(const std::vector<Header> &headers)
{
    if (headers.empty())
        return {};
    const Slice begin = addBytes({});
    const auto addLength = [this](quint32 length) {
        std::ignore = addBytes({reinterpret_cast<const char *>(&length), sizeof length});
    };
    for (const Header &header : headers) {
        addLength(static_cast<quint32>(header.name.size()));
        std::ignore = addBytes(header.name);
        addLength(header.isNull ? Slice::NullLength : static_cast<quint32>(header.value.size()));
        std::ignore = addBytes(header.value);
    }
    return {begin.offset, static_cast<quint32>(m_batch->m_arena.size()) - begin.offset};
}

std::vector<Header> EventBatchBuilder::headersOf(Slice encoded) const
{
    return decodeHeaders(text(encoded));
}

EventRecord &EventBatchBuilder::add(const EventRecord &record)
{
    m_batch->m_records.push_back(record);
    return m_batch->m_records.back();
}

void EventBatchBuilder::addFrom(const EventBatch &other, qsizetype row, qint64 previewBytes)
{
    EventRecord record = other.record(row);
    record.stream = internStream(other.streamOf(row));
    const Slice oldPayload = record.payload;
    record.payload = oldPayload.isNull() ? oldPayload : addCut(other.text(oldPayload), previewBytes);
    const auto isCut = [](Slice before, Slice after) { return !before.isNull() && after.length < before.length; };
    const auto move = [&](Slice slice) {
        const bool isKept = !slice.isNull() && !oldPayload.isNull() && slice.offset >= oldPayload.offset
            && slice.offset + slice.length <= oldPayload.offset + record.payload.length;
        if (isKept)
            return Slice{slice.offset - oldPayload.offset + record.payload.offset, slice.length};
        return slice.isNull() ? slice : addCut(other.text(slice), previewBytes);
    };
    const Slice oldKey = record.key;
    record.key = move(oldKey);
    record.isKeyCut = record.isKeyCut || isCut(oldKey, record.key);
    const Slice oldHeaders = record.headers;
    if (previewBytes > 0 && !oldHeaders.isNull() && static_cast<qint64>(oldHeaders.length) > previewBytes) {
        record.headers = addCutHeaders(other.text(oldHeaders), previewBytes);
        record.areHeadersCut = true;
    } else {
        record.headers = move(oldHeaders);
    }
    for (Slice EventRecord::*text : EnvelopeTexts) {
        const Slice old = record.*text;
        record.*text = move(old);
        record.isEnvelopeCut = record.isEnvelopeCut || isCut(old, record.*text);
    }
    add(record);
}

Slice EventBatchBuilder::addCut(std::string_view text, qint64 mostBytes)
{
    return addBytes(beginningOf(text, mostBytes));
}

/// Long values first make room for the others.
Slice EventBatchBuilder::addCutHeaders(std::string_view encoded, qint64 mostBytes)
{
    constexpr qint64 ValuesInRoom = 8;
    constexpr qint64 LengthBytes = 2 * sizeof(quint32);
    std::vector<Header> headers = decodeHeaders(encoded);
    qint64 bytes = 0;
    size_t kept = 0;
    for (; kept < headers.size(); ++kept) {
        Header &header = headers[kept];
        if (!header.isNull)
            header.value = beginningOf(header.value, std::max<qint64>(1, mostBytes / ValuesInRoom));
        bytes += LengthBytes + static_cast<qint64>(header.name.size() + header.value.size());
        if (bytes > mostBytes)
            break;
    }
    headers.resize(kept);
    return addHeaders(headers);
}

EventBatchPtr EventBatchBuilder::take()
{
    for (EventRecord &record : m_batch->m_records) {
        if (!isTime(record.time))
            record.time = NoNumber;
    }
    EventBatchPtr batch = std::move(m_batch);
    m_batch = std::make_shared<EventBatch>();
    m_streamIndex.clear();
    return batch;
}

} // namespace connectors
