// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/remote/contract_fields.h"

#include <functional>

namespace connectors::remote {

/// What a worker is started for: it does nothing else.
enum class Purpose {
    Looking,
    ChangingCheckpoints, ///< for one approved plan
    KeepingLines,
    Appending ///< events; it looks too
};
template<>
inline constexpr Purpose LastOf<Purpose> = Purpose::Appending;

/// What a worker is to hold.
struct Opening {
    ConnectionSpec spec;
    Credentials credentials;
    DeadLetterDeclarations declarations = {};
    Purpose purpose = Purpose::Looking;
    QString topic = {}; ///< that keeps the lines
    bool isCautious = false; ///< see ReadCaution
    std::vector<QuarantinedBatch> quarantined = {};
};
template<> struct Fields<Opening> { static auto of(auto &v) { auto &[a, b, c, d, e, f, g] = v; return std::tie(a, b, c, d, e, f, g); } };

/// The answer that says no more than that it is done.
struct Done { };
template<> struct Fields<Done> { static auto of(auto &) { return std::tuple<>(); } };

/// What the caller's end must know before it asks: said once, when the connection is opened.
struct Greeting {
    std::vector<bool> abilities; ///< by Ability
    std::vector<QString> whyNot;
};
template<> struct Fields<Greeting> { static auto of(auto &v) { auto &[a, b] = v; return std::tie(a, b); } };

/// What the caller's end says, see Question in connection.proto.
enum class Call {
    Open = 2, Identify, ListStreams, PositionsAt, Read, Fetch, FetchTimes, Append, ListConsumers, ConsumerStates, DeadLetterQueues, Letters,
    ApplyCheckpoints, AppendLine, FetchPage,
    Cancel,       ///< the question of this number
    Credit,       ///< one more batch of this read may come
    AskProgress,  ///< of this read
    Ping,         ///< is it there? Answered at once by whoever takes the messages
    Token,        ///< after AskToken
    NewestSnapshot, ListSnapshots
};

/// What the other end says, see Reply in connection.proto.
enum class Reply {
    Error = 3, Malformed, Opened, Identity, Streams, Positions, Events, Appended, Consumers, States, Queues, Letters, Outcomes, Done, Page,
    Batch,    ///< of a read
    Progress, ///< of a read
    Finished, ///< the end of a read
    Pong,     ///< it is there
    AskToken, ///< what the token command prints, which is run at the caller's end
    Announced, ///< of nobody's question
    Snapshot, Snapshots
};

/// The reply that brings an answer of this type.
template<typename T>
inline constexpr Reply ReplyWith = Reply::Malformed;
template<>
inline constexpr Reply ReplyWith<Greeting> = Reply::Opened;
template<>
inline constexpr Reply ReplyWith<SystemIdentity> = Reply::Identity;
template<>
inline constexpr Reply ReplyWith<StreamList> = Reply::Streams;
template<>
inline constexpr Reply ReplyWith<std::vector<TimePosition>> = Reply::Positions;
template<>
inline constexpr Reply ReplyWith<EventBatchPtr> = Reply::Events;
template<>
inline constexpr Reply ReplyWith<EventPage> = Reply::Page;
template<>
inline constexpr Reply ReplyWith<std::vector<AppendedEvent>> = Reply::Appended;
template<>
inline constexpr Reply ReplyWith<std::vector<ConsumerSummary>> = Reply::Consumers;
template<>
inline constexpr Reply ReplyWith<ConsumerStates> = Reply::States;
template<>
inline constexpr Reply ReplyWith<std::vector<DeadLetterQueue>> = Reply::Queues;
template<>
inline constexpr Reply ReplyWith<std::vector<DeadLetter>> = Reply::Letters;
template<>
inline constexpr Reply ReplyWith<std::vector<CheckpointOutcome>> = Reply::Outcomes;
template<>
inline constexpr Reply ReplyWith<std::optional<Snapshot>> = Reply::Snapshot;
template<>
inline constexpr Reply ReplyWith<std::vector<Snapshot>> = Reply::Snapshots;
template<>
inline constexpr Reply ReplyWith<Done> = Reply::Done;
template<>
inline constexpr Reply ReplyWith<ReadReport> = Reply::Finished;

/// Hands a message to the other end; from any thread, must not wait for an answer.
using SendBytes = std::function<void(const QByteArray &)>;

/// Must be the same on both ends.
inline constexpr quint32 ProtocolVersion = 1;

/// Batches that may be under way to a reader at once.
inline constexpr int BatchCredits = 16;

[[nodiscard]] inline Error malformedMessage()
{
    return {ErrorCode::Unreadable, QStringLiteral("A message between the window and its connection is malformed."),
            QStringLiteral("Open the connection again; if it happens again, both ends may be of different versions."), false};
}

} // namespace connectors::remote
