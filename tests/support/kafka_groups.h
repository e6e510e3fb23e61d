// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/consumer_catalog.h"

#include <QByteArray>
#include <QProcess>

#include <map>
#include <memory>
#include <optional>
#include <vector>

namespace tests {

struct TestCommit {
    connectors::PartitionId at;
    qint64 offset = 0;
    QByteArray metadata = {};
};

/// Changes consumer groups of a real Kafka as an administrator would. Every failure is a qFatal.
class KafkaGroups final
{
public:
    explicit KafkaGroups(const QString &bootstrap);
    ~KafkaGroups();
    Q_DISABLE_COPY_MOVE(KafkaGroups)

    /// Makes the groups that do not exist; all requests are in flight at once.
    void commit(const std::map<QString, std::vector<TestCommit>> &commits);
    /// What is stored, on a way of its own.
    [[nodiscard]] std::map<connectors::PartitionId, std::pair<qint64, QByteArray>> committed(const QString &group);
    [[nodiscard]] bool isListed(const QString &group);

private:
    struct State;
    const std::unique_ptr<State> m_state;
};

/// A member of a group by the old protocol, in this process: reads from the start and commits when told to.
class KafkaMember final
{
public:
    KafkaMember(const QString &bootstrap, const QString &group, const QString &topic, const QString &clientId);
    ~KafkaMember(); ///< leaves the group, as an application that is shut down
    Q_DISABLE_COPY_MOVE(KafkaMember)

    /// Reads until it has seen so many events or nothing comes for long; how many it saw.
    int read(int count);
    void commit();

private:
    struct State;
    const std::unique_ptr<State> m_state;
};

/// Kafka's own console consumer, which speaks the new protocol too: a process of its own that commits every 5 s.
class ConsoleConsumer final
{
public:
    ConsoleConsumer(const QString &bootstrap, const QString &group, const QString &topic, const QString &protocol);
    ~ConsoleConsumer();
    Q_DISABLE_COPY_MOVE(ConsoleConsumer)

private:
    const std::unique_ptr<QProcess> m_process;
};

/// A row of Kafka's own `kafka-consumer-groups --describe`; null where it prints "-".
struct ToolRow {
    std::optional<qint64> offset;
    std::optional<qint64> end;
    std::optional<qint64> lag;
    QString member;
    QString host;
    bool operator==(const ToolRow &) const = default;
};
using ToolRows = std::map<std::pair<QString, connectors::PartitionId>, ToolRow>; ///< by group and partition

/// Runs it once (seconds) over all groups.
[[nodiscard]] ToolRows describeAllGroups(const QString &bootstrap);

} // namespace tests
