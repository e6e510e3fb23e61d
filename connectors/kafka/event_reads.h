// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/kafka/event_fetch.h"
#include "connectors/kafka/task_pool.h"

#include <condition_variable>
#include <list>

namespace connectors::kafka {

/// Reading for one connection: every read has a thread and a handle of its own. Destroying it cancels what is under way and
/// waits at most a second; a thread that is held up by a broker ends later by itself.
class EventReads final : public EventReader
{
public:
    EventReads(const std::shared_ptr<Clients> &clients, TaskPool &tasks);
    ~EventReads() override;

    [[nodiscard]] EventChannelPtr read(ReadRequest request) override;
    [[nodiscard]] QFuture<Result<EventBatchPtr>> fetch(std::vector<EventAddress> addresses, qint64 previewBytes, std::stop_token stop) override;
    [[nodiscard]] QFuture<Result<EventPage>> fetchPage(PageRequest request, std::stop_token stop) override;
    [[nodiscard]] QFuture<Result<EventBatchPtr>> fetchTimes(std::vector<EventAddress> addresses, std::stop_token stop) override;

private:
    /// Held by the threads too.
    struct Running {
        std::mutex mutex;
        std::condition_variable changed;
        std::list<EventChannelPtr> channels;
    };

    const std::shared_ptr<ReaderClients> m_clients;
    TaskPool &m_tasks;
    const std::shared_ptr<EventPages> m_pages;
    const std::shared_ptr<Running> m_running;
};

} // namespace connectors::kafka
