// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/result.h"

#include <QByteArray>

#include <optional>
#include <stop_token>

namespace ctl {

/// Lines of a file descriptor, without their ends; a last line without an end counts. Waiting for input ends within a
/// tenth of a second after `stop`.
class LineReader final
{
public:
    static constexpr qsizetype MaxLineBytes = 64 * 1024 * 1024;

    LineReader(int descriptor, std::stop_token stop);
    /// Null at the end of the input; Cancelled after stop, Unreadable for a line that is too long.
    [[nodiscard]] connectors::Result<std::optional<QByteArray>> next();
    [[nodiscard]] qint64 lineNumber() const { return m_lineNumber; } ///< of the line that next() gave, from 1

private:
    [[nodiscard]] connectors::Result<bool> readMore();

    const int m_descriptor;
    const std::stop_token m_stop;
    QByteArray m_buffer;
    qsizetype m_at = 0;
    bool m_isAtEnd = false;
    qint64 m_lineNumber = 0;
};

} // namespace ctl
