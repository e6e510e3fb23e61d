// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/remote/token_asker.h"

#include <chrono>

namespace connectors::remote {

void TokenAsker::begin(SendBytes send)
{
    const std::lock_guard lock(m_mutex);
    m_send = std::move(send);
}

void TokenAsker::end()
{
    {
        const std::lock_guard lock(m_mutex);
        m_send = {};
        if (m_isWaiting)
            m_answer = failure(ErrorCode::Cancelled, QStringLiteral("The connection was closed."));
    }
    m_changed.notify_all();
}

Result<QByteArray> TokenAsker::ask(const std::stop_token &stop)
{
    constexpr auto Patience = std::chrono::seconds(40); // the command's own is 30
    const std::lock_guard one(m_asking);
    std::unique_lock lock(m_mutex);
    if (!m_send)
        return failure(ErrorCode::Cancelled, QStringLiteral("The connection was closed."));
    m_answer.reset();
    m_isWaiting = true;
    m_send(Writer(0, Reply::AskToken, {}).bytes());
    m_changed.wait_for(lock, stop, Patience, [this] { return m_answer.has_value(); });
    m_isWaiting = false;
    if (m_answer)
        return *std::exchange(m_answer, std::nullopt);
    return stop.stop_requested() ? failure(ErrorCode::Cancelled, QStringLiteral("Logging in was cancelled."))
                                 : failure(ErrorCode::NotAuthenticated, QStringLiteral("The token command gave no answer within 40 s."));
}

bool TokenAsker::take(const QByteArray &message)
{
    const Reader question = Reader::question(message);
    QByteArray text;
    std::optional<Error> error;
    if (!question.isSound() || question.call() != Call::Token || !question(text, error))
        return false;
    {
        const std::lock_guard lock(m_mutex);
        if (m_isWaiting) // who asked may have gone meanwhile
            m_answer = error ? Result<QByteArray>(tl::unexpected(*error)) : Result<QByteArray>(text);
    }
    m_changed.notify_all();
    return true;
}

} // namespace connectors::remote
