// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/eventstore/consumer_queries.h"
#include "connectors/eventstore/event_store_connector.h"
#include "connectors/eventstore/store_file.h"
#include "connectors/eventstore/store_writer.h"

#include <QDateTime>

namespace connectors::eventstore {

namespace {

class StoreCheckpointWriter final : public CheckpointWriter
{
public:
    explicit StoreCheckpointWriter(QString path)
        : m_path(std::move(path))
    {
    }

    Result<std::vector<CheckpointOutcome>> apply(const QString &consumer, const std::vector<CheckpointChange> &changes) override
    {
        return guarded([&] {
            if (!m_database) {
                m_database = openForWriting(m_path, false);
                m_writer = std::make_unique<StoreWriter>(*m_database);
            }
            sqlite::Transaction transaction(*m_database, sqlite::Transaction::Kind::Write);
            requireApplicable(consumer, changes);
            std::vector<CheckpointOutcome> outcomes;
            for (const CheckpointChange &change : changes) {
                if (change.target)
                    m_writer->saveCheckpoint(consumer, change.stream, *change.target, change.metadata, QDateTime::currentMSecsSinceEpoch());
                else
                    m_writer->deleteCheckpoint(consumer, change.stream);
                outcomes.push_back({change.stream, change.partition, std::nullopt});
            }
            commit(transaction, consumer);
            return outcomes;
        });
    }

private:
    void requireApplicable(const QString &consumer, const std::vector<CheckpointChange> &changes)
    {
        const EpochMs now = QDateTime::currentMSecsSinceEpoch();
        if (activityOf(*m_database, consumer, now) == ConsumerActivity::Active)
            fail(ErrorCode::Refused, QStringLiteral("Consumer %1 is running.").arg(consumer),
                 QStringLiteral("Stop it first: it would overwrite its checkpoint at once."), true);
        for (const CheckpointChange &change : changes) {
            if (change.partition != 0)
                fail(ErrorCode::InvalidInput, QStringLiteral("Stream %1 has partition 0 only, not %2.").arg(change.stream).arg(change.partition),
                     QStringLiteral("Make the plan again."));
            // Whether the position makes sense is for the plan to say; an undo must be able to put back any.
            if (change.target && *change.target < 0)
                fail(ErrorCode::InvalidInput, QStringLiteral("Position %1 is below 0.").arg(*change.target), QStringLiteral("Make the plan again."));
        }
    }

    static void commit(sqlite::Transaction &transaction, const QString &consumer)
    {
        try {
            transaction.commit();
        } catch (const ThrownError &failed) {
            // A lock or a full disk is found before anything is durable; after any other fault only reading tells.
            if (failed.error.isRetryable)
                throw;
            fail(ErrorCode::OutcomeUnknown, QStringLiteral("It is not known whether the checkpoints of %1 were changed. %2").arg(consumer, failed.error.message),
                 QStringLiteral("Read the checkpoints to find out."));
        }
    }

    const QString m_path;
    std::unique_ptr<sqlite::Database> m_database;
    std::unique_ptr<StoreWriter> m_writer;
};

} // namespace

Result<std::unique_ptr<CheckpointWriter>> openEventStoreCheckpointWriter(const ConnectionSpec &spec)
{
    if (spec.path.isEmpty())
        return failure(ErrorCode::InvalidInput, QStringLiteral("The address names no file."), QStringLiteral("Write it as sqlite:PATH."));
    return std::make_unique<StoreCheckpointWriter>(spec.path);
}

} // namespace connectors::eventstore
