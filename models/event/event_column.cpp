// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/event/event_column.h"

#include "connectors/json_text.h"
#include "models/event/position_text.h"

#include <QRegularExpression>

#include <array>

namespace models::event {

using connectors::EventBatch;
using connectors::EventRecord;
using connectors::NoNumber;
using connectors::Slice;
using Kind = EventColumn::Kind;

namespace {

constexpr size_t PayloadBytes = 300;

struct ColumnName {
    Kind kind;
    const char *key;
    const char *filter;
};

constexpr std::array<ColumnName, 14> Names{{
    {Kind::Time, "time", "time"},
    {Kind::Stream, "stream", "stream"},
    {Kind::Partition, "partition", "partition"},
    {Kind::Position, "position", "position"},
    {Kind::Type, "type", "eventType"},
    {Kind::Aggregate, "aggregate", "aggregateId"},
    {Kind::Correlation, "correlation", "correlationId"},
    {Kind::EventId, "event", "eventId"},
    {Kind::Size, "size", "size"},
    {Kind::Key, "key", "key"},
    {Kind::Causation, "causation", "causationId"},
    {Kind::Version, "version", "version"},
    {Kind::Timestamp, "timestamp", "timestamp"},
    {Kind::Payload, "payload", "payload"},
}};

QVariant numberOrNothing(qint64 number)
{
    return number == NoNumber ? QVariant() : QVariant(number);
}

QVariant textOrNothing(const QString &text)
{
    return text.isEmpty() ? QVariant() : QVariant(text);
}

QString toText(std::string_view bytes)
{
    return QString::fromUtf8(bytes.data(), static_cast<qsizetype>(bytes.size()));
}

QVariant headerOf(const EventBatch &batch, qsizetype row, const QString &name)
{
    const QByteArray wanted = name.toUtf8();
    for (const connectors::Header &header : batch.headers(row))
        if (header.name == std::string_view(wanted.constData(), static_cast<size_t>(wanted.size())) && !header.isNull)
            return toText(header.value);
    return {};
}

QVariant fieldOf(const EventBatch &batch, const EventRecord &record, const QString &pointer)
{
    namespace json = connectors::json;
    if (record.format != connectors::BodyFormat::Json)
        return {};
    const auto path = json::parsePointer(pointer.toStdString());
    const auto found = path ? json::find(batch.text(record.payload), *path) : std::nullopt;
    if (!found || json::kindOf(*found) == json::Kind::Null)
        return {};
    return json::kindOf(*found) == json::Kind::String ? QString::fromStdString(json::unquoted(*found)) : toText(found->substr(0, PayloadBytes));
}

/// Of a body that is cut: the first value of this name, and not the one that is cut itself.
bool isFieldWhole(std::string_view beginning, const QString &pointer)
{
    namespace json = connectors::json;
    const auto path = json::parsePointer(pointer.toStdString());
    const auto found = path ? json::find(beginning, *path) : std::nullopt;
    return found && found->data() + found->size() < beginning.data() + beginning.size();
}

/// Of a value out of a body only the text is known here: 10115 may be the number or a text of digits. Both are meant then.
QString fieldCondition(const QString &text, bool isEqual)
{
    static const QRegularExpression number(QStringLiteral("^-?(?:0|[1-9][0-9]*)(?:\\.[0-9]+)?(?:[eE][+-]?[0-9]+)?$"));
    static const QRegularExpression integer(QStringLiteral("^-?[0-9]+$"));
    const QString sign = isEqual ? QStringLiteral(" = ") : QStringLiteral(" <> ");
    const QString list = isEqual ? QStringLiteral(" IN (%1, %2)") : QStringLiteral(" NOT IN (%1, %2)");
    if (text == u"true" || text == u"false")
        return list.arg(QLatin1String(text == u"true" ? "1" : "0"), sqlQuoted(text));
    if (!number.match(text).hasMatch())
        return sign + sqlQuoted(text);
    bool isOf64Bits = false;
    text.toLongLong(&isOf64Bits);
    // Beyond 64 bits a number is compared digit by digit, with a text too.
    const bool isBig = integer.match(text).hasMatch() && !isOf64Bits;
    return isBig ? sign + text : list.arg(text, sqlQuoted(text));
}

} // namespace

QString EventColumn::key() const
{
    if (kind == Kind::Header)
        return QStringLiteral("header:") + path;
    if (kind == Kind::Field)
        return QStringLiteral("field:") + path;
    return QString::fromLatin1(Names[static_cast<size_t>(kind)].key);
}

std::optional<EventColumn> EventColumn::fromKey(const QString &key)
{
    if (key.startsWith(u"header:"))
        return EventColumn{Kind::Header, key.mid(7)};
    if (key.startsWith(u"field:"))
        return EventColumn{Kind::Field, key.mid(6)};
    for (const ColumnName &name : Names)
        if (key == QLatin1String(name.key))
            return EventColumn{name.kind, {}};
    return std::nullopt;
}

QString EventColumn::filterName() const
{
    if (kind == Kind::Header)
        return QStringLiteral("header(") + sqlQuoted(path) + u')';
    if (kind == Kind::Field)
        return QStringLiteral("field(") + sqlQuoted(path) + u')';
    return QString::fromLatin1(Names[static_cast<size_t>(kind)].filter);
}

bool EventColumn::isNumber() const
{
    return kind == Kind::Partition || kind == Kind::Position || kind == Kind::Size || kind == Kind::Version;
}

std::vector<EventColumn> standardColumns()
{
    std::vector<EventColumn> columns;
    columns.reserve(std::size(Names));
    for (const ColumnName &name : Names)
        columns.push_back({name.kind, {}});
    return columns;
}

std::vector<EventColumn> defaultColumns()
{
    return {{Kind::Time, {}}, {Kind::Position, {}}, {Kind::Type, {}}, {Kind::Aggregate, {}}, {Kind::Correlation, {}}, {Kind::Size, {}}};
}

QVariant valueOf(const EventBatch &batch, qsizetype row, const EventColumn &column)
{
    const EventRecord &record = batch.record(row);
    const auto text = [&batch](Slice slice) { return slice.isNull() ? QVariant() : QVariant(toText(batch.text(slice))); };
    switch (column.kind) {
    case Kind::Time: return numberOrNothing(record.time);
    case Kind::Stream: return batch.streamOf(row);
    case Kind::Partition: return record.partition;
    case Kind::Position: return record.position;
    case Kind::Type: return text(record.eventType);
    case Kind::Aggregate: return text(record.aggregateId);
    case Kind::Correlation: return text(record.correlationId);
    case Kind::EventId: return text(record.eventId);
    case Kind::Size: return record.size < 0 ? QVariant() : QVariant(record.size);
    case Kind::Key: return text(record.key);
    case Kind::Causation: return text(record.causationId);
    case Kind::Version: return numberOrNothing(record.version);
    case Kind::Timestamp: return text(record.timestamp);
    case Kind::Payload: return record.payload.isNull() ? QVariant() : QVariant(toText(batch.text(record.payload).substr(0, PayloadBytes)));
    case Kind::Header: return headerOf(batch, row, column.path);
    case Kind::Field: return fieldOf(batch, record, column.path);
    }
    return {};
}

bool isKnown(const EventBatch &batch, qsizetype row, const EventColumn &column)
{
    const EventRecord &record = batch.record(row);
    switch (column.kind) {
    case Kind::Key: return !record.isKeyCut;
    case Kind::Header: return !record.areHeadersCut;
    case Kind::Type:
    case Kind::Aggregate:
    case Kind::Correlation:
    case Kind::EventId:
    case Kind::Causation:
    case Kind::Timestamp: return !record.isEnvelopeCut;
    case Kind::Field: return record.format != connectors::BodyFormat::Json || !record.isBodyCut() || isFieldWhole(batch.text(record.payload), column.path);
    default: return true;
    }
}

QVariant valueOf(const EventList &list, const EventEntry &entry, const EventColumn &column)
{
    switch (column.kind) {
    case Kind::Time: return numberOrNothing(entry.time);
    case Kind::Stream: return list.stream(entry);
    case Kind::Partition: return entry.partition;
    case Kind::Position: return entry.position;
    case Kind::Type: return textOrNothing(list.type(entry));
    case Kind::Aggregate: return textOrNothing(list.aggregate(entry));
    case Kind::Correlation: return textOrNothing(list.correlation(entry));
    case Kind::EventId: return textOrNothing(list.eventId(entry));
    case Kind::Size: return entry.size == Slice::NullLength ? QVariant() : QVariant(static_cast<qint64>(entry.size));
    default: return {};
    }
}

QString sqlQuoted(const QString &text)
{
    QString quoted = text;
    return u'\'' + quoted.replace(u'\'', QStringLiteral("''")) + u'\'';
}

QString conditionFor(const EventColumn &column, const QVariant &value, bool isEqual)
{
    if (column.kind == Kind::Payload && value.toString().toUtf8().size() >= static_cast<qsizetype>(PayloadBytes)) { // cut: the beginning is compared
        QString beginning = value.toString();
        while (beginning.endsWith(QChar::ReplacementCharacter)) // of a character that was cut through
            beginning.chop(1);
        return QStringLiteral("substr(payload, 1, %1)").arg(beginning.toUcs4().size()) + (isEqual ? QStringLiteral(" = ") : QStringLiteral(" <> ")) + sqlQuoted(beginning);
    }
    if (!value.isValid())
        return column.filterName() + (isEqual ? QStringLiteral(" IS NULL") : QStringLiteral(" IS NOT NULL"));
    if (column.kind == Kind::Field)
        return column.filterName() + fieldCondition(value.toString(), isEqual);
    const bool isPlainNumber = column.isNumber();
    const QString literal = column.kind == Kind::Time ? timeText(value.toLongLong()) : value.toString();
    return column.filterName() + (isEqual ? QStringLiteral(" = ") : QStringLiteral(" <> ")) + (isPlainNumber ? literal : sqlQuoted(literal));
}

} // namespace models::event
