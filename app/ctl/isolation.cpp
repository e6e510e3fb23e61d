// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/isolation.h"

#include "app/session/via_systems.h"
#include "app/session/worker_systems.h"
#include "app/systems/direct_systems.h"

#include <QRegularExpression>

namespace ctl {

using namespace connectors;

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

Result<std::shared_ptr<const session::Systems>> systemsFor(const Isolation &isolation)
{
    if (!isolation.isIsolated && !isolation.memoryLimit.isEmpty())
        return failure(ErrorCode::InvalidInput, QStringLiteral("--memory-limit is for the process that --isolate starts."), QStringLiteral("Give --isolate too."));
    const auto isolated = [](qint64 memoryLimit) { // nobody is there to restart what does not respond
        return std::make_shared<session::WorkerSystems>(memoryLimit, session::ProfileStore(), session::WorkerSystems::workerProgram(), remote::WhenSilent::End);
    };
    if (!isolation.isIsolated)
        return std::make_shared<session::ViaSystems>(std::make_shared<systems::DirectSystems>(), isolated(session::WorkerSystems::DefaultMemoryLimit));
    if (isolation.memoryLimit.isEmpty())
        return isolated(session::WorkerSystems::DefaultMemoryLimit);
    const auto bytes = bytesOf(isolation.memoryLimit);
    if (!bytes)
        return failure(ErrorCode::InvalidInput, QStringLiteral("--memory-limit: “%1” is no amount of memory.").arg(isolation.memoryLimit), QStringLiteral("Write for example 512M."));
    if (*bytes < LeastMemory)
        return failure(ErrorCode::InvalidInput, QStringLiteral("--memory-limit: nothing can be read with less than 64M."), QStringLiteral("Write for example 512M."));
    return isolated(*bytes);
}

} // namespace ctl
