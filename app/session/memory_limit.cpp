// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/session/memory_limit.h"

#include "app/session/worker_systems.h"

#include <QRegularExpression>

#include <limits>

namespace session {

using connectors::ErrorCode;
using connectors::failure;

namespace {

constexpr qint64 LeastMemory = 64LL * 1024 * 1024;

std::optional<qint64> bytesOf(const QString &text)
{
    static const QRegularExpression size(QStringLiteral("^(\\d{1,12})([KMG]?)$"), QRegularExpression::CaseInsensitiveOption);
    const auto match = size.match(text);
    if (!match.hasMatch())
        return std::nullopt;
    const QString unit = match.captured(2).toUpper();
    const int shift = unit == u"K" ? 10 : unit == u"M" ? 20 : unit == u"G" ? 30 : 0;
    const qint64 count = match.captured(1).toLongLong();
    return count > (std::numeric_limits<qint64>::max() >> shift) ? std::nullopt : std::optional(count << shift);
}

} // namespace

connectors::Result<qint64> memoryLimitOf(const QString &text)
{
    if (text.isEmpty())
        return WorkerSystems::DefaultMemoryLimit;
    const auto bytes = bytesOf(text);
    if (!bytes)
        return failure(ErrorCode::InvalidInput, QStringLiteral("--memory-limit: “%1” is no amount of memory.").arg(text.left(40)), QStringLiteral("Write for example 512M."));
    if (*bytes < LeastMemory)
        return failure(ErrorCode::InvalidInput, QStringLiteral("--memory-limit: nothing can be read with less than 64M."), QStringLiteral("Write for example 512M."));
    return *bytes;
}

} // namespace session
