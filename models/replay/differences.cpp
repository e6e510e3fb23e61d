// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/replay/differences.h"

namespace models::replay {

using namespace connectors;

namespace {

QString positionText(const std::optional<qint64> &position)
{
    return position ? QString::number(*position) : QStringLiteral("no checkpoint");
}

} // namespace

std::vector<QString> differencesFrom(const Plan &plan, const Snapshot &now)
{
    std::vector<QString> differences;
    if (now.identity.systemId != plan.systemId)
        differences.push_back(QStringLiteral("The system is %1, the plan was made for %2.").arg(now.identity.systemId, plan.systemId));
    if (countsAsProduction(now.environment) && !countsAsProduction(plan.environment))
        differences.push_back(QStringLiteral("The system counts as production now; it did not when the plan was made."));
    for (const PlanRow &row : plan.rows) {
        if (!row.isChange())
            continue;
        const QString place = QStringLiteral("%1 partition %2").arg(row.stream, QString::number(row.partition));
        const auto position = now.positions.find(row.id());
        const auto checkpoint = now.checkpoint(row.id());
        const auto extent = now.extent(row.id());
        if (checkpoint != row.before)
            differences.push_back(QStringLiteral("%1: the checkpoint was %2 and is now %3.").arg(place, positionText(row.before), positionText(checkpoint)));
        else if (position != now.positions.end() && row.before && position->second.metadata != row.beforeMetadata)
            differences.push_back(QStringLiteral("%1: the checkpoint's metadata has changed.").arg(place));
        if (!extent || !extent->start || !extent->end) {
            if (row.start || row.end)
                differences.push_back(QStringLiteral("%1: its range cannot be read any more.").arg(place));
            continue;
        }
        if (*extent->start < row.start.value_or(*extent->start) || *extent->end < row.end.value_or(*extent->end)) {
            differences.push_back(QStringLiteral("%1: it went from %2 to %3 and now goes from %4 to %5; it seems to have been made anew.")
                                      .arg(place, positionText(row.start), positionText(row.end), QString::number(*extent->start), QString::number(*extent->end)));
        } else if (plan.kind == PlanKind::Reset && row.after && (*row.after < *extent->start || *row.after > *extent->end)) {
            differences.push_back(QStringLiteral("%1: %2 is outside its range now, %3 to %4.").arg(place, QString::number(*row.after), QString::number(*extent->start), QString::number(*extent->end)));
        }
    }
    return differences;
}

} // namespace models::replay
