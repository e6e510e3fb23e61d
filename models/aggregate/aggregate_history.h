// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/connector.h"

#include <functional>

namespace models::aggregate {

/// One event of an aggregate. Its version is its number: the first is 1.
struct AggregateEvent {
    QString stream;
    qint64 position = 0;
    connectors::EpochMs time = connectors::NoNumber;
    QString eventId;
    QString eventType;
    QString correlationId;
    qint64 ownVersion = connectors::NoNumber; ///< what the event calls its version, which may be another
    qint64 schemaVersion = connectors::NoNumber;
    qint64 size = -1;
    std::vector<QString> compensates;        ///< ids of the events that it takes back
    std::vector<qint64> compensatedVersions; ///< of these, in the same order; 0: it is none of this aggregate's
    std::vector<qint64> compensatedBy;       ///< versions of the events of this aggregate that take it back
};

/// All events of an aggregate in their order, without their bodies, as they were when they were read.
struct AggregateHistory {
    QString id;
    /// Its events are those of the stream of that name; else all that carry the id, in whatever streams, and there are no snapshots.
    bool isStream = true;
    std::vector<AggregateEvent> events;

    [[nodiscard]] qint64 versions() const { return static_cast<qint64>(events.size()); }
    [[nodiscard]] const AggregateEvent &at(qint64 version) const { return events[static_cast<size_t>(version - 1)]; }
};

/// Why a connection has no aggregates to open; empty: it has.
[[nodiscard]] QString whyNoAggregates(connectors::Connector &connector);

/// Of events read so far; on the reading thread.
using ReadObserver = std::function<void(qint64 events)>;

/// More events than an aggregate is opened with; each takes some 300 bytes here.
inline constexpr qint64 MostEvents = 200'000;
/// Of an event's body; one that is larger is not folded.
inline constexpr qint64 MostBodyBytes = 64LL * 1024 * 1024;

/// The stream of that name, else all events with that aggregate id. NotFound where there is neither, InvalidInput for the name of a
/// group of streams, Refused beyond MostEvents, Unsupported where the system keeps no aggregates. Blocks.
[[nodiscard]] connectors::Result<AggregateHistory> readHistory(connectors::Connector &connector, const QString &id, const std::stop_token &stop,
                                                               const ReadObserver &observer = {});

/// Asks for the events of that aggregate from one position to before another.
[[nodiscard]] connectors::ReadRequest requestFor(const AggregateHistory &history, qint64 from, qint64 to);

/// The ids that an event names as what it takes back, as README.md, “Compensating events”, has it: the member `compensates`, a text
/// or a list of them, of its metadata, else of its envelope.
[[nodiscard]] std::vector<QString> compensatedIds(const connectors::EventBatch &batch, qsizetype row);

} // namespace models::aggregate
