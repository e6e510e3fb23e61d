// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/connection/spec_json.h"
#include "models/journal/canonical_json.h"
#include "models/replay/plan.h"

#include <QJsonArray>

#include <algorithm>

namespace models::replay {

using connectors::ErrorCode;
using connectors::failure;
using connectors::Result;
using journal::numberFrom;
using journal::textsFrom;
using journal::textsOf;

namespace {

QString textOf(const QByteArray &bytes)
{
    return QString::fromLatin1(bytes.toBase64());
}

QByteArray bytesFrom(const QJsonValue &value)
{
    return QByteArray::fromBase64(value.toString().toLatin1());
}

QJsonValue refusalJson(const std::optional<Refusal> &refusal)
{
    if (!refusal)
        return {};
    return QJsonObject{{QStringLiteral("code"), refusal->code}, {QStringLiteral("message"), refusal->message},
                       {QStringLiteral("start"), journal::toJson(refusal->start)}, {QStringLiteral("end"), journal::toJson(refusal->end)}};
}

std::optional<Refusal> refusalFrom(const QJsonValue &value)
{
    if (!value.isObject())
        return std::nullopt;
    return Refusal{value[u"code"].toString(), value[u"message"].toString(), numberFrom(value[u"start"]), numberFrom(value[u"end"])};
}

QJsonArray rowsJson(const std::vector<PlanRow> &rows)
{
    QJsonArray array;
    for (const PlanRow &row : rows) {
        array.append(QJsonObject{{QStringLiteral("stream"), row.stream}, {QStringLiteral("partition"), row.partition},
                                 {QStringLiteral("before"), journal::toJson(row.before)}, {QStringLiteral("beforeMetadata"), textOf(row.beforeMetadata)},
                                 {QStringLiteral("isBeforeExact"), row.isBeforeExact}, {QStringLiteral("after"), journal::toJson(row.after)},
                                 {QStringLiteral("afterMetadata"), textOf(row.afterMetadata)}, {QStringLiteral("start"), journal::toJson(row.start)},
                                 {QStringLiteral("end"), journal::toJson(row.end)}, {QStringLiteral("replayed"), journal::toJson(row.replayed)},
                                 {QStringLiteral("skipped"), journal::toJson(row.skipped)}, {QStringLiteral("refused"), refusalJson(row.refused)},
                                 {QStringLiteral("isRestoringMetadata"), row.isRestoringMetadata}});
    }
    return array;
}

std::vector<PlanRow> rowsFrom(const QJsonValue &value)
{
    std::vector<PlanRow> rows;
    for (const QJsonValue &object : value.toArray()) {
        PlanRow row;
        row.stream = object[u"stream"].toString();
        row.partition = object[u"partition"].toInt();
        row.before = numberFrom(object[u"before"]);
        row.beforeMetadata = bytesFrom(object[u"beforeMetadata"]);
        row.isBeforeExact = object[u"isBeforeExact"].toBool();
        row.after = numberFrom(object[u"after"]);
        row.afterMetadata = bytesFrom(object[u"afterMetadata"]);
        row.start = numberFrom(object[u"start"]);
        row.end = numberFrom(object[u"end"]);
        row.replayed = numberFrom(object[u"replayed"]);
        row.skipped = numberFrom(object[u"skipped"]);
        row.refused = refusalFrom(object[u"refused"]);
        row.isRestoringMetadata = object[u"isRestoringMetadata"].toBool();
        rows.push_back(row);
    }
    return rows;
}

QJsonArray membersJson(const std::vector<connectors::ConsumerMember> &members)
{
    QJsonArray array;
    for (const auto &member : members)
        array.append(QJsonObject{{QStringLiteral("member"), member.member}, {QStringLiteral("clientId"), member.clientId}, {QStringLiteral("host"), member.host}});
    return array;
}

std::vector<connectors::ConsumerMember> membersFrom(const QJsonValue &value)
{
    std::vector<connectors::ConsumerMember> members;
    for (const QJsonValue &member : value.toArray())
        members.push_back({member[u"member"].toString(), member[u"clientId"].toString(), member[u"host"].toString(), {}});
    return members;
}

} // namespace

QJsonObject toJson(const Plan &plan)
{
    return {{QStringLiteral("format"), 1},
            {QStringLiteral("planId"), plan.planId},
            {QStringLiteral("kind"), wordOf(plan.kind)},
            {QStringLiteral("spec"), connection::toJson(plan.spec)},
            {QStringLiteral("environment"), static_cast<int>(plan.environment)},
            {QStringLiteral("systemId"), plan.systemId},
            {QStringLiteral("product"), plan.product},
            {QStringLiteral("userName"), plan.userName},
            {QStringLiteral("consumer"), plan.consumer},
            {QStringLiteral("consumerKind"), plan.consumerKind},
            {QStringLiteral("request"), plan.request},
            {QStringLiteral("created"), plan.created},
            {QStringLiteral("rows"), rowsJson(plan.rows)},
            {QStringLiteral("untouched"), rowsJson(plan.untouched)},
            {QStringLiteral("members"), membersJson(plan.members)},
            {QStringLiteral("otherConsumers"), textsOf(plan.otherConsumers)},
            {QStringLiteral("reversible"), plan.reversible},
            {QStringLiteral("warnings"), textsOf(plan.warnings)},
            {QStringLiteral("undoes"), plan.undoes},
            {QStringLiteral("isMovedOnAccepted"), plan.isMovedOnAccepted},
            {QStringLiteral("isOutOfRangeRestored"), plan.isOutOfRangeRestored},
            {QStringLiteral("leaderEpochs"), QJsonValue()}}; // not to be had from the library
}

Result<Plan> planFromJson(const QJsonObject &object)
{
    if (object.contains(QStringLiteral("projection")))
        return failure(ErrorCode::Unsupported, QStringLiteral("This is a step of a projection's rebuild."), QStringLiteral("See streamgaugectl projection --help."));
    if (object[QStringLiteral("format")].toInt() != 1) {
        return failure(ErrorCode::Unsupported, QStringLiteral("The plan is of a format that this version does not know."),
                       QStringLiteral("Plan again with this version."));
    }
    const QJsonValue value(object);
    Plan plan;
    plan.planId = value[u"planId"].toString();
    plan.kind = value[u"kind"].toString() == wordOf(PlanKind::Undo) ? PlanKind::Undo : PlanKind::Reset;
    plan.spec = connection::specFrom(value[u"spec"]);
    plan.environment = static_cast<connectors::Environment>(value[u"environment"].toInt());
    plan.systemId = value[u"systemId"].toString();
    plan.product = value[u"product"].toString();
    plan.userName = value[u"userName"].toString();
    plan.consumer = value[u"consumer"].toString();
    plan.consumerKind = value[u"consumerKind"].toString();
    plan.request = value[u"request"].toString();
    plan.created = value[u"created"].toInteger();
    plan.rows = rowsFrom(value[u"rows"]);
    plan.untouched = rowsFrom(value[u"untouched"]);
    plan.members = membersFrom(value[u"members"]);
    plan.otherConsumers = textsFrom(value[u"otherConsumers"]);
    plan.reversible = value[u"reversible"].toString();
    plan.warnings = textsFrom(value[u"warnings"]);
    plan.undoes = value[u"undoes"].toString();
    plan.isMovedOnAccepted = value[u"isMovedOnAccepted"].toBool();
    plan.isOutOfRangeRestored = value[u"isOutOfRangeRestored"].toBool();
    if (!connection::isKnown(plan.spec) || !connection::isKnown(plan.environment)) {
        return failure(ErrorCode::InvalidInput, QStringLiteral("The plan is for a kind of system or environment that this version does not know."),
                       QStringLiteral("Plan again with this version."));
    }
    if (plan.planId.isEmpty() || plan.consumer.isEmpty())
        return failure(ErrorCode::InvalidInput, QStringLiteral("The plan names no consumer."), QStringLiteral("Plan again."));
    return plan;
}

} // namespace models::replay
