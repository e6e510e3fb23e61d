// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/projection/projection_plan.h"

#include "models/connection/spec_json.h"
#include "models/journal/canonical_json.h"

#include <QJsonArray>

#include <algorithm>
#include <array>
#include <numeric>
#include <utility>

namespace models::projection {

using namespace connectors;
using journal::numberFrom;
using journal::textsFrom;
using journal::textsOf;

namespace {

constexpr std::array<std::pair<ProjectionAction, const char *>, 6> ActionWords{{{ProjectionAction::Rebuild, "rebuild"}, {ProjectionAction::Resume, "resume"}, {ProjectionAction::Swap, "swap"},
                                                                                {ProjectionAction::SwapBack, "swapBack"}, {ProjectionAction::Drop, "drop"}, {ProjectionAction::Run, "run"}}};

QJsonArray rangeJson(const std::vector<SourcePosition> &range)
{
    QJsonArray array;
    for (const SourcePosition &each : range) {
        array.append(QJsonObject{{QStringLiteral("stream"), each.stream}, {QStringLiteral("partition"), each.partition}, {QStringLiteral("from"), each.next},
                                 {QStringLiteral("to"), each.to}, {QStringLiteral("rankOffset"), each.rankOffset}});
    }
    return array;
}

std::vector<SourcePosition> rangeFrom(const QJsonValue &value)
{
    std::vector<SourcePosition> range;
    for (const QJsonValue &each : value.toArray())
        range.push_back({each[u"stream"].toString(), each[u"partition"].toInt(), each[u"from"].toInteger(), each[u"to"].toInteger(), each[u"rankOffset"].toInteger()});
    return range;
}

QJsonArray tablesJson(const std::vector<PlannedTable> &tables)
{
    QJsonArray array;
    for (const PlannedTable &each : tables) {
        array.append(QJsonObject{{QStringLiteral("table"), each.table}, {QStringLiteral("exists"), each.exists}, {QStringLiteral("rows"), each.rows},
                                 {QStringLiteral("rebuiltRows"), each.rebuiltRows}, {QStringLiteral("losses"), textsOf(each.losses)}});
    }
    return array;
}

std::vector<PlannedTable> plannedTablesFrom(const QJsonValue &value)
{
    std::vector<PlannedTable> tables;
    for (const QJsonValue &each : value.toArray())
        tables.push_back({each[u"table"].toString(), each[u"exists"].toBool(), each[u"rows"].toInteger(), each[u"rebuiltRows"].toInteger(), textsFrom(each[u"losses"])});
    return tables;
}

} // namespace

QString wordOf(ProjectionAction action)
{
    const auto found = std::find_if(ActionWords.begin(), ActionWords.end(), [action](const auto &each) { return each.first == action; });
    return QString::fromLatin1(found->second);
}

std::optional<ProjectionAction> actionFrom(const QString &word)
{
    const auto found = std::find_if(ActionWords.begin(), ActionWords.end(), [&word](const auto &each) { return word == QLatin1String(each.second); });
    return found == ActionWords.end() ? std::nullopt : std::optional(found->first);
}

QString whyNot(ProjectionAction action, RebuildState state)
{
    switch (action) {
    case ProjectionAction::Resume: return state == RebuildState::Filling ? QString() : QStringLiteral("The tables are filled already.");
    case ProjectionAction::Swap:
        return state == RebuildState::Filled || state == RebuildState::SwappedBack ? QString()
            : state == RebuildState::Filling ? QStringLiteral("The tables are not filled yet.")
                                             : QStringLiteral("It has been swapped already.");
    case ProjectionAction::SwapBack: return state == RebuildState::Swapped ? QString() : QStringLiteral("Its tables are not the live ones, so there is nothing to swap back.");
    case ProjectionAction::Run: return state == RebuildState::Swapped ? QString() : QStringLiteral("Its tables are not the live ones, so there is nothing to keep up to date. Swap them first.");
    case ProjectionAction::Rebuild:
    case ProjectionAction::Drop: break;
    }
    return {};
}

bool isProjectionKind(const QString &kind)
{
    return actionFrom(kind).has_value();
}

bool ProjectionPlan::isMuchSmaller() const
{
    return std::any_of(tables.begin(), tables.end(), [](const PlannedTable &table) { return table.rebuiltRows == 0 || table.rebuiltRows * 2 < table.rows; });
}

qint64 ProjectionPlan::rebuiltRows() const
{
    return std::accumulate(tables.begin(), tables.end(), qint64{0}, [](qint64 sum, const PlannedTable &table) { return sum + table.rebuiltRows; });
}

QJsonObject toJson(const ProjectionPlan &plan)
{
    return {{QStringLiteral("format"), 1},
            {QStringLiteral("planId"), plan.planId},
            {QStringLiteral("action"), wordOf(plan.action)},
            {QStringLiteral("job"), plan.job},
            {QStringLiteral("fileName"), plan.fileName},
            {QStringLiteral("definition"), QString::fromUtf8(plan.definition)},
            {QStringLiteral("projection"), plan.projection},
            {QStringLiteral("version"), plan.version},
            {QStringLiteral("source"), connection::toJson(plan.source)},
            {QStringLiteral("target"), connection::toJson(plan.target)},
            {QStringLiteral("environment"), static_cast<int>(plan.environment)},
            {QStringLiteral("sourceSystemId"), plan.sourceSystemId},
            {QStringLiteral("targetSystemId"), plan.targetSystemId},
            {QStringLiteral("created"), plan.created},
            {QStringLiteral("range"), rangeJson(plan.range)},
            {QStringLiteral("tables"), tablesJson(plan.tables)},
            {QStringLiteral("events"), plan.events},
            {QStringLiteral("withoutRule"), plan.withoutRule},
            {QStringLiteral("unfit"), plan.unfit},
            {QStringLiteral("milliseconds"), plan.milliseconds},
            {QStringLiteral("bytesNeeded"), journal::toJson(plan.bytesNeeded)},
            {QStringLiteral("bytesFree"), journal::toJson(plan.bytesFree)},
            {QStringLiteral("maxBytesPerSecond"), plan.maxBytesPerSecond},
            {QStringLiteral("isParking"), plan.isParking},
            {QStringLiteral("areLossesAccepted"), plan.areLossesAccepted},
            {QStringLiteral("nextWriter"), plan.nextWriter},
            {QStringLiteral("reversible"), plan.reversible},
            {QStringLiteral("warnings"), textsOf(plan.warnings)},
            {QStringLiteral("refusals"), textsOf(plan.refusals)}};
}

Result<ProjectionPlan> projectionPlanFrom(const QJsonObject &object)
{
    const QJsonValue value(object);
    const std::optional<ProjectionAction> action = actionFrom(value[u"action"].toString());
    if (value[u"format"].toInt() != 1 || !action || value[u"job"].toString().isEmpty())
        return failure(ErrorCode::Unreadable, QStringLiteral("The record holds no plan of a projection that this version knows."), QStringLiteral("Plan again with this version."));
    ProjectionPlan plan;
    plan.planId = value[u"planId"].toString();
    plan.action = *action;
    plan.job = value[u"job"].toString();
    plan.fileName = value[u"fileName"].toString();
    plan.definition = value[u"definition"].toString().toUtf8();
    plan.projection = value[u"projection"].toString();
    plan.version = value[u"version"].toInt();
    plan.source = connection::specFrom(value[u"source"]);
    plan.target = connection::specFrom(value[u"target"]);
    plan.environment = static_cast<Environment>(value[u"environment"].toInt());
    plan.sourceSystemId = value[u"sourceSystemId"].toString();
    plan.targetSystemId = value[u"targetSystemId"].toString();
    plan.created = value[u"created"].toInteger();
    plan.range = rangeFrom(value[u"range"]);
    plan.tables = plannedTablesFrom(value[u"tables"]);
    plan.events = value[u"events"].toInteger();
    plan.withoutRule = value[u"withoutRule"].toInteger();
    plan.unfit = value[u"unfit"].toInteger();
    plan.milliseconds = value[u"milliseconds"].toInteger();
    plan.bytesNeeded = numberFrom(value[u"bytesNeeded"]);
    plan.bytesFree = numberFrom(value[u"bytesFree"]);
    plan.maxBytesPerSecond = value[u"maxBytesPerSecond"].toInteger();
    plan.isParking = value[u"isParking"].toBool();
    plan.areLossesAccepted = value[u"areLossesAccepted"].toBool();
    plan.nextWriter = value[u"nextWriter"].toString();
    plan.reversible = value[u"reversible"].toString();
    plan.warnings = textsFrom(value[u"warnings"]);
    plan.refusals = textsFrom(value[u"refusals"]);
    if (!connection::isKnown(plan.source) || !connection::isKnown(plan.target) || !connection::isKnown(plan.environment))
        return failure(ErrorCode::Unsupported, QStringLiteral("The plan is for a kind of system or environment that this version does not know."), QStringLiteral("Plan again with this version."));
    return plan;
}

QString hashOf(const ProjectionPlan &plan)
{
    return journal::sha256Hex(journal::canonicalJson(toJson(plan)));
}

} // namespace models::projection
