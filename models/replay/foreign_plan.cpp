// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/replay/foreign_plan.h"

#include <algorithm>

namespace models::replay {

using namespace connectors;

namespace {

/// Null where the row agrees with itself.
QString contradictionOf(const PlanRow &row, SystemKind kind)
{
    if (row.partition < 0)
        return QStringLiteral("there is no such partition");
    if (row.refused)
        return {};
    if (!row.after || !row.afterMetadata.isEmpty() || row.isRestoringMetadata)
        return QStringLiteral("a reset only sets positions");
    if (!row.start || !row.end || *row.start < 0 || *row.after < *row.start || *row.after > *row.end)
        return QStringLiteral("the position to set is outside the range that it names");
    const qint64 before = std::clamp(row.before.value_or(*row.after), *row.start, *row.end);
    const qint64 replayed = std::max<qint64>(0, before - *row.after);
    const qint64 skipped = std::max<qint64>(0, *row.after - before);
    // Kafka's numbers are those of positions; a store's are counted, and may be fewer.
    const auto fits = [&](const std::optional<qint64> &claimed, qint64 most) {
        return claimed.has_value() == row.before.has_value() && claimed.value_or(0) >= 0
            && (kind == SystemKind::Kafka && row.before ? *claimed == most : claimed.value_or(0) <= most);
    };
    return fits(row.replayed, replayed) && fits(row.skipped, skipped) ? QString() : QStringLiteral("its numbers of events do not follow from its positions");
}

} // namespace

Result<void> checkForeign(const Plan &plan)
{
    if (plan.kind != PlanKind::Reset || !plan.undoes.isEmpty() || plan.isOutOfRangeRestored || plan.isMovedOnAccepted) {
        return failure(ErrorCode::Refused, QStringLiteral("The plan in the file puts back a change that is not in the journal here."),
                       QStringLiteral("Put it back where the change was made."));
    }
    for (const PlanRow &row : plan.rows) {
        if (const QString contradiction = contradictionOf(row, plan.spec.kind); !contradiction.isEmpty()) {
            return failure(ErrorCode::Refused, QStringLiteral("The plan in the file contradicts itself: %1 partition %2, %3.")
                               .arg(row.stream.left(200), QString::number(row.partition), contradiction),
                           QStringLiteral("Plan again here."));
        }
    }
    return {};
}

} // namespace models::replay
