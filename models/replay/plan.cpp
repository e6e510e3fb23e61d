// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/replay/plan.h"

#include "models/journal/canonical_json.h"

#include <QJsonDocument>

#include <algorithm>
#include <limits>
#include <numeric>

namespace models::replay {

using connectors::ErrorCode;
using connectors::failure;
using connectors::Result;

namespace {

/// The largest number there is where a sum would be beyond it: a file may claim anything.
qint64 sumOf(const Plan &plan, std::optional<qint64> PlanRow::*count)
{
    return std::accumulate(plan.rows.begin(), plan.rows.end(), qint64{0}, [count](qint64 sum, const PlanRow &row) {
        qint64 next = 0;
        return __builtin_add_overflow(sum, (row.*count).value_or(0), &next) ? std::numeric_limits<qint64>::max() : next;
    });
}

} // namespace

bool Plan::hasRefusals() const
{
    return std::any_of(rows.begin(), rows.end(), [](const PlanRow &row) { return row.refused.has_value(); });
}

qint64 Plan::changes() const
{
    return std::count_if(rows.begin(), rows.end(), [](const PlanRow &row) { return row.isChange(); });
}

qint64 Plan::replayed() const
{
    return sumOf(*this, &PlanRow::replayed);
}

qint64 Plan::skipped() const
{
    return sumOf(*this, &PlanRow::skipped);
}

QString hashOf(const Plan &plan)
{
    return journal::sha256Hex(journal::canonicalJson(toJson(plan)));
}

QByteArray toPlanFile(const Plan &plan)
{
    return QJsonDocument(QJsonObject{{QStringLiteral("hash"), hashOf(plan)}, {QStringLiteral("plan"), toJson(plan)}}).toJson();
}

Result<Plan> planFromFile(const QByteArray &bytes, const QString &name)
{
    const QString makeAgain = QStringLiteral("Make the plan again with: streamgaugectl reset … --plan FILE; a plan is never edited.");
    QJsonParseError error;
    const QJsonObject file = QJsonDocument::fromJson(bytes, &error).object();
    if (error.error != QJsonParseError::NoError && bytes.contains("\"hash\"") && bytes.contains("\"plan\"")) {
        return failure(ErrorCode::Refused, QStringLiteral("The plan in %1 was changed after it was made: it is no JSON any more, from byte %2 on (%3).").arg(name, QString::number(error.offset), error.errorString()),
                       makeAgain);
    }
    if (error.error != QJsonParseError::NoError || !file[QStringLiteral("plan")].isObject())
        return failure(ErrorCode::InvalidInput, QStringLiteral("There is no plan in %1.").arg(name), QStringLiteral("Make one with: streamgaugectl reset … --plan FILE"));
    const QJsonObject object = file[QStringLiteral("plan")].toObject();
    if (journal::sha256Hex(journal::canonicalJson(object)) != file[QStringLiteral("hash")].toString()) {
        return failure(ErrorCode::Refused, QStringLiteral("The plan in %1 was changed after it was made: its hash does not fit what it says now.").arg(name), makeAgain);
    }
    auto plan = planFromJson(object);
    // What is not understood is not approved: a number out of range would be read as another one.
    if (plan && toJson(*plan) != object)
        return failure(ErrorCode::Refused, QStringLiteral("The plan in %1 holds something that this version does not understand.").arg(name), QStringLiteral("Plan again here."));
    return plan;
}

QString wordOf(PlanKind kind)
{
    return kind == PlanKind::Reset ? QStringLiteral("reset") : QStringLiteral("undo");
}

} // namespace models::replay
