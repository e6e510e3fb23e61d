// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/sqlite/database.h"
#include "connectors/eventstore/scope.h"
#include "connectors/traffic_counter.h"
#include "connectors/event_reader.h"
#include "connectors/query/event_delivery.h"

#include <optional>
#include <vector>

namespace connectors::eventstore {

/// One read from its request to its report, on the thread that calls run(). Every chunk is a statement of its own, so that
/// a slow reader never holds a snapshot open (which would let the log grow without end).
class EventRead final
{
public:
    EventRead(sqlite::Database &database, ReadRequest request, EventChannelPtr channel, TrafficCounter &traffic);
    ~EventRead();

    void run();

private:
    struct Part {
        Scope scope;
        PartitionRead read;
        qint64 stop = 0; ///< nothing that is wanted is there or after it
        bool isGivenUp = false; ///< at an event that nobody can read
    };

    ReadReport readAll();
    void prepareParts();
    void pushDown();
    void resolveRange(Part &part, qint64 end);
    [[nodiscard]] qint64 resolve(const PositionSpec &spec, const Scope &scope, qint64 end);
    /// False when the read is over (limit, cancelled).
    bool readPart(Part &part, qint64 to);
    bool readBySearch(Part &part);
    void follow();
    [[nodiscard]] bool isIndexed() const;
    [[nodiscard]] EventBatchPtr readChunk(Part &part, sqlite::Statement &statement, qint64 *lastPosition);
    void leaveOut(Part &part, qint64 position);
    void reportProgress();

    sqlite::Database &m_database;
    ReadRequest m_request;
    EventChannelPtr m_channel;
    TrafficCounter &m_traffic;
    std::vector<Part> m_parts;
    QStringList m_notes;
    ReadReport m_report;
    std::optional<query::EventDelivery> m_delivery; ///< from the moment that the condition is known to be one
};

} // namespace connectors::eventstore
