// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/connection/checkpoint_events.h"

#include <QCoreApplication>
#include <QPointer>

#include <algorithm>

namespace models::connection {

namespace {

/// Positions have gaps (transactions, compaction): so many are looked at to find the event.
constexpr qint64 LookAhead = 20;
/// In one stream of a store positions have wide gaps; there one partition is all there is to read.
constexpr qint64 LookAheadOfOne = 2'000;

QString textOf(const connectors::EventBatch &batch, connectors::Slice slice)
{
    const auto bytes = batch.text(slice);
    return QString::fromUtf8(bytes.data(), static_cast<qsizetype>(std::min<size_t>(bytes.size(), 500)));
}

} // namespace

CheckpointEvents::~CheckpointEvents()
{
    cancel();
}

void CheckpointEvents::cancel()
{
    ++m_generation;
    if (m_channel) {
        m_channel->setWakeup({});
        m_channel->cancel();
    }
    m_channel.reset();
    m_events.clear();
}

void CheckpointEvents::read(const std::shared_ptr<connectors::Connector> &connector, const std::vector<connectors::PartitionRead> &places, Which which)
{
    cancel();
    m_which = which;
    auto *reader = connector->eventReader();
    if (!reader || places.empty())
        return;
    connectors::ReadRequest request;
    const qint64 lookAhead = places.size() == 1 ? LookAheadOfOne : LookAhead;
    if (places.size() == 1 && which == Which::First)
        request.limit = 1;
    for (connectors::PartitionRead place : places) {
        if (std::find(request.streams.begin(), request.streams.end(), place.stream) == request.streams.end())
            request.streams.push_back(place.stream);
        if (which == Which::First)
            place.to = std::min(place.to, place.from + lookAhead);
        else
            place.from = std::max(place.from, place.to - lookAhead);
        place.next = place.from;
        request.ranges.push_back(place);
    }
    m_channel = reader->read(request);
    // Called on the connector's thread: only the application's object is certain to be there.
    m_channel->setWakeup([self = QPointer<CheckpointEvents>(this), generation = m_generation] {
        const auto deliver = [self, generation] {
            if (self)
                self->take(generation);
        };
        QMetaObject::invokeMethod(QCoreApplication::instance(), deliver, Qt::QueuedConnection);
    });
}

void CheckpointEvents::take(quint64 generation)
{
    if (generation != m_generation || !m_channel)
        return;
    while (const auto batch = m_channel->tryPop()) {
        for (qsizetype row = 0; row < batch->count(); ++row) {
            const auto &record = batch->record(row);
            const auto known = std::find_if(m_events.begin(), m_events.end(), [&](const CheckpointEvent &event) {
                return event.address.stream == batch->streamOf(row) && event.address.partition == record.partition;
            });
            const bool isBetter = known != m_events.end() && m_which == Which::Last && record.position > known->address.position;
            if (known != m_events.end() && !isBetter)
                continue;
            CheckpointEvent event{batch->address(row), record.time, textOf(*batch, record.eventType), textOf(*batch, record.aggregateId),
                                  textOf(*batch, record.key), record.size};
            if (isBetter)
                *known = std::move(event);
            else
                m_events.push_back(std::move(event));
        }
    }
    if (!m_channel->isFinished())
        return;
    const auto result = m_channel->result();
    const auto events = std::move(m_events);
    m_channel.reset();
    m_events.clear();
    if (result)
        Q_EMIT eventsReceived(events);
    else if (result.error().code != connectors::ErrorCode::Cancelled)
        Q_EMIT readFailed(result.error());
}

} // namespace models::connection
