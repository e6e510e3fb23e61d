// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/event_batch.h"

#include <QSet>

#include <memory>
#include <optional>
#include <vector>

namespace models::trace {

/// Links that only some systems write: tracing spans and a cause named by its place.
struct ForeignLinks {
    QString spanId;
    QString parentSpanId;
    QString causeStream; ///< with causePosition: the cause's place (Eventide, Message DB)
    std::optional<qint64> causePosition;
    bool operator==(const ForeignLinks &) const = default;
};

/// One event of a trace: what graph, lanes and list need of it. Ids are opaque; a field that the event does not have is empty.
struct TraceEvent {
    int connection = 0; ///< index into Trace::connections
    connectors::EventAddress address;
    connectors::EpochMs time = connectors::NoNumber; ///< when it happened by its own timestamp, else the log time
    qint64 size = -1;                                ///< bytes of the body
    QString eventId;
    QString eventType;
    QString aggregateId;
    QString correlationId;
    QString causationId; ///< one id, or several as a JSON list or separated by commas
    std::shared_ptr<const ForeignLinks> foreign; ///< null for most
    qint32 batch = -1; ///< with row: where the bytes are in Trace::batches; −1: not kept
    qint32 row = 0;
    bool isDeadLettered = false;
};

/// Turns records into trace events. Equal texts (types, aggregates, correlations, streams) share their memory, so that a
/// million effects of one cause stay small. One a thread.
class TraceEventReader final
{
public:
    [[nodiscard]] TraceEvent read(const connectors::EventBatch &batch, qsizetype row, int connection);

private:
    [[nodiscard]] QString shared(std::string_view text);

    QSet<QString> m_texts;
};

/// In time; ties by connection, stream, partition and position, so that the order is always the same. Events without a
/// time come first.
void sortByTime(std::vector<TraceEvent> &events);

/// The name by which an event goes where it has no id: "orders/3@1204".
[[nodiscard]] QString placeText(const connectors::EventAddress &address);

} // namespace models::trace
