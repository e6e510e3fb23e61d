// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/remote/remote_read.h"

#include <map>

namespace connectors::remote {

/// The caller's questions under way, by number. Thread-safe.
class RemoteSession final : public std::enable_shared_from_this<RemoteSession>
{
public:
    /// `refuse` is called, on any thread, when the other end says what it may not say: it is not to be heard any more.
    /// `announced` hears what the other end is about to read, where it was asked to tell.
    explicit RemoteSession(SendBytes send, std::function<void()> refuse = [] {}, std::function<void(const Announcement &)> announced = {});
    ~RemoteSession();

    void receive(const QByteArray &message);
    /// The other end is gone with all that was asked of it: questions are answered with the error. It is another one from now
    /// on. Reads go on there, unless it `isHopeless`: then they end with the error too.
    void lose(const Error &error, bool isHopeless);
    /// The other end does not respond: what was asked, and what will be until something comes, is answered with the error.
    /// Reads wait on.
    void standStill(const Error &error);
    /// Cancels everything and answers it with Cancelled.
    void close();
    [[nodiscard]] Traffic traffic() const;

    template<typename T, typename... Arguments>
    [[nodiscard]] QFuture<Result<T>> ask(Call call, std::stop_token stop, const Arguments &...arguments)
    {
        auto promise = std::make_shared<QPromise<Result<T>>>();
        promise->start();
        QFuture<Result<T>> future = promise->future();
        const auto finish = [promise](Result<T> result) {
            promise->addResult(std::move(result));
            promise->finish();
        };
        const quint32 id = addQuestion([finish](const Reader *in, const Error &error) {
            T value{};
            Error told;
            if (in && in->kind() == ReplyWith<T> && in->whole(value)) {
                finish(std::move(value));
                return true;
            }
            if (in && in->kind() == Reply::Error && in->whole(told)) {
                finish(tl::unexpected<Error>(std::move(told)));
                return true;
            }
            finish(tl::unexpected<Error>(error));
            return !in || in->kind() == Reply::Malformed;
        });
        start(id, Writer(id, call)(arguments...).bytes(), stop);
        return future;
    }
    [[nodiscard]] EventChannelPtr read(const ReadRequest &request);

private:
    /// With the reply; the error is the answer where there is none, or none that belongs to the question: then false.
    using Answered = std::function<bool(const Reader *in, const Error &error)>;
    using StopCallback = std::stop_callback<std::function<void()>>;
    struct Question {
        Answered answered;
        std::shared_ptr<StopCallback> onStop;
    };
    [[nodiscard]] quint32 addQuestion(Answered answered);
    void start(quint32 id, const QByteArray &message, std::stop_token stop);
    [[nodiscard]] std::optional<Error> whyNot(const QByteArray &question, const std::stop_token &stop) const;
    void say(quint32 id, Call call) const;
    bool answer(quint32 id, const Reader *in, const Error &error);
    void hear(const Reader &announcement);
    void failQuestions(const Error &error);
    void failAll(const Error &error);
    [[nodiscard]] std::map<quint32, std::shared_ptr<RemoteRead>> reads() const;
    void forgetEndedReads();

    const SendBytes m_send;
    const std::function<void()> m_refuse;
    const std::function<void(const Announcement &)> m_announced;
    mutable std::mutex m_mutex;
    quint32 m_lastId = 0;
    std::map<quint32, Question> m_questions;
    std::map<quint32, std::shared_ptr<RemoteRead>> m_reads;
    Traffic m_traffic;
    Traffic m_trafficBefore; ///< of ends that are gone
    std::optional<Error> m_stillness; ///< while the other end does not respond
};

} // namespace connectors::remote
