// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/kafka/event_reads.h"

#include "connectors/kafka/event_read.h"

namespace connectors::kafka {

namespace {

constexpr std::chrono::seconds LongestReadsGoodbye{1};

} // namespace

EventReads::EventReads(const std::shared_ptr<Clients> &clients, TaskPool &tasks)
    : m_clients(std::make_shared<ReaderClients>(clients))
    , m_tasks(tasks)
    , m_pages(std::make_shared<EventPages>())
    , m_running(std::make_shared<Running>())
{
}

EventReads::~EventReads()
{
    std::unique_lock lock(m_running->mutex);
    for (const EventChannelPtr &channel : m_running->channels)
        channel->cancel();
    m_running->changed.wait_for(lock, LongestReadsGoodbye, [this] { return m_running->channels.empty(); });
}

EventChannelPtr EventReads::read(ReadRequest request)
{
    const auto whenFull = request.isDroppingWhenFull ? EventChannel::WhenFull::DropNewest : EventChannel::WhenFull::Wait;
    const EventChannelPtr channel = makeEventChannel(whenFull);
    const std::lock_guard lock(m_running->mutex);
    const auto entry = m_running->channels.insert(m_running->channels.end(), channel);
    std::thread([running = m_running, clients = m_clients, channel, entry, request = std::move(request)]() mutable {
        EventRead(std::move(clients), std::move(request), channel).run();
        const std::lock_guard threadLock(running->mutex);
        running->channels.erase(entry);
        running->changed.notify_all();
    }).detach();
    return channel;
}

QFuture<Result<EventBatchPtr>> EventReads::fetch(std::vector<EventAddress> addresses, qint64 previewBytes, std::stop_token stop)
{
    return m_tasks.run<EventBatchPtr>(std::move(stop), [previewBytes, clients = m_clients, addresses = std::move(addresses)](const std::stop_token &taskStop) {
        return fetchEvents(*clients, addresses, previewBytes, taskStop);
    });
}

QFuture<Result<EventBatchPtr>> EventReads::fetchTimes(std::vector<EventAddress> addresses, std::stop_token stop)
{
    return m_tasks.run<EventBatchPtr>(std::move(stop), [clients = m_clients, addresses = std::move(addresses)](const std::stop_token &taskStop) {
        return fetchTimesOf(*clients, addresses, taskStop);
    });
}

QFuture<Result<EventPage>> EventReads::fetchPage(PageRequest request, std::stop_token stop)
{
    return m_tasks.run<EventPage>(std::move(stop), [pages = m_pages, clients = m_clients, request = std::move(request)](const std::stop_token &taskStop) {
        return pages->page(request, [&] { return fetchEvents(*clients, {request.address}, 0, taskStop); });
    });
}

} // namespace connectors::kafka
