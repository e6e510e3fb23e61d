// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/event_reader.h"
#include "connectors/pgstore/safe_head.h"
#include "connectors/query/event_delivery.h"
#include "connectors/stream_scope.h"
#include "connectors/traffic_counter.h"

#include <memory>
#include <optional>
#include <vector>

namespace connectors::pgstore {

/// One read from its request to its report, on the thread that calls run(), never beyond the safe head. Every chunk is a statement
/// and a transaction of its own, so that a slow reader keeps no old rows alive. A tail is woken by the server and looks every second all
/// the same; it outlives the server's restart.
class EventRead final
{
public:
    EventRead(const postgres::Options &options, ReadRequest request, EventChannelPtr channel, TrafficCounter &traffic);
    ~EventRead();

    void run();

private:
    struct Part {
        StreamScope scope;
        PartitionRead read;
        qint64 stop = 0;        ///< nothing that is wanted is there or after it
        bool isGivenUp = false; ///< at an event that nobody can read
    };

    ReadReport readAll();
    [[nodiscard]] std::unique_ptr<StoreConnection> open() const;
    [[nodiscard]] postgres::Rows ask(const QByteArray &sql, const postgres::Parameters &parameters);
    void prepareParts(const StoreHead &head);
    void prepareRanges(const StoreHead &head);
    void pushDown();
    void resolveRange(Part &part, const StoreHead &head);
    [[nodiscard]] qint64 resolve(const PositionSpec &spec, const StreamScope &scope, const StoreHead &head);
    /// False when the read is over (limit, cancelled).
    bool readPart(Part &part, qint64 to);
    bool readBySearch(Part &part);
    [[nodiscard]] std::vector<qint64> searchPositions(const Part &part);
    [[nodiscard]] qint64 coveredEvents(const Part &part, qint64 from);
    bool readOne(Part &part, qint64 to);
    /// What the statement gives; std::bad_alloc where it is more than there is memory for.
    struct Chunk {
        EventBatchPtr batch;
        qint64 last = 0; ///< position
        qint64 bytes = 0;
    };
    [[nodiscard]] Chunk readChunk(const QByteArray &sql, const postgres::Parameters &parameters);
    bool deliver(Part &part, const Chunk &chunk, qint64 next);
    void giveUpAt(Part &part, qint64 position);
    void follow();
    bool followOnce();
    void reconnect();
    void reconnectIfLost();
    [[nodiscard]] bool isIndexed() const;
    void reportProgress();

    const postgres::Options m_options;
    ReadRequest m_request;
    EventChannelPtr m_channel;
    TrafficCounter &m_traffic;
    std::unique_ptr<StoreConnection> m_store; ///< null while the connection is lost
    QString m_storeId;
    std::vector<Part> m_parts;
    QStringList m_notes;
    ReadReport m_report;
    std::optional<query::EventDelivery> m_delivery; ///< from the moment that the condition is known to be one
};

} // namespace connectors::pgstore
