// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/frame/named_places.h"

#include "ui/widgets/text.h"

#include <QCoreApplication>

namespace ui::frame {

using models::connection::Connection;

namespace {

struct NamedPlaces {
    Q_DECLARE_TR_FUNCTIONS(NamedPlaces)
};

void addPlacesOf(const Connection &connection, std::vector<NamedPlace> *places)
{
    const QString &name = connection.name();
    const QString shown = widgets::text::untrusted(name, 60);
    places->push_back({name, NamedPlaces::tr("open connection"), QStringLiteral("ok"), {QStringLiteral("consumers"), name, {}, {}}});
    for (const connectors::ConsumerState &consumer : connection.consumers().value.consumers)
        places->push_back({consumer.summary.consumer, NamedPlaces::tr("consumer on %1").arg(shown), QStringLiteral("consumers"),
                           {QStringLiteral("consumers"), name, consumer.summary.consumer, {}}});
    for (const connectors::StreamInfo &stream : connection.streams().value.streams)
        places->push_back({stream.stream, NamedPlaces::tr("stream on %1").arg(shown), QStringLiteral("streams"), {QStringLiteral("streams"), name, stream.stream, {}}});
    for (const connectors::DeadLetterQueue &queue : connection.deadLetterQueues().value)
        places->push_back({queue.stream, NamedPlaces::tr("dead letters on %1").arg(shown), QStringLiteral("dead-letters"), {QStringLiteral("dead-letters"), name, queue.stream, {}}});
}

} // namespace

std::vector<NamedPlace> namedPlaces(const models::connection::Workspace &workspace)
{
    std::vector<NamedPlace> places;
    for (const Connection *connection : workspace.connections())
        addPlacesOf(*connection, &places);
    return places;
}

NamedPlace savedPlace(const QString &name)
{
    return {name, NamedPlaces::tr("saved connection, opens it"), QStringLiteral("add"), {{}, name, {}, {}}};
}

} // namespace ui::frame
