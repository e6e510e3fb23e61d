// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/pgstore/consumer_queries.h"
#include "connectors/pgstore/pgstore_connector.h"
#include "connectors/pgstore/store_writer.h"
#include "connectors/postgres/transaction.h"

#include <QDateTime>

namespace connectors::pgstore {

namespace {

void requireSensible(const std::vector<CheckpointChange> &changes)
{
    for (const CheckpointChange &change : changes) {
        if (change.partition != 0)
            fail(ErrorCode::InvalidInput, QStringLiteral("Stream %1 has partition 0 only, not %2.").arg(change.stream).arg(change.partition),
                 QStringLiteral("Make the plan again."));
        // Whether the position makes sense is for the plan to say; an undo must be able to put back any.
        if (change.target && *change.target < 0)
            fail(ErrorCode::InvalidInput, QStringLiteral("Position %1 is below 0.").arg(*change.target), QStringLiteral("Make the plan again."));
    }
}

class PgStoreCheckpointWriter final : public CheckpointWriter
{
public:
    explicit PgStoreCheckpointWriter(postgres::Options options)
        : m_options(std::move(options))
    {
    }

    Result<std::vector<CheckpointOutcome>> apply(const QString &consumer, const std::vector<CheckpointChange> &changes) override
    {
        return guarded([&] {
            requireSensible(changes);
            if (!m_store || !m_store->database.isUsable())
                m_store = openForWriting(m_options, false);
            postgres::Transaction transaction(m_store->database, postgres::Transaction::Kind::Write);
            m_store->database.execute("LOCK TABLE members IN SHARE MODE"); // no member comes between the look and the change
            if (activityOf(*m_store, consumer) == ConsumerActivity::Active)
                fail(ErrorCode::Refused, QStringLiteral("Consumer %1 is running.").arg(consumer),
                     QStringLiteral("Stop it first: it would overwrite its checkpoint at once."), true);
            std::vector<CheckpointOutcome> outcomes = change(consumer, changes);
            transaction.commit();
            return outcomes;
        });
    }

private:
    std::vector<CheckpointOutcome> change(const QString &consumer, const std::vector<CheckpointChange> &changes)
    {
        StoreWriter writer(*m_store);
        std::vector<CheckpointOutcome> outcomes;
        for (const CheckpointChange &change : changes) {
            if (change.target)
                writer.saveCheckpoint(consumer, change.stream, *change.target, change.metadata, QDateTime::currentMSecsSinceEpoch());
            else
                writer.deleteCheckpoint(consumer, change.stream);
            outcomes.push_back({change.stream, change.partition, std::nullopt});
        }
        return outcomes;
    }

    const postgres::Options m_options;
    std::unique_ptr<StoreConnection> m_store;
};

} // namespace

Result<std::unique_ptr<CheckpointWriter>> openEventStoreCheckpointWriter(const ConnectionSpec &spec, const Credentials &credentials)
{
    ConnectionSpec reached = spec;
    reached.properties.remove(SnapshotPolicy::propertyName());
    return postgres::optionsOf(reached, credentials).map([](postgres::Options options) -> std::unique_ptr<CheckpointWriter> {
        return std::make_unique<PgStoreCheckpointWriter>(std::move(options));
    });
}

} // namespace connectors::pgstore
