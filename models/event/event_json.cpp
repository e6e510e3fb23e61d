// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/event/event_json.h"

#include "models/event/position_text.h"

#include <QString>

namespace models::event {

using namespace connectors;

namespace {

/// Length of the UTF-8 sequence at the beginning of `text`, 0 where there is none (RFC 3629, table 3-7 of Unicode).
size_t sequenceLength(std::string_view text)
{
    const auto byte = [text](size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
    const auto isBetween = [byte](size_t i, unsigned low, unsigned high) { return byte(i) >= low && byte(i) <= high; };
    const unsigned first = byte(0);
    if (first < 0x80)
        return 1;
    if (first >= 0xc2 && first <= 0xdf)
        return isBetween(1, 0x80, 0xbf) ? 2 : 0;
    if (first >= 0xe0 && first <= 0xef) {
        const unsigned low = first == 0xe0 ? 0xa0 : 0x80;
        const unsigned high = first == 0xed ? 0x9f : 0xbf;
        return isBetween(1, low, high) && isBetween(2, 0x80, 0xbf) ? 3 : 0;
    }
    if (first >= 0xf0 && first <= 0xf4) {
        const unsigned low = first == 0xf0 ? 0x90 : 0x80;
        const unsigned high = first == 0xf4 ? 0x8f : 0xbf;
        return isBetween(1, low, high) && isBetween(2, 0x80, 0xbf) && isBetween(3, 0x80, 0xbf) ? 4 : 0;
    }
    return 0;
}

void appendString(QByteArray &out, std::string_view text)
{
    static constexpr char Hex[] = "0123456789abcdef";
    out += '"';
    size_t plainFrom = 0;
    const auto flushTo = [&](size_t end) { out.append(text.data() + plainFrom, static_cast<qsizetype>(end - plainFrom)); };
    for (size_t i = 0; i < text.size();) {
        const auto c = static_cast<unsigned char>(text[i]);
        const size_t length = c < 0x80 ? 1 : sequenceLength(text.substr(i));
        if (length > 1 || (length == 1 && c >= 0x20 && c != '"' && c != '\\')) {
            i += length;
            continue;
        }
        flushTo(i);
        if (length == 0)
            out += "\xef\xbf\xbd";
        else if (c == '"' || c == '\\')
            out.append('\\').append(static_cast<char>(c));
        else if (c == '\n')
            out += "\\n";
        else if (c == '\t')
            out += "\\t";
        else if (c == '\r')
            out += "\\r";
        else
            out.append("\\u00").append(Hex[c >> 4]).append(Hex[c & 15]);
        plainFrom = ++i;
    }
    flushTo(text.size());
    out += '"';
}

void appendBase64(QByteArray &out, std::string_view bytes)
{
    out += '"';
    out += QByteArray::fromRawData(bytes.data(), static_cast<qsizetype>(bytes.size())).toBase64();
    out += '"';
}

void appendKey(QByteArray &out, const EventBatch &batch, Slice key)
{
    const std::string_view text = batch.text(key);
    out += ",\"key\":";
    if (key.isNull()) {
        out += "null";
    } else if (isUtf8(text)) {
        appendString(out, text);
    } else {
        out += "null,\"keyBase64\":";
        appendBase64(out, text);
    }
}

void appendHeaders(QByteArray &out, const EventBatch &batch, qsizetype row)
{
    out += ",\"headers\":[";
    bool isFirst = true;
    for (const Header &header : batch.headers(row)) {
        out += isFirst ? "[" : ",[";
        isFirst = false;
        appendString(out, header.name);
        out += ',';
        if (header.isNull) {
            out += "null";
        } else if (isUtf8(header.value)) {
            appendString(out, header.value);
        } else {
            out += "{\"base64\":";
            appendBase64(out, header.value);
            out += '}';
        }
        out += ']';
    }
    out += ']';
}

void appendEnvelope(QByteArray &out, const EventBatch &batch, const EventRecord &record)
{
    const auto text = [&](const char *name, Slice slice) {
        out += name;
        if (slice.isNull())
            out += "null";
        else
            appendString(out, batch.text(slice));
    };
    text(",\"envelope\":{\"eventId\":", record.eventId);
    text(",\"eventType\":", record.eventType);
    text(",\"aggregateId\":", record.aggregateId);
    text(",\"timestamp\":", record.timestamp);
    out += ",\"version\":";
    out += record.version == NoNumber ? QByteArray("null") : QByteArray::number(record.version);
    text(",\"correlationId\":", record.correlationId);
    text(",\"causationId\":", record.causationId);
    out += '}';
}

} // namespace

bool isUtf8(std::string_view text)
{
    for (size_t i = 0; i < text.size();) {
        const size_t length = sequenceLength(text.substr(i));
        if (length == 0)
            return false;
        i += length;
    }
    return true;
}

QByteArray jsonString(std::string_view text)
{
    QByteArray out;
    appendString(out, text);
    return out;
}

void JsonMinifier::append(QByteArray &out, std::string_view json)
{
    size_t keepFrom = 0;
    for (size_t i = 0; i < json.size(); ++i) {
        const char c = json[i];
        if (m_isEscaped) {
            m_isEscaped = false;
        } else if (m_isInString) {
            m_isEscaped = c == '\\';
            m_isInString = c != '"';
        } else if (c == '"') {
            m_isInString = true;
        } else if (c == ' ' || c == '\n' || c == '\r' || c == '\t') {
            out.append(json.data() + keepFrom, static_cast<qsizetype>(i - keepFrom));
            keepFrom = i + 1;
        }
    }
    out.append(json.data() + keepFrom, static_cast<qsizetype>(json.size() - keepFrom));
}

QByteArray minifiedJson(std::string_view json)
{
    QByteArray out;
    JsonMinifier().append(out, json);
    return out;
}

PayloadJson::PayloadJson(BodyFormat format)
    : m_isJson(format == BodyFormat::Json)
    , m_isBytes(format == BodyFormat::JsonTooDeep || format == BodyFormat::NotJson)
{
}

void PayloadJson::begin(QByteArray &out) const
{
    out += m_isJson ? "" : m_isBytes ? "null,\"payloadBase64\":\"" : "null";
}

void PayloadJson::append(QByteArray &out, std::string_view body)
{
    if (m_isJson)
        return m_minifier.append(out, body);
    if (!m_isBytes)
        return;
    constexpr qsizetype Group = 3; // bytes that make whole characters of base 64
    m_rest.append(body.data(), static_cast<qsizetype>(body.size()));
    const qsizetype whole = m_rest.size() - m_rest.size() % Group;
    out += QByteArray::fromRawData(m_rest.constData(), whole).toBase64();
    m_rest.remove(0, whole);
}

void PayloadJson::end(QByteArray &out) const
{
    if (m_isBytes)
        out += m_rest.toBase64() + '"';
}

QByteArray eventJsonHead(const EventBatch &batch, qsizetype row)
{
    const EventRecord &record = batch.record(row);
    QByteArray out;
    out.reserve(static_cast<qsizetype>(batch.text(record.payload).size() + batch.text(record.headers).size()) + 512);
    const auto appendText = [&out](const QString &text) {
        const QByteArray bytes = text.toUtf8();
        appendString(out, {bytes.constData(), static_cast<size_t>(bytes.size())});
    };
    out += "{\"stream\":";
    appendText(batch.streamOf(row));
    out += ",\"partition\":" + QByteArray::number(record.partition) + ",\"position\":" + QByteArray::number(record.position) + ",\"time\":";
    if (record.time == NoNumber)
        out += "null";
    else
        appendText(timeText(record.time));
    appendKey(out, batch, record.key);
    appendHeaders(out, batch, row);
    appendEnvelope(out, batch, record);
    return out += ",\"payload\":";
}

QByteArray eventJsonTail(const EventRecord &record, const QString &connection)
{
    QByteArray out = ",\"size\":";
    out += record.size < 0 ? QByteArray("null") : QByteArray::number(record.size);
    if (!connection.isEmpty()) {
        const QByteArray bytes = connection.toUtf8();
        out += ",\"connection\":";
        appendString(out, {bytes.constData(), static_cast<size_t>(bytes.size())});
    }
    return out += '}';
}

QByteArray eventJson(const EventBatch &batch, qsizetype row, const QString &connection)
{
    const EventRecord &record = batch.record(row);
    QByteArray out = eventJsonHead(batch, row);
    PayloadJson payload(record.format);
    payload.begin(out);
    payload.append(out, batch.text(record.payload));
    payload.end(out);
    return out += eventJsonTail(record, connection);
}

} // namespace models::event
