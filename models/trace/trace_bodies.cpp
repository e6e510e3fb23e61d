// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/trace/trace_bodies.h"

#include "models/event/event_json.h"
#include "models/event/whole_event.h"
#include "models/trace/trace_export.h"

#include <QCoreApplication>
#include <QHash>

namespace models::trace {

using namespace connectors;

namespace {

constexpr size_t EventsAtOnce = 500;
constexpr qint64 BytesAtOnce = 8 * 1024 * 1024;

QByteArray quoted(const QString &text)
{
    const QByteArray utf8 = text.toUtf8();
    return event::jsonString({utf8.constData(), static_cast<size_t>(utf8.size())});
}

/// For an event that retention has taken since it was found.
QByteArray withoutBody(const TraceEvent &each)
{
    return "{\"stream\":" + quoted(each.address.stream) + ",\"partition\":" + QByteArray::number(each.address.partition) + ",\"position\":"
        + QByteArray::number(each.address.position) + ",\"envelope\":{\"eventId\":" + quoted(each.eventId) + ",\"eventType\":" + quoted(each.eventType)
        + ",\"aggregateId\":" + quoted(each.aggregateId) + ",\"correlationId\":" + quoted(each.correlationId) + ",\"causationId\":"
        + quoted(each.causationId) + "},\"payload\":null,\"stored\":false}";
}

} // namespace

Result<QByteArray> traceWithBodies(const JoinedTrace &joined, const std::vector<TraceSource> &sources, job::JobProgress &progress)
{
    const std::vector<TraceEvent> &events = joined.trace.events;
    std::vector<QByteArray> objects(events.size());
    progress.total = static_cast<qint64>(events.size());
    for (size_t source = 0; source < sources.size(); ++source) {
        std::vector<size_t> wanted;
        for (size_t i = 0; i < events.size(); ++i)
            if (events[i].connection == static_cast<int>(source))
                wanted.push_back(i);
        EventReader *reader = sources[source].connector->eventReader();
        for (size_t begin = 0; reader && begin < wanted.size();) {
            if (progress.isCancelled())
                return failure(ErrorCode::Cancelled, QCoreApplication::translate("models::trace", "The export was cancelled."));
            std::vector<EventAddress> addresses;
            QHash<QString, size_t> eventAt;
            qint64 bytes = 0;
            for (; begin < wanted.size() && addresses.size() < EventsAtOnce && bytes < BytesAtOnce; ++begin) {
                const TraceEvent &event = events[wanted[begin]];
                bytes += std::clamp<qint64>(event.size, 0, PageBytes);
                addresses.push_back(event.address);
                eventAt.insert(placeText(event.address), wanted[begin]);
            }
            const auto keep = [&](const EventBatch &batch, qsizetype row) -> Result<void> {
                const auto found = eventAt.constFind(placeText(batch.address(row)));
                if (found == eventAt.cend())
                    return {};
                const auto add = [&object = objects[*found]](const QByteArray &piece) {
                    object += piece;
                    return true;
                };
                const Result<void> written = event::writeEventJson(*reader, batch, row, add, progress.stop.get_token());
                if (!written)
                    objects[*found].clear(); // half of it is no JSON
                return written || written.error().code == ErrorCode::NotFound ? Result<void>() : written;
            };
            if (Result<void> fetched = event::forEachFetched(*reader, addresses, keep, progress.stop.get_token()); !fetched)
                return tl::unexpected(fetched.error());
            progress.done += std::ssize(addresses);
        }
    }
    return traceToJson(joined.trace, joined.graph, [&](int number) {
        const auto index = static_cast<size_t>(number);
        return objects[index].isEmpty() ? withoutBody(events[index]) : objects[index];
    });
}

} // namespace models::trace
