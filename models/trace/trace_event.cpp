// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/trace/trace_event.h"

#include <QDateTime>

#include <algorithm>
#include <tuple>

namespace models::trace {

using namespace connectors;

namespace {

QString textOf(std::string_view text)
{
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

bool isNamed(std::string_view name, const char *wanted)
{
    return qstrnicmp(name.data(), static_cast<qsizetype>(name.size()), wanted) == 0;
}

/// Field `index` of "a-b-c"; empty where there are not so many.
QString fieldOf(const QString &text, QChar separator, int index)
{
    return text.section(separator, index, index);
}

/// W3C `traceparent`, Zipkin's `b3` and `x-b3-*`, Jaeger's `uber-trace-id`, and Eventide's cause by place.
std::shared_ptr<const ForeignLinks> foreignLinks(const std::vector<Header> &headers)
{
    ForeignLinks links;
    for (const Header &header : headers) {
        if (isNamed(header.name, "traceparent")) {
            links.spanId = fieldOf(textOf(header.value), u'-', 2);
        } else if (isNamed(header.name, "b3")) {
            links.spanId = fieldOf(textOf(header.value), u'-', 1);
            links.parentSpanId = fieldOf(textOf(header.value), u'-', 3);
        } else if (isNamed(header.name, "x-b3-spanid")) {
            links.spanId = textOf(header.value);
        } else if (isNamed(header.name, "x-b3-parentspanid")) {
            links.parentSpanId = textOf(header.value);
        } else if (isNamed(header.name, "uber-trace-id")) {
            links.spanId = fieldOf(textOf(header.value), u':', 1);
            links.parentSpanId = fieldOf(textOf(header.value), u':', 2);
        } else if (isNamed(header.name, "causationMessageStreamName")) {
            links.causeStream = textOf(header.value);
        } else if (isNamed(header.name, "causationMessagePosition")) {
            bool isNumber = false;
            const qint64 position = textOf(header.value).toLongLong(&isNumber);
            if (isNumber)
                links.causePosition = position;
        }
    }
    if (links.parentSpanId == QStringLiteral("0"))
        links.parentSpanId.clear();
    return links == ForeignLinks() ? nullptr : std::make_shared<const ForeignLinks>(std::move(links));
}

// The years 0001 to 9999: a producer may write any 64 bits, and times further apart than these cannot be subtracted or shown.
constexpr EpochMs FirstTime = -62'135'596'800'000;
constexpr EpochMs LastTime = 253'402'300'799'999;

EpochMs timeOf(const EventBatch &batch, const EventRecord &record)
{
    if (!record.timestamp.isNull()) {
        const QDateTime parsed = QDateTime::fromString(textOf(batch.text(record.timestamp)), Qt::ISODateWithMs);
        if (parsed.isValid())
            return parsed.toMSecsSinceEpoch();
    }
    return record.time >= FirstTime && record.time <= LastTime ? record.time : NoNumber;
}

} // namespace

QString TraceEventReader::shared(std::string_view text)
{
    return text.empty() ? QString() : *m_texts.insert(textOf(text));
}

TraceEvent TraceEventReader::read(const EventBatch &batch, qsizetype row, int connection)
{
    const EventRecord &record = batch.record(row);
    TraceEvent event;
    event.connection = connection;
    event.address = batch.address(row);
    event.time = timeOf(batch, record);
    event.size = record.size;
    event.eventId = textOf(batch.text(record.eventId));
    event.eventType = shared(batch.text(record.eventType));
    event.aggregateId = shared(batch.text(record.aggregateId));
    event.correlationId = shared(batch.text(record.correlationId));
    event.causationId = shared(batch.text(record.causationId));
    if (!record.headers.isNull())
        event.foreign = foreignLinks(batch.headers(row));
    event.row = static_cast<qint32>(row);
    return event;
}

void sortByTime(std::vector<TraceEvent> &events)
{
    const auto key = [](const TraceEvent &event) {
        return std::tie(event.time, event.connection, event.address.stream, event.address.partition, event.address.position);
    };
    std::stable_sort(events.begin(), events.end(), [&key](const TraceEvent &a, const TraceEvent &b) { return key(a) < key(b); });
}

QString placeText(const EventAddress &address)
{
    return address.stream + u'/' + QString::number(address.partition) + u'@' + QString::number(address.position);
}

} // namespace models::trace
