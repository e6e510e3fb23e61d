// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/position.h"

#include <atomic>
#include <chrono>
#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>
#include <vector>

namespace connectors {

/// A batch that ended the process that read it, twice.
struct QuarantinedBatch {
    QString stream;
    int partition = 0;
    qint64 from = 0;
    qint64 next = 0;         ///< from here on it can be read, or is to be tried
    bool isEndKnown = false; ///< something has been read at `next`
    QString why;             ///< "exceeds the limit (takes more than 1.0 GiB to unpack)"
    bool operator==(const QuarantinedBatch &) const = default;
};

/// `place` was read; then what was announced before it in the same partition has been survived.
void noteSurvival(std::vector<QuarantinedBatch> &quarantined, const std::optional<EventAddress> &before, const EventAddress &place);

/// What is about to be read, said before it is.
struct Announcement {
    std::optional<EventAddress> place; ///< null: nothing any more; the last one was survived
    bool isAlone = true;               ///< nothing else is being read that could end the process
};

/// The care of a process whose predecessor has died of something that it read and could not say what: places are read one
/// at a time, each announced before; those that are known to kill are not read. It learns where they end. Thread-safe. One that
/// is made from nothing knows no such place, and asks for no care.
class ReadCaution final
{
public:
    /// Returns when it has been told.
    using Announce = std::function<void(const Announcement &)>;
    ReadCaution() = default;
    /// What has been survived for `careTime` needs no care any more, unless something is in quarantine.
    ReadCaution(bool isOn, std::vector<QuarantinedBatch> quarantined, Announce announce, std::chrono::milliseconds careTime = std::chrono::minutes(2));

    [[nodiscard]] bool isOn() const;
    /// The first batch in quarantine that reading [from, to) of the partition would meet. Whoever begins at its `next` does not.
    [[nodiscard]] std::optional<QuarantinedBatch> met(const QString &stream, int partition, qint64 from, qint64 to) const;

    /// The right to read with care, held by one at a time.
    class Turn final
    {
    public:
        Turn(Turn &&other) noexcept;
        ~Turn();
        Turn(const Turn &) = delete;
        Turn &operator=(const Turn &) = delete;
        Turn &operator=(Turn &&) = delete;
        /// Before the fetch. What was announced before is survived.
        void announce(const EventAddress &place) const;

    private:
        friend class ReadCaution;
        explicit Turn(const ReadCaution *caution);
        const ReadCaution *m_caution; ///< null: moved away, or no care is asked for
    };
    /// Null when none was free in time. Where no care is asked for it is had at once and announces nothing.
    [[nodiscard]] std::optional<Turn> takeTurn(std::chrono::milliseconds patience, const std::stop_token &stop) const;

    /// Something is being read without care, as long as this lives.
    class Bold final
    {
    public:
        explicit Bold(const ReadCaution &caution);
        ~Bold();
        Bold(const Bold &) = delete;
        Bold &operator=(const Bold &) = delete;

    private:
        const ReadCaution &m_caution;
    };

private:
    bool m_isOn = false;
    Announce m_announce;
    std::chrono::steady_clock::time_point m_careUntil;
    mutable std::timed_mutex m_turn;
    mutable std::mutex m_mutex;
    mutable std::vector<QuarantinedBatch> m_quarantined;
    mutable std::optional<EventAddress> m_announced;
    mutable std::atomic<int> m_boldReads = 0;
};

} // namespace connectors
