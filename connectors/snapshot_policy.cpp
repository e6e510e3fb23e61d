// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/snapshot_policy.h"

namespace connectors {

Result<SnapshotPolicy> SnapshotPolicy::of(const QMap<QString, QString> &properties)
{
    SnapshotPolicy policy;
    const auto given = properties.constFind(propertyName());
    if (given == properties.cend())
        return policy;
    bool isNumber = false;
    policy.every = given->toInt(&isNumber);
    if (!isNumber || policy.every < Fewest || policy.every > Most)
        return failure(ErrorCode::InvalidInput, QStringLiteral("“%1” is no number of events after which a snapshot is kept.").arg(given->left(100)),
                       QStringLiteral("%1 is a number from %2 to %3.").arg(propertyName()).arg(Fewest).arg(Most));
    return policy;
}

} // namespace connectors
