// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/remote/read_pump.h"

#include <map>

namespace connectors::remote {

/// The end beside the system: takes messages, asks its connector, sends what comes of it. Thread-safe; sends from the
/// connector's threads. Bytes that are no message are answered with Malformed and change nothing. It does not own the
/// connector, because its last user may be one of the connector's own threads: close() it before the connector goes.
class Endpoint final : public std::enable_shared_from_this<Endpoint>
{
public:
    enum class Events { Read, ReadAndAppend };
    Endpoint(Connector &connector, SendBytes send, Events allowed = Events::Read);

    [[nodiscard]] Greeting greeting() const;
    void receive(const QByteArray &message);
    /// Cancels everything that is under way; nothing is sent and the connector is not touched any more.
    void close();

private:
    void ask(const Reader &in);
    void follow(quint32 id, Call call);
    void startRead(const Reader &in);
    void reply(quint32 id, Reply kind, const std::function<void(Writer &)> &write);
    [[nodiscard]] bool isUnderWay(quint32 id) const;
    [[nodiscard]] std::stop_token newQuestion(quint32 id);
    void forget(quint32 id);

    /// Reads the arguments, asks with them if they are sound, and answers when the future is ready.
    template<typename T, typename Ask, typename... Arguments>
    void question(const Reader &in, Ability ability, bool isAble, Ask ask, Arguments... arguments);
    template<typename T>
    void answer(quint32 id, const Result<T> &result);

    [[nodiscard]] EventWriter *eventWriter() const { return m_allowed == Events::ReadAndAppend ? m_connector.eventWriter() : nullptr; }

    Connector &m_connector;
    const SendBytes m_send;
    const Events m_allowed;
    mutable std::mutex m_mutex;
    std::mutex m_closing; ///< held while the connector is asked from its own threads
    bool m_isClosed = false;
    std::map<quint32, std::stop_source> m_questions;
    std::map<quint32, std::shared_ptr<ReadPump>> m_reads;
};

} // namespace connectors::remote
