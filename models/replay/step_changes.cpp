// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/replay/step_changes.h"

#include "models/journal/canonical_json.h"

#include <QJsonArray>

namespace models::replay {

using connectors::CheckpointChange;

std::vector<CheckpointChange> changesOf(const Plan &plan, bool isDeletion)
{
    std::vector<CheckpointChange> changes;
    for (const PlanRow &row : plan.rows) {
        if (row.isChange() && row.isDeletion() == isDeletion)
            changes.push_back({row.stream, row.partition, row.after, row.afterMetadata});
    }
    return changes;
}

QJsonObject intentBody(const char *step, const std::vector<CheckpointChange> &changes)
{
    QJsonArray rows;
    for (const CheckpointChange &change : changes)
        rows.append(QJsonObject{{QStringLiteral("stream"), change.stream}, {QStringLiteral("partition"), change.partition},
                                {QStringLiteral("target"), journal::toJson(change.target)}});
    return {{QStringLiteral("step"), QString::fromLatin1(step)}, {QStringLiteral("changes"), rows}};
}

} // namespace models::replay
