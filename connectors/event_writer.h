// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/result.h"

#include <QByteArray>
#include <QFuture>

#include <optional>
#include <vector>

namespace connectors {

/// One event to append to an event store. Ids are opaque; payload and metadata are JSON texts, stored as given.
struct NewEvent {
    QString stream;
    QString eventId; ///< empty: the store makes a UUID
    QString eventType;
    QString aggregateId;
    QString timestamp; ///< RFC 3339; empty: now
    std::optional<qint64> version; ///< the aggregate's sequence number; null: the stream version it gets
    QString correlationId;
    QString causationId;
    qint64 schemaVersion = 1;
    QByteArray payload;
    QByteArray metadata;
    std::optional<qint64> expectedVersion; ///< the stream's version before the append; 0 for a new stream
    qint64 line = 0; ///< of the caller's input, from 1 on; what is wrong with this event names it. 0: it came from no lines
};

struct AppendedEvent {
    qint64 position = 0;
    bool wasKnown = false; ///< an event with this id was there already, equal in all that the caller gave
};

class EventWriter
{
public:
    virtual ~EventWriter() = default;
    /// All or nothing, durable when the future is ready. Conflict says both versions; a known id is Conflict too, where
    /// anything that was given of the event is not as it is stored, and says what. A time or version that was not given is
    /// not compared. InvalidInput and Conflict name the line.
    [[nodiscard]] virtual QFuture<Result<std::vector<AppendedEvent>>> append(std::vector<NewEvent> events) = 0;
};

} // namespace connectors
