// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/eventstore/event_store_connector.h"
#include "connectors/eventstore/store_file.h"
#include "connectors/eventstore/store_writer.h"
#include "models/aggregate/state_folder.h"
#include "tests/support/store_fixture.h"

namespace tests {

/// An event store with an aggregate or two in it.
class AggregateStore final
{
public:
    /// Snapshots are kept every so many events.
    explicit AggregateStore(int every = connectors::SnapshotPolicy::Fewest) { m_policy.every = every; }

    /// Events of the aggregate `stream`, their bodies as given, their ids `STREAM/NUMBER` on from the last.
    void append(const QString &stream, const std::vector<QByteArray> &bodies)
    {
        std::vector<connectors::NewEvent> events;
        for (const QByteArray &body : bodies) {
            connectors::NewEvent event = newEvent(stream, stream + u'/' + QString::number(++m_last));
            event.payload = body;
            events.push_back(event);
        }
        append(events);
    }
    void append(const std::vector<connectors::NewEvent> &events)
    {
        const auto database = connectors::eventstore::openForWriting(m_fixture.path(), true);
        connectors::eventstore::StoreWriter writer(*database, m_policy);
        connectors::sqlite::Transaction transaction(*database, connectors::sqlite::Transaction::Kind::Write);
        std::ignore = writer.append(events, ++m_now);
        transaction.commit();
    }
    void execute(const char *sql) { connectors::sqlite::Database(m_fixture.path(), connectors::sqlite::Database::Access::Write).execute(sql); }

    [[nodiscard]] std::shared_ptr<connectors::Connector> open() const { return *connectors::eventstore::openEventStore(m_fixture.spec()); }
    [[nodiscard]] connectors::ConnectionSpec spec() const { return m_fixture.spec(); }

private:
    StoreFixture m_fixture;
    connectors::SnapshotPolicy m_policy;
    connectors::EpochMs m_now = 1'700'000'000'000;
    int m_last = 0;
};

/// Bodies {"n": 1} … {"n": count}.
inline std::vector<QByteArray> counting(int count)
{
    std::vector<QByteArray> bodies;
    for (int i = 1; i <= count; ++i)
        bodies.push_back("{\"n\":" + QByteArray::number(i) + '}');
    return bodies;
}

/// An aggregate that was opened, with what holds it.
struct OpenAggregate {
    std::shared_ptr<connectors::Connector> connector;
    std::shared_ptr<const models::aggregate::AggregateHistory> history;
    std::unique_ptr<models::aggregate::StateFolder> folder;
};

inline OpenAggregate openAggregate(const AggregateStore &store, const QString &id, const models::aggregate::Upcasts &upcasts = {})
{
    OpenAggregate open;
    open.connector = store.open();
    open.history = std::make_shared<const models::aggregate::AggregateHistory>(models::aggregate::readHistory(*open.connector, id, {}).value());
    open.folder = std::make_unique<models::aggregate::StateFolder>(*open.connector, open.history, upcasts);
    return open;
}

/// A projection file with these upcasts.
inline models::aggregate::Upcasts::File projectionWith(const QString &name, const QByteArray &upcasts)
{
    return {name, R"({"projection": "p", "version": 1, "source": {"streams": ["*"]}, "target": {"table": "t", "key": ["id"], "columns": {"id": "text"}}, "upcast": )" + upcasts
                      + R"(, "on": {"ThingHappened": {"upsert": {"id": "/aggregateId"}}}})"};
}

} // namespace tests
