// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/projection/table_fill.h"
#include "tests/models/projection/fake_log.h"
#include "tests/models/projection/memory_tables.h"
#include "tests/models/projection/order_projection.h"

#include <QRandomGenerator>

namespace tests {

using connectors::Result;

inline const QString Topic = QStringLiteral("orders");
inline constexpr qint64 GiantChunk = 1'000'000;
inline constexpr qint64 MuchMemory = 64 * 1024 * 1024;

inline const QByteArray ShopProjection = R"json({"projection": "shop", "version": 1, "source": {"streams": ["orders", "returns"]},
    "targets": {"an_order": {"key": ["id"], "columns": {"id": "text", "total": "numeric", "status": "text", "events": "bigint"}},
                "stock": {"key": ["sku", "place"], "columns": {"sku": "text", "place": "bigint", "sold": "bigint"}}},
    "on": {"OrderPlaced": {"an_order": {"upsert": {"id": "/aggregateId", "status": "=placed"}, "add": {"events": 1, "total": "/data/total"}},
                           "stock": {"each": "/data/lines", "upsert": {"sku": "/each/sku", "place": "/each/place"}, "add": {"sold": "/each/pieces"}}},
           "OrderShipped": {"an_order": {"update": {"id": "/aggregateId", "status": "=shipped"}, "add": {"events": 1}}},
           "OrderCancelled": {"an_order": {"delete": {"id": "/aggregateId"}}}}})json";

/// Orders that are placed, shipped, cancelled and placed again, any of them in any partition.
inline void addOrders(FakeLog &log, int partitions, int events, quint32 seed)
{
    QRandomGenerator random(seed);
    for (int i = 0; i < events; ++i) {
        const QByteArray order = "o-" + QByteArray::number(random.bounded(12));
        const int partition = random.bounded(partitions);
        const int what = random.bounded(10);
        if (what < 5) {
            const QByteArray line = R"({"sku":"s-)" + QByteArray::number(random.bounded(5)) + R"(","place":)" + QByteArray::number(random.bounded(20)) + R"(,"pieces":)" + QByteArray::number(i) + '}';
            const QByteArray again = random.bounded(3) == 0 ? QByteArray(',' + line) : QByteArray(); // one event may change a row twice
            log.add(Topic, partition, "OrderPlaced", order, R"({"total":)" + QByteArray::number(i) + R"(.50,"lines":[)" + line + again + "]}");
        } else {
            log.add(Topic, partition, what < 7 ? "OrderShipped" : what < 9 ? "OrderCancelled" : "OrderSeen", order, "{}");
        }
    }
}

/// Fills the tables from where they stand, as each run of the program does.
class Filling final
{
public:
    Filling(connectors::Connector &log, MemoryTables &tables, const QByteArray &projection = ShopProjection)
        : m_log(log)
        , m_tables(tables)
        , m_file(projectionOf(projection))
    {
        options.rowBytes = MuchMemory;
        options.chunkEvents = GiantChunk;
    }

    models::projection::FillOptions options;
    qint64 told = 0; ///< events, when progress was told the last time

    Result<void> run(const std::stop_token &stop = {})
    {
        auto source = models::projection::ProjectionSource::open(m_log, m_file, stop);
        if (!source)
            return tl::unexpected(source.error());
        MemoryWriter writer(m_tables);
        models::projection::TableFill fill(*source, m_file, writer, m_tables.checkpoint, options);
        const Result<void> filled = fill.run(stop, [this](const models::projection::FillProgress &progress) { told = progress.events; });
        if (!(fill.checkpoint() == m_tables.checkpoint))
            qFatal("What is told to be stored is not what is stored.");
        return filled;
    }

private:
    connectors::Connector &m_log;
    MemoryTables &m_tables;
    const models::projection::ProjectionFile m_file;
};

inline const char *wordsOf(const Result<void> &result)
{
    static QByteArray words;
    words = result ? QByteArray() : describe(result.error()).toUtf8();
    return words.constData();
}

} // namespace tests
