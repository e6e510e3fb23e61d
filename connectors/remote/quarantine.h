// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/read_caution.h"

namespace connectors::remote {

/// What is learnt from the deaths of a connection's processes.
///
/// A process that has died cannot say which place killed it. So the next one reads with care: one place at a time, each
/// announced before. If that one dies too, the place that it announced last is where a batch begins that kills: it goes into
/// quarantine and is not read again. Nobody knows where the batch ends, so whoever reads on behind it tries the next
/// position, then doubling steps, until something is survived.
///
/// A process that was ended from outside, or that read something else besides, accuses a place only when it happens there
/// twice. Not thread-safe.
class Quarantine final
{
public:
    /// `memoryLimit` of a process in bytes, for the words; 0: none.
    explicit Quarantine(qint64 memoryLimit);

    /// Another process begins: what the one before announced is not its own.
    void begin();
    /// Of a process that was not asked to read with care it is nothing.
    void hear(const Announcement &announcement);
    /// The process has died of this signal; 0: it ended by itself. True: a place is known now that was not.
    bool learnFromDeath(int signal);

    /// Whether the next process is to read with care.
    [[nodiscard]] bool isCautious() const { return m_isCautious; }
    [[nodiscard]] const std::vector<QuarantinedBatch> &batches() const { return m_batches; }

private:
    [[nodiscard]] bool quarantine(const EventAddress &place, int signal);
    [[nodiscard]] QuarantinedBatch *endingUnknown(const EventAddress &place);
    [[nodiscard]] QString reason(int signal) const;

    const qint64 m_memoryLimit;
    bool m_isCautious = false;
    bool m_isHeard = false; ///< the process that runs was asked to read with care
    std::vector<QuarantinedBatch> m_batches;
    std::optional<EventAddress> m_announced;
    bool m_wasAlone = true;
    std::optional<EventAddress> m_suspect;
};

} // namespace connectors::remote
