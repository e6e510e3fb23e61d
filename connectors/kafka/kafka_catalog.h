// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/kafka/edge_records.h"
#include "connectors/kafka/task_pool.h"
#include "connectors/stream_catalog.h"

namespace connectors::kafka {

/// Topics with their partitions. One request for the list, and with extents three a leader (start, last stable offset, end),
/// all in flight at once; what a broker does not answer is null and a problem, never 0.
class KafkaCatalog final : public StreamCatalog
{
public:
    KafkaCatalog(std::shared_ptr<Clients> clients, std::shared_ptr<EdgeClient> edges, TaskPool &tasks);

    QFuture<Result<StreamList>> listStreams(StreamListRequest request, std::stop_token stop) override;
    QFuture<Result<std::vector<TimePosition>>> positionsAt(QString stream, EpochMs time, std::stop_token stop) override;

private:
    const std::shared_ptr<Clients> m_clients;
    const std::shared_ptr<EdgeClient> m_edges;
    TaskPool &m_tasks;
};

/// What listStreams() answers, on the calling thread. Also what dead-letter queues are found with.
[[nodiscard]] Result<StreamList> readStreams(Clients &clients, EdgeClient &edges, const StreamListRequest &request, const std::stop_token &stop);

} // namespace connectors::kafka
