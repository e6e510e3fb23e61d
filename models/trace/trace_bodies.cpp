// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/trace/trace_bodies.h"

#include "connectors/answer_of.h"
#include "models/event/event_json.h"
#include "models/trace/trace_export.h"

#include <QCoreApplication>
#include <QHash>

namespace models::trace {

using namespace connectors;

namespace {

constexpr size_t EventsAtOnce = 500;

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
        for (size_t begin = 0; reader && begin < wanted.size(); begin += EventsAtOnce) {
            if (progress.isCancelled())
                return failure(ErrorCode::Cancelled, QCoreApplication::translate("models::trace", "The export was cancelled."));
            const size_t end = std::min(wanted.size(), begin + EventsAtOnce);
            std::vector<EventAddress> addresses;
            QHash<QString, size_t> eventAt;
            for (size_t i = begin; i < end; ++i) {
                addresses.push_back(events[wanted[i]].address);
                eventAt.insert(placeText(addresses.back()), wanted[i]);
            }
            const Result<EventBatchPtr> batch = answerOf(reader->fetch(std::move(addresses), progress.stop.get_token()));
            if (!batch)
                return tl::unexpected(batch.error());
            for (qsizetype row = 0; row < (*batch)->count(); ++row)
                if (const auto found = eventAt.constFind(placeText((*batch)->address(row))); found != eventAt.cend())
                    objects[*found] = event::eventJson(**batch, row);
            progress.done += static_cast<qint64>(end - begin);
        }
    }
    return traceToJson(joined.trace, joined.graph, [&](int number) {
        const auto index = static_cast<size_t>(number);
        return objects[index].isEmpty() ? withoutBody(events[index]) : objects[index];
    });
}

} // namespace models::trace
