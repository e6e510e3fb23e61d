// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/remote/wire.h"

#include <functional>

namespace connectors::remote {

/// What the caller's end says. Every message begins with the number of its question, and this.
enum class Call : quint8 {
    Identify, ListStreams, PositionsAt, Read, Fetch, FetchTimes, Append, ListConsumers, ConsumerStates, DeadLetterQueues, Letters,
    Cancel,       ///< the question of this number
    Credit,       ///< one more batch of this read may come
    AskProgress   ///< of this read
};

/// What the other end says: the number of the question, this, what it has cost so far, then what belongs to it.
enum class Reply : quint8 {
    Answer,   ///< Result<T>
    Batch,    ///< EventBatch
    Progress, ///< ReadReport
    Finished, ///< Result<ReadReport>
    Malformed ///< the question could not be read; number 0: not even whose it was
};

template<>
inline constexpr Call LastOf<Call> = Call::AskProgress;
template<>
inline constexpr Reply LastOf<Reply> = Reply::Malformed;

/// What the caller's end must know before it asks: said once, at the beginning.
struct Greeting {
    std::vector<bool> abilities; ///< by Ability
    std::vector<QString> whyNot;
};

/// Hands a message to the other end; from any thread, must not wait for an answer.
using SendBytes = std::function<void(const QByteArray &)>;

/// Batches that may be under way to a reader at once.
inline constexpr int BatchCredits = 16;

[[nodiscard]] inline Error malformedMessage()
{
    return {ErrorCode::Unreadable, QStringLiteral("A message between the window and its connection is malformed."),
            QStringLiteral("Open the connection again; if it happens again, both ends may be of different versions."), false};
}

} // namespace connectors::remote
