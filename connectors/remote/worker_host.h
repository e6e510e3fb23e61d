// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/line_log.h"
#include "connectors/remote/endpoint.h"
#include "connectors/remote/message_pipe.h"
#include "connectors/remote/token_asker.h"
#include "connectors/remote/wire.h"

namespace connectors::remote {

/// What a worker can open.
struct HostedSystems {
    std::function<Result<std::shared_ptr<Connector>>(const Opening &, std::shared_ptr<const ReadCaution>)> open;
    std::function<Result<std::unique_ptr<CheckpointWriter>>(const Opening &)> openCheckpointWriter;
    std::function<Result<std::unique_ptr<LineLog>>(const Opening &)> openLineLog;
    std::shared_ptr<TokenAsker> tokens = {}; ///< for connections with a token command; null: there are none
};

/// The worker's side of its pipe: opens the one connection that it is told to, and answers for it until the pipe ends.
/// What it was opened for is all that it does: one that looks only reads, one that changes checkpoints does nothing else.
class WorkerHost final
{
public:
    /// `ended` is called on a thread of the host.
    WorkerHost(HostedSystems systems, int readEnd, int writeEnd, std::function<void()> ended);
    ~WorkerHost();
    WorkerHost(const WorkerHost &) = delete;
    WorkerHost &operator=(const WorkerHost &) = delete;

private:
    /// What the connector's threads say goes through it as long as it has a pipe: they may be under way for longer than the host.
    struct Crier {
        std::mutex mutex;
        MessagePipe *pipe = nullptr;
    };
    void receive(const QByteArray &message);
    void open(const Reader &question);
    [[nodiscard]] Result<Greeting> open(const Opening &opening);
    [[nodiscard]] Result<Greeting> openToLook(const Opening &opening);
    void change(const Reader &question);
    void append(const Reader &question);
    void workOff(const std::stop_token &stop);
    template<typename T>
    void answer(quint32 id, const Result<T> &result);
    void sendMalformed(quint32 id);

    const HostedSystems m_systems;
    const std::shared_ptr<Crier> m_crier = std::make_shared<Crier>();
    std::shared_ptr<Connector> m_connector;
    std::shared_ptr<Endpoint> m_endpoint;
    std::unique_ptr<CheckpointWriter> m_writer;
    std::unique_ptr<LineLog> m_lines;
    std::mutex m_mutex;
    std::condition_variable_any m_changed;
    std::deque<Reader> m_changes; ///< one after the other, beside the pipe, which goes on answering
    std::unique_ptr<MessagePipe> m_pipe; ///< its threads use the others
    std::jthread m_changing;             ///< last: it uses them all
};

} // namespace connectors::remote
