// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/connection/checkpoint_events.h"

#include <QCoreApplication>
#include <QPointer>

#include <algorithm>
#include <map>
#include <utility>

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
    for (const Read &read : m_reads) {
        read.channel->setWakeup({});
        read.channel->cancel();
    }
    m_reads.clear();
    m_events.clear();
}

void CheckpointEvents::read(const std::shared_ptr<connectors::Connector> &connector, const std::vector<connectors::PartitionRead> &places, Which which)
{
    cancel();
    m_which = which;
    if (!connector->eventReader())
        return;
    std::map<QString, std::vector<connectors::PartitionRead>> byStream;
    for (const connectors::PartitionRead &place : places)
        byStream[place.stream].push_back(place);
    for (auto &[stream, ranges] : byStream)
        start(connector, stream, std::move(ranges));
    const quint64 generation = m_generation;
    for (const Read &read : std::vector<Read>(m_reads)) {
        // Called on the connector's thread: only the application's object is certain to be there.
        read.channel->setWakeup([self = QPointer<CheckpointEvents>(this), generation] {
            const auto deliver = [self, generation] {
                if (self)
                    self->take(generation);
            };
            QMetaObject::invokeMethod(QCoreApplication::instance(), deliver, Qt::QueuedConnection);
        });
    }
}

void CheckpointEvents::start(const std::shared_ptr<connectors::Connector> &connector, const QString &stream, std::vector<connectors::PartitionRead> places)
{
    connectors::ReadRequest request;
    request.streams = {stream};
    const bool isOne = places.size() == 1;
    const qint64 lookAhead = isOne ? LookAheadOfOne : LookAhead;
    if (isOne && m_which == Which::First)
        request.limit = 1;
    for (connectors::PartitionRead &place : places) {
        if (m_which == Which::First)
            place.to = std::min(place.to, place.from + lookAhead);
        else
            place.from = std::max(place.from, place.to - lookAhead);
        place.next = place.from;
    }
    request.ranges = std::move(places);
    request.previewBytes = connectors::TablePreviewBytes; // for a row of a table
    m_reads.push_back({stream, connector->eventReader()->read(request)});
}

void CheckpointEvents::take(quint64 generation)
{
    if (generation != m_generation || m_reads.empty())
        return;
    for (const Read &read : m_reads)
        takeFrom(read);
    if (std::all_of(m_reads.begin(), m_reads.end(), [](const Read &read) { return read.channel->isFinished(); }))
        finish();
}

void CheckpointEvents::takeFrom(const Read &read)
{
    while (const auto batch = read.channel->tryPop()) {
        for (qsizetype row = 0; row < batch->count(); ++row) {
            const auto &record = batch->record(row);
            const auto known = std::find_if(m_events.begin(), m_events.end(), [&](const CheckpointEvent &event) {
                return event.stream == read.stream && event.address.partition == record.partition;
            });
            const bool isBetter = known != m_events.end() && m_which == Which::Last && record.position > known->address.position;
            if (known != m_events.end() && !isBetter)
                continue;
            CheckpointEvent event{read.stream, batch->address(row), record.time, textOf(*batch, record.eventType), textOf(*batch, record.aggregateId),
                                  textOf(*batch, record.key), record.size};
            if (isBetter)
                *known = std::move(event);
            else
                m_events.push_back(std::move(event));
        }
    }
}

void CheckpointEvents::finish()
{
    const auto reads = std::exchange(m_reads, {});
    const auto events = std::exchange(m_events, {});
    std::optional<connectors::Error> failed;
    for (const Read &read : reads)
        if (const auto result = read.channel->result(); !result && result.error().code != connectors::ErrorCode::Cancelled)
            failed = result.error();
    if (!events.empty() || !failed)
        Q_EMIT eventsReceived(events);
    if (failed)
        Q_EMIT readFailed(*failed);
}

} // namespace models::connection
