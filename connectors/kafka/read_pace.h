// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtGlobal>

#include <chrono>
#include <stop_token>

namespace connectors::kafka {

/// Keeps a reader to so many bytes a second, on average over a tenth of a second.
class ReadPace final
{
public:
    explicit ReadPace(qint64 bytesPerSecond); ///< 0: no limit

    /// Sleeps until `bytes` more may have been read, or until `stop`.
    void spend(qint64 bytes, const std::stop_token &stop);

private:
    using Clock = std::chrono::steady_clock;
    const qint64 m_bytesPerSecond;
    Clock::time_point m_due; ///< when all that was spent is paid off
};

/// False when the stop came first.
bool sleepUnlessStopped(const std::stop_token &stop, std::chrono::milliseconds time);

} // namespace connectors::kafka
