// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/remote/worker_host.h"

namespace connectors::remote {

namespace {
/// A caller that does not read for so long is asked for no patience.
constexpr std::chrono::milliseconds LongestAnnouncement(1000);
}

WorkerHost::WorkerHost(HostedSystems systems, int readEnd, int writeEnd, std::function<void()> ended)
    : m_systems(std::move(systems))
{
    m_pipe = std::make_unique<MessagePipe>(
        readEnd, writeEnd, [this](const QByteArray &message) { receive(message); }, [ended = std::move(ended)](MessagePipe::End) { ended(); });
    m_crier->pipe = m_pipe.get();
    m_pipe->send(helloBytes());
    if (m_systems.tokens)
        m_systems.tokens->begin([this](const QByteArray &message) { m_pipe->send(message); });
    m_changing = std::jthread([this](const std::stop_token &stop) { workOff(stop); });
}

WorkerHost::~WorkerHost()
{
    if (m_systems.tokens)
        m_systems.tokens->end();
    m_pipe->close();
    {
        const std::lock_guard lock(m_crier->mutex);
        m_crier->pipe = nullptr;
    }
    if (m_endpoint)
        m_endpoint->close();
    m_changing.request_stop();
    m_changing.join();
}

/// On the pipe's thread, so one after the other.
void WorkerHost::receive(const QByteArray &message)
{
    if (m_systems.tokens && m_systems.tokens->take(message))
        return;
    if (m_endpoint)
        return m_endpoint->receive(message);
    const Reader question = Reader::question(message);
    if (question.isSound() && question.call() == Call::Ping)
        return m_pipe->send(Writer(question.id(), Reply::Pong, {}).bytes());
    if (!m_writer && !m_lines)
        return open(question);
    {
        const std::lock_guard lock(m_mutex);
        m_changes.push_back(question);
    }
    m_changed.notify_one();
}

void WorkerHost::workOff(const std::stop_token &stop)
{
    while (true) {
        std::unique_lock lock(m_mutex);
        if (!m_changed.wait(lock, stop, [this] { return !m_changes.empty(); }))
            return;
        const Reader question = std::move(m_changes.front());
        m_changes.pop_front();
        lock.unlock();
        if (m_writer)
            change(question);
        else
            append(question);
    }
}

void WorkerHost::open(const Reader &question)
{
    Opening opening;
    if (!question.isSound() || question.call() != Call::Open || !question.whole(opening))
        return sendMalformed(question.id());
    answer(question.id(), open(opening));
}

Result<Greeting> WorkerHost::open(const Opening &opening)
{
    const auto keep = [](auto &place) {
        return [&place](auto opened) {
            place = std::move(opened);
            return Greeting();
        };
    };
    switch (opening.purpose) {
    case Purpose::Looking:
    case Purpose::Appending: return openToLook(opening);
    case Purpose::ChangingCheckpoints: return m_systems.openCheckpointWriter(opening).map(keep(m_writer));
    case Purpose::KeepingLines: return m_systems.openLineLog(opening).map(keep(m_lines));
    }
    Q_UNREACHABLE();
}

Result<Greeting> WorkerHost::openToLook(const Opening &opening)
{
    const auto announce = [crier = m_crier](const Announcement &announcement) {
        const std::lock_guard lock(crier->mutex);
        if (!crier->pipe)
            return;
        crier->pipe->send(Writer(0, Reply::Announced, {}).whole(announcement).bytes());
        crier->pipe->flush(LongestAnnouncement);
    };
    auto opened = m_systems.open(opening, std::make_shared<const ReadCaution>(opening.isCautious, opening.quarantined, announce));
    if (!opened)
        return tl::unexpected(opened.error());
    m_connector = std::move(*opened);
    m_endpoint = std::make_shared<Endpoint>(*m_connector, [crier = m_crier](const QByteArray &message) {
        const std::lock_guard lock(crier->mutex);
        if (crier->pipe)
            crier->pipe->send(message);
    }, opening.purpose == Purpose::Appending ? Endpoint::Events::ReadAndAppend : Endpoint::Events::Read);
    return m_endpoint->greeting();
}

void WorkerHost::change(const Reader &question)
{
    QString consumer;
    std::vector<CheckpointChange> changes;
    if (!question.isSound() || question.call() != Call::ApplyCheckpoints || !question(consumer, changes))
        return sendMalformed(question.id());
    answer(question.id(), m_writer->apply(consumer, changes));
}

void WorkerHost::append(const Reader &question)
{
    QByteArray line;
    if (!question.isSound() || question.call() != Call::AppendLine || !question(line))
        return sendMalformed(question.id());
    answer(question.id(), m_lines->append(line).map([] { return Done(); }));
}

template<typename T>
void WorkerHost::answer(quint32 id, const Result<T> &result)
{
    if (result)
        m_pipe->send(Writer(id, ReplyWith<T>, {}).whole(*result).bytes());
    else
        m_pipe->send(Writer(id, Reply::Error, {}).whole(result.error()).bytes());
}

void WorkerHost::sendMalformed(quint32 id)
{
    m_pipe->send(Writer(id, Reply::Malformed, {}).bytes());
}

} // namespace connectors::remote
