// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/remote/wire.h"

#include <condition_variable>
#include <mutex>
#include <stop_token>

namespace connectors::remote {

/// A worker's way to what the connection's token command prints: the command is run at the other end, where the user and his login
/// are. Thread-safe.
class TokenAsker final
{
public:
    /// Until end() it can be asked; from then on nothing is sent.
    void begin(SendBytes send);
    void end();

    /// Blocks until the other end answers, at most 40 s; not on the thread that hears its answers.
    [[nodiscard]] Result<QByteArray> ask(const std::stop_token &stop);
    /// True where the message is what was asked for.
    [[nodiscard]] bool take(const QByteArray &message);

private:
    std::mutex m_asking; ///< one question at a time
    std::mutex m_mutex;
    std::condition_variable_any m_changed;
    SendBytes m_send;
    bool m_isWaiting = false;
    std::optional<Result<QByteArray>> m_answer;
};

} // namespace connectors::remote
