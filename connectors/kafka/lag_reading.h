// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/kafka/cluster_metadata.h"
#include "connectors/kafka/group_clients.h"
#include "connectors/kafka/group_offsets.h"
#include "connectors/kafka/last_record.h"

namespace connectors::kafka {

/// One reading of the states of consumer groups: used once, by one thread. The steps are in read(); each of them that
/// fails as a whole leaves its part unknown, with the reason.
class LagReading final
{
public:
    LagReading(GroupClients &clients, LastRecord &lastRecord, ConsumerStateRequest request, std::stop_token stop);
    [[nodiscard]] Result<ConsumerStates> read();

private:
    [[nodiscard]] Result<void> listGroups();
    [[nodiscard]] Result<void> choose(std::vector<ConsumerSummary> listed);
    [[nodiscard]] Result<void> readGroups();
    [[nodiscard]] Result<void> readOffsets();
    void readMembers();
    void addPositions();
    void readEnds();
    [[nodiscard]] Error missingPartition(const PartitionId &id) const;
    void markControlRecords();
    void sumUpProblems();

    GroupClients &m_clients;
    LastRecord &m_lastRecord;
    const ConsumerStateRequest m_request;
    const std::stop_token m_stop;
    ClientPtr m_client;
    Result<ClusterMetadata> m_metadata;
    std::vector<GroupOffsets> m_offsets; ///< in the order of m_states.consumers
    ConsumerStates m_states;
};

} // namespace connectors::kafka
