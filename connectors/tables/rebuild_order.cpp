// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/tables/rebuild_order.h"

#include "connectors/thrown_error.h"

#include <algorithm>

namespace connectors::tables {

namespace {

bool haveSameTable(const Rebuild &one, const Rebuild &other, FoldName fold)
{
    return std::any_of(one.tables.begin(), one.tables.end(), [&other, fold](const QString &table) {
        return std::any_of(other.tables.begin(), other.tables.end(), [&table, fold](const QString &its) { return fold(its) == fold(table); });
    });
}

} // namespace

void requireNoOther(const std::vector<Rebuild> &rebuilds, const Rebuild &wanted, FoldName fold)
{
    for (const Rebuild &other : rebuilds) {
        const bool isUnfinished = other.state == RebuildState::Filling || other.state == RebuildState::Filled;
        if (isUnfinished && haveSameTable(other, wanted, fold)) {
            fail(ErrorCode::Refused, QStringLiteral("“%1” is being rebuilt already, by the rebuild %2.").arg(other.projection, other.job),
                 QStringLiteral("Go on with it (projection resume %1), swap it, or drop it (projection drop %1).").arg(other.job));
        }
    }
}

std::optional<Rebuild> settledOther(const std::vector<Rebuild> &rebuilds, const Rebuild &rebuild, RebuildState state, Rebuild *before, FoldName fold)
{
    const RebuildState from = state == RebuildState::Swapped ? RebuildState::Swapped : RebuildState::Replaced;
    const Rebuild *other = nullptr;
    for (const Rebuild &each : rebuilds) {
        if (each.job != rebuild.job && each.state == from && each.swapped && haveSameTable(each, rebuild, fold) && (!other || other->swapped < each.swapped))
            other = &each;
    }
    if (!other)
        return std::nullopt;
    *before = *other;
    Rebuild next = *other;
    next.state = from == RebuildState::Swapped ? RebuildState::Replaced : RebuildState::Swapped;
    ++next.epoch;
    next.heartbeat = 0;
    return next;
}

std::optional<Rebuild> strandedOther(const std::vector<Rebuild> &rebuilds, const Rebuild &dropped, Rebuild *before, FoldName fold)
{
    const Rebuild *other = nullptr;
    for (const Rebuild &each : rebuilds) {
        const bool isBelow = each.job != dropped.job && each.state == RebuildState::Replaced && each.swapped && each.swapped <= dropped.swapped;
        if (isBelow && haveSameTable(each, dropped, fold) && (!other || other->swapped < each.swapped))
            other = &each;
    }
    if (!isOldBeside(dropped) || !other)
        return std::nullopt;
    *before = *other;
    Rebuild next = *other;
    next.swapped.reset();
    ++next.epoch;
    return next;
}

bool isOldBeside(const Rebuild &rebuild)
{
    return rebuild.state == RebuildState::Swapped || rebuild.state == RebuildState::Replaced;
}

void requireNoOwner(const Rebuild &known, EpochMs now)
{
    const EpochMs silence = now - known.heartbeat;
    if (silence >= LeaseMs || silence < 0)
        return;
    fail(ErrorCode::Refused, QStringLiteral("The tables of the rebuild %1 of “%2” are being written: the last sign of life was %3 s ago.").arg(known.job, known.projection).arg(silence / 1000),
         QStringLiteral("If its process is gone, try again in %1 s.").arg(LeaseMs / 1000), true);
}

void requireExchangeable(const Rebuild &known, RebuildState state)
{
    const bool isBack = state == RebuildState::SwappedBack;
    const bool isAllowed = isBack ? known.state == RebuildState::Swapped : known.state == RebuildState::Filled || known.state == RebuildState::SwappedBack;
    if (!isAllowed)
        fail(ErrorCode::Refused, QStringLiteral("The rebuild %1 cannot be %2 as it stands.").arg(known.job, isBack ? QStringLiteral("swapped back") : QStringLiteral("swapped")),
             QStringLiteral("See how it stands with: streamgaugectl projection list CONNECTION"));
}

} // namespace connectors::tables
