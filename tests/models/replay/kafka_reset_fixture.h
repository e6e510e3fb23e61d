// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/replay/machine.h"
#include "models/replay/reset_request.h"
#include "tests/support/kafka_factory.h"
#include "tests/support/kafka_groups.h"
#include "tests/support/kafka_server.h"

#include <QTemporaryDir>

namespace tests {

using Positions = std::map<connectors::PartitionId, std::pair<qint64, QByteArray>>;
/// "0:90 by the test, 1:80": what is compared, so that a difference can be read.
[[nodiscard]] QString textOf(const Positions &positions);

/// A journal in a folder of its own, a topic of six partitions with 100 events each (the first 10 of partition 0 removed),
/// and short words for what a person does with a consumer group of it.
class KafkaResetFixture final
{
public:
    explicit KafkaResetFixture(const QString &bootstrap);

    static constexpr int Partitions = 6;
    static constexpr qint64 End = 100;
    static constexpr qint64 StartOfFirst = 10;

    [[nodiscard]] QString topic() const { return m_topic; }
    [[nodiscard]] connectors::ConnectionSpec spec() const { return m_spec; }
    [[nodiscard]] QString journalPath() const { return m_folder.filePath(QStringLiteral("journal.db")); }
    [[nodiscard]] models::journal::Journal &journal() { return *m_journal; }
    [[nodiscard]] KafkaGroups &groups() { return *m_groups; }
    [[nodiscard]] KafkaFactory &factory() { return m_factory; }
    [[nodiscard]] models::replay::Machine machine(models::replay::RunObserver observer = {}) { return {*m_journal, m_factory, std::move(observer)}; }

    /// A new group with these offsets; a negative one is left out.
    [[nodiscard]] QString group(const std::vector<qint64> &offsets);
    [[nodiscard]] models::replay::ResetRequest request(const QString &group, models::replay::ResetTarget target) const;
    [[nodiscard]] connectors::Result<models::replay::Plan> plan(const models::replay::ResetRequest &request);
    [[nodiscard]] connectors::Result<models::replay::Plan> undoPlan(const QString &journalId);
    /// Approved as it has to be.
    [[nodiscard]] connectors::Result<models::replay::RunOutcome> apply(const models::replay::Plan &plan, const models::replay::RunOptions &options = {},
                                                                      bool isSkippingRefused = false);
    [[nodiscard]] connectors::Result<models::replay::RunOutcome> reset(const QString &group, models::replay::ResetTarget target);
    [[nodiscard]] connectors::Result<models::replay::RunOutcome> undo(const QString &journalId);

private:
    [[nodiscard]] connectors::Connector &connector();

    const QTemporaryDir m_folder;
    const QString m_topic;
    connectors::ConnectionSpec m_spec;
    KafkaFactory m_factory;
    std::unique_ptr<KafkaGroups> m_groups;
    std::unique_ptr<models::journal::Journal> m_journal;
    std::shared_ptr<connectors::Connector> m_connector;
};

} // namespace tests
