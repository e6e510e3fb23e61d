// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/remote/worker_link.h"

#include "connectors/remote/worker_keeper.h"

namespace connectors::remote {

WorkerLink::WorkerLink(WorkerOpening opening, Receiver receiver)
    : m_keeper(std::make_shared<Keeper>(std::move(opening), std::move(receiver)))
    , m_thread([keeper = m_keeper] { keeper->run(); })
{
}

WorkerLink::~WorkerLink()
{
    close();
}

Result<Greeting> WorkerLink::open()
{
    std::unique_lock lock(m_keeper->mutex);
    m_keeper->changed.wait(lock, [this] { return m_keeper->greeting || m_keeper->isClosed; });
    return m_keeper->greeting.value_or(failure(ErrorCode::Cancelled, QStringLiteral("The connection was closed.")));
}

void WorkerLink::send(const QByteArray &message)
{
    {
        const std::lock_guard lock(m_keeper->mutex);
        if (m_keeper->isUp) {
            m_keeper->process->send(message);
            return;
        }
        m_keeper->waiting.push_back(message);
        m_keeper->isWanted = true;
    }
    m_keeper->changed.notify_all();
}

void WorkerLink::hear(const Announcement &announcement)
{
    const std::lock_guard lock(m_keeper->mutex);
    m_keeper->quarantine.hear(announcement);
}

void WorkerLink::close()
{
    {
        const std::lock_guard lock(m_keeper->mutex);
        m_keeper->isClosed = true;
    }
    m_keeper->changed.notify_all();
    if (!m_thread.joinable())
        return;
    if (m_keeper->isOwnThread())
        m_thread.detach();
    else
        m_thread.join();
}

qint64 WorkerLink::processId() const
{
    const std::lock_guard lock(m_keeper->mutex);
    return m_keeper->process ? m_keeper->process->processId() : 0;
}

ProcessReport WorkerLink::processReport() const
{
    const std::lock_guard lock(m_keeper->mutex);
    return m_keeper->report;
}

void WorkerLink::restartProcess()
{
    m_keeper->endIt(Keeper::Ended::OnDemand);
    {
        const std::lock_guard lock(m_keeper->mutex);
        m_keeper->isWanted = true;
    }
    m_keeper->changed.notify_all();
}

void WorkerLink::refuseProcess()
{
    m_keeper->endIt(Keeper::Ended::NoWorker);
}

} // namespace connectors::remote
