// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/event_batch.h"

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <stop_token>

namespace connectors {

enum class StopReason {
    ReachedEnd,   ///< every partition read up to its `to`
    ReachedLimit, ///< as many matches as were asked for
    Cancelled,
    Failed        ///< see the error
};

/// What was read of one partition: [from, next) of the wanted [from, to).
struct PartitionRead {
    QString stream;
    int partition = 0;
    qint64 from = 0;
    qint64 to = 0;
    qint64 next = 0;
    qint64 events = 0; ///< events seen; less than next − from where positions have gaps
    bool operator==(const PartitionRead &) const = default;
};

/// What nobody can read: whoever tries dies of it. [from, to); no `to`: where it ends has not been tried.
struct LeftOutRange {
    QString stream;
    int partition = 0;
    qint64 from = 0;
    std::optional<qint64> to;
    QString why; ///< "exceeds the limit (needs more than 1.0 GiB)"
    bool operator==(const LeftOutRange &) const = default;
};

/// What a read did, always said at its end. Counts are events.
struct ReadReport {
    qint64 scanned = 0;
    qint64 matched = 0;
    qint64 undecodable = 0;   ///< scanned, but the body is not JSON, too deep or in no known format
    qint64 notFilterable = 0; ///< the condition could not be evaluated on these; none is silently dropped
    qint64 dropped = 0;       ///< live tail only: matched, but nobody took them in time
    qint64 bytes = 0;
    StopReason stopReason = StopReason::ReachedEnd;
    QString firstNotFilterable; ///< "orders/3@1204: …"
    QString note;               ///< e.g. "12 records wait behind an open transaction"
    std::vector<PartitionRead> partitions;
    std::vector<LeftOutRange> leftOut; ///< of what was asked for
    std::optional<Error> unread;       ///< why partitions that were asked for are not read at all
};

/// What a read that has come to its end ends with, because it leaves something out and must not pass for a whole one.
[[nodiscard]] std::optional<Error> whyIncomplete(const ReadReport &report);

/// The bounded pipe of one read: the connector's thread pushes, one reader pops. Credits are the free places: push()
/// waits while `capacity` batches, or so many of them that they hold more than `maxBytes`, are unread, so a slow window slows
/// reading and large bodies do not pile up; a batch that alone is larger waits until it is the only one. A live tail drops instead and counts.
/// Thread-safe. The reader owns the pace; cancel() works from any thread at any time and wakes both sides.
class EventChannel final
{
public:
    enum class WhenFull { Wait, DropNewest };
    static constexpr qint64 DefaultMaxBytes = 64 * 1024 * 1024;
    explicit EventChannel(qsizetype capacity = 16, WhenFull whenFull = WhenFull::Wait, qint64 maxBytes = DefaultMaxBytes);

    // the connector's side
    /// False when the reader cancelled: stop reading.
    bool push(EventBatchPtr batch);
    void updateProgress(const ReadReport &soFar);
    void finish(Result<ReadReport> result);
    [[nodiscard]] std::stop_token stopToken() const { return m_stop.get_token(); }

    // the reader's side
    /// Null when nothing is there now.
    [[nodiscard]] EventBatchPtr tryPop();
    /// Waits for a batch; null when the read has finished and everything was popped.
    [[nodiscard]] EventBatchPtr waitPop();
    [[nodiscard]] bool isFinished() const; ///< finished and everything popped
    [[nodiscard]] Result<ReadReport> result() const; ///< valid when finished; `dropped` filled in
    [[nodiscard]] ReadReport progress() const;
    void cancel();
    /// Called on the connector's thread whenever something can be popped or the read finished; keep it short
    /// (post to a thread). Called at once if that is already so.
    void setWakeup(const std::function<void()> &wakeup);

private:
    mutable std::mutex m_mutex;
    std::condition_variable m_changed;
    std::deque<EventBatchPtr> m_batches;
    const qsizetype m_capacity;
    const WhenFull m_whenFull;
    const qint64 m_maxBytes;
    qint64 m_bytes = 0; ///< of the batches that nobody has taken yet
    qint64 m_dropped = 0;
    bool m_hasFinished = false;
    Result<ReadReport> m_result = ReadReport();
    ReadReport m_progress;
    std::function<void()> m_wakeup;
    std::stop_source m_stop;
};

using EventChannelPtr = std::shared_ptr<EventChannel>;

/// As connectors fill it. One that drops holds more batches, so that a reader who is held up for a moment loses nothing.
[[nodiscard]] EventChannelPtr makeEventChannel(EventChannel::WhenFull whenFull);

} // namespace connectors
