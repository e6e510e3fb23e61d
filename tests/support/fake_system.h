// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/connection_factory.h"

#include <functional>
#include <map>
#include <memory>
#include <mutex>

namespace tests {

/// What a fake system holds and which faults it has; shared by every connection a FakeFactory opens. Thread-safe by its mutex.
struct FakeSystem {
    struct Checkpoint {
        qint64 position = 0;
        QByteArray metadata;
        bool isMetadataExact = true;
    };
    struct Range {
        qint64 start = 0;
        qint64 end = 0;
    };

    std::mutex mutex;
    QString systemId = QStringLiteral("fake-1");
    QString consumer = QStringLiteral("payments");
    connectors::ConsumerActivity activity = connectors::ConsumerActivity::Empty;
    std::vector<connectors::ConsumerMember> members;
    std::map<connectors::PartitionId, Range> ranges;
    std::map<connectors::PartitionId, Checkpoint> checkpoints;
    std::map<connectors::PartitionId, std::vector<connectors::EpochMs>> times; ///< of the events from start on
    QString cleanupPolicy = QStringLiteral("delete");
    std::optional<qint64> retentionMs;
    std::map<QString, QString> otherConsumers; ///< told when all are asked for: what each reads

    std::optional<connectors::Error> readFault;      ///< every read of the consumer fails so
    int readsBeforeFault = 0;                        ///< so many succeed first
    std::optional<connectors::Error> applyFault;     ///< the whole step fails so
    bool isAppliedBeforeFault = false;               ///< and has been done all the same (a lost answer)
    std::map<connectors::PartitionId, connectors::Error> partFaults;
    int partFaultCount = 1'000'000;                  ///< how often they happen
    std::vector<connectors::ConnectionSpec> saved;   ///< what the factory finds by name
    connectors::ConnectionSpec opened;               ///< by the newest open()
    bool isHanging = false;                          ///< a consumer is read until the reading is stopped
    std::vector<std::shared_ptr<void>> hanging;      ///< what it takes to end those
    int applies = 0;
    int reads = 0;
    std::function<void()> beforeRead; ///< called with the mutex held

    void put(const QString &stream, int partition, qint64 start, qint64 end, std::optional<qint64> checkpoint, const QByteArray &metadata = {});
    [[nodiscard]] std::optional<qint64> at(const QString &stream, int partition);
};

class FakeFactory final : public connectors::ConnectionFactory
{
public:
    explicit FakeFactory(FakeSystem &system) : m_system(system) { }
    connectors::Result<std::shared_ptr<connectors::Connector>> open(const connectors::ConnectionSpec &spec) override;
    connectors::Result<std::unique_ptr<connectors::CheckpointWriter>> openCheckpointWriter(const connectors::ConnectionSpec &spec) override;
    std::vector<connectors::ConnectionSpec> named(const QString &name) const override;

private:
    FakeSystem &m_system;
};

[[nodiscard]] connectors::ConnectionSpec fakeSpec(connectors::Environment environment = connectors::Environment::Development);

} // namespace tests
