// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/connection_spec.h"
#include "connectors/consumer_catalog.h"
#include "connectors/dead_letter_source.h"
#include "connectors/event_reader.h"
#include "connectors/event_writer.h"
#include "connectors/process_health.h"
#include "connectors/snapshot_source.h"
#include "connectors/stream_catalog.h"

namespace connectors {

struct SystemIdentity {
    QString systemId; ///< Kafka's cluster id, the store's own UUID: stable and unique
    QString product;  ///< "Kafka", "Streamgauge event store"
    QString version;  ///< empty where the system does not tell
    QStringList advertisedHosts;
    QString userName;                        ///< the name we are known by there
    bool areAllHostsLoopback = false;
    std::optional<Environment> otherTag;     ///< the strictest that a connection to this very system carries, under any address
    std::vector<QString> notes;              ///< what could not be done, e.g. "may not describe groups (ACL Describe on Group)"
    bool operator==(const SystemIdentity &) const = default;
};

/// What this program has asked of the system since the connection was opened.
struct Traffic {
    qint64 requests = 0;
    qint64 bytesRead = 0;
};

enum class Ability { StreamCatalog, EventReader, EventWriter, ConsumerCatalog, DeadLetterSource, CheckpointChange, SnapshotSource };

/// One open, read-only connection. It owns its I/O threads; every call is asynchronous and may be made from any thread,
/// takes and returns plain values. Destroying it cancels what is under way and waits at most a second.
class Connector
{
public:
    virtual ~Connector() = default;
    /// Connects and logs in: the first thing to ask, and the probe to trust when a list comes back empty.
    [[nodiscard]] virtual QFuture<Result<SystemIdentity>> identify(std::stop_token stop) = 0;
    [[nodiscard]] virtual Traffic traffic() const = 0;

    // An ability that the system or this connection lacks is null; whyNot() says why, for a greyed-out button.
    [[nodiscard]] virtual StreamCatalog *streamCatalog() { return nullptr; }
    [[nodiscard]] virtual EventReader *eventReader() { return nullptr; }
    [[nodiscard]] virtual EventWriter *eventWriter() { return nullptr; }
    [[nodiscard]] virtual ConsumerCatalog *consumerCatalog() { return nullptr; }
    [[nodiscard]] virtual DeadLetterSource *deadLetterSource() { return nullptr; }
    [[nodiscard]] virtual SnapshotSource *snapshotSource() { return nullptr; }
    [[nodiscard]] virtual QString whyNot(Ability ability) const = 0;

    /// Of the process that holds the connection; null where that is this one.
    [[nodiscard]] virtual ProcessHealth *processHealth() { return nullptr; }
};

} // namespace connectors
