// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/scan_limit.h"

namespace ctl {

void declareFullSpeed(Arguments &arguments, bool &isFullSpeed)
{
    arguments.flag("--full-speed", isFullSpeed, "Read production as fast as it goes, not at most 20 MB/s");
}

qint64 scanLimit(Output &out, const OpenConnection &connection, bool isFullSpeed)
{
    constexpr qint64 ProductionBytesPerSecond = 20'000'000;
    // A file on this machine serves nobody but us.
    const bool isShared = connection.spec.kind != connectors::SystemKind::EventStoreSqlite || !connection.spec.via.isEmpty();
    if (isFullSpeed || !isShared || !connectors::countsAsProduction(connection.environment))
        return 0;
    out.say(QStringLiteral("“%1” counts as production, so at most 20 MB/s are read from it; --full-speed lifts that.").arg(connection.spec.name));
    return ProductionBytesPerSecond;
}

} // namespace ctl
