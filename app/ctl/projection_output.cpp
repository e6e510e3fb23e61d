// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/projection_output.h"

#include <QCryptographicHash>
#include <QDateTime>

#include <algorithm>

namespace ctl {

using namespace connectors;
using models::projection::PlannedTable;
using models::projection::ProjectionAction;
using models::projection::ProjectionFile;
using models::projection::ProjectionPlan;
using models::projection::SourceScan;

namespace {

QString stateText(RebuildState state)
{
    switch (state) {
    case RebuildState::Filling: return QStringLiteral("filling");
    case RebuildState::Filled: return QStringLiteral("filled");
    case RebuildState::Swapped: return QStringLiteral("swapped");
    case RebuildState::SwappedBack: return QStringLiteral("swappedBack");
    case RebuildState::Replaced: return QStringLiteral("replaced");
    }
    return {};
}

Json positionsJson(const std::vector<SourcePosition> &positions)
{
    JsonArray array;
    for (const SourcePosition &each : positions)
        array.add(JsonObject().add("stream", each.stream).add("partition", each.partition).add("next", each.next).add("to", each.to));
    return array;
}

Json parkedJson(const std::vector<ParkedEvent> &parked)
{
    JsonArray array;
    for (const ParkedEvent &each : parked)
        array.add(JsonObject().add("stream", each.address.stream).add("partition", each.address.partition).add("position", each.address.position).add("why", each.why));
    return array;
}

qint64 sumOf(const std::vector<TableComparison> &comparisons, qint64 TableComparison::*count)
{
    qint64 sum = 0;
    for (const TableComparison &each : comparisons)
        sum += each.*count;
    return sum;
}

QString writerText(models::projection::WriterSeen seen)
{
    switch (seen) {
    case models::projection::WriterSeen::Moving: return QStringLiteral("moving");
    case models::projection::WriterSeen::Still: return QStringLiteral("still");
    case models::projection::WriterSeen::Unknown: return QStringLiteral("unknown");
    }
    return {};
}

/// None where nobody writes its tables.
std::optional<qint64> heartbeatOf(const Rebuild &rebuild)
{
    return rebuild.heartbeat > 0 ? std::optional(rebuild.heartbeat) : std::nullopt;
}

/// Of all tables, in their order.
QString hashOfAll(const std::vector<TableComparison> &comparisons)
{
    QByteArray hashes;
    for (const TableComparison &each : comparisons)
        hashes += each.hash;
    return QString::fromLatin1(QCryptographicHash::hash(hashes, QCryptographicHash::Sha256).toHex());
}

Json tableJson(const PlannedTable &table)
{
    return JsonObject().add("table", table.table).add("exists", table.exists).add("rows", table.rows).add("rebuiltRows", table.rebuiltRows).add("losses", jsonOf(table.losses));
}

void addOutcome(JsonObject &object, const ProjectionStep &step)
{
    const auto &outcome = step.outcome;
    const std::optional<Rebuild> rebuild = outcome ? outcome->rebuild : std::nullopt;
    object.add("executed", outcome.has_value()).add("journalId", jsonOrNull(step.journalId)).add("result", outcome ? Json(models::journal::wordOf(outcome->state)) : Json());
    if (!outcome)
        return;
    object.add("state", rebuild ? Json(stateText(rebuild->state)) : Json()).add("recreated", jsonOf(outcome->recreated));
    if (step.writer)
        object.add("writer", writerText(*step.writer));
    if (rebuild)
        object.add("checkpoint", positionsJson(rebuild->checkpoint.positions)).add("parked", parkedJson(rebuild->checkpoint.parked));
    if (outcome->eventsApplied > 0)
        object.add("rate", outcome->eventsApplied * 1000 / std::max<qint64>(1, outcome->milliseconds));
    if (outcome->comparisons.empty())
        return;
    const auto file = models::projection::parseProjection(step.plan.definition, step.plan.fileName);
    JsonArray sample;
    for (size_t i = 0; file && i < outcome->comparisons.size(); ++i) {
        for (const DifferentRow &row : outcome->comparisons[i].sample)
            sample.add(differenceJson(file->tables[i], row));
    }
    object.add("rows", sumOf(outcome->comparisons, &TableComparison::newRows)).add("onlyOld", sumOf(outcome->comparisons, &TableComparison::onlyOld))
        .add("onlyNew", sumOf(outcome->comparisons, &TableComparison::onlyNew)).add("changed", sumOf(outcome->comparisons, &TableComparison::changed))
        .add("sample", sample).add("hash", hashOfAll(outcome->comparisons));
}

Json stepJson(const ProjectionStep &step)
{
    const ProjectionPlan &plan = step.plan;
    const bool isStored = !step.journalId.isEmpty();
    JsonObject object;
    object.add("job", plan.job).add("action", models::projection::wordOf(plan.action)).add("projection", plan.projection).add("version", plan.version);
    object.add("planId", isStored ? Json(plan.planId) : Json()).add("planHash", isStored ? Json(hashOf(plan)) : Json());
    JsonArray tables;
    for (const PlannedTable &table : plan.tables)
        tables.add(tableJson(table));
    const std::optional<Rebuild> rebuild = step.outcome ? step.outcome->rebuild : std::nullopt;
    object.add("events", rebuild ? rebuild->checkpoint.events : plan.events).add("tables", tables).add("reversible", plan.reversible).add("warnings", jsonOf(plan.warnings)).add("refusals", jsonOf(plan.refusals));
    if (step.scan) {
        object.add("withoutRule", plan.withoutRule).add("unfit", plan.unfit).add("milliseconds", plan.milliseconds).add("bytesNeeded", plan.bytesNeeded).add("bytesFree", plan.bytesFree);
    }
    if (step.isTried)
        addOutcome(object, step);
    if (step.refused)
        object.add("refused", jsonOf(*step.refused));
    return object;
}

void printComparison(Output &out, const ProjectionStep &step)
{
    std::vector<QStringList> rows;
    for (size_t i = 0; i < step.outcome->comparisons.size(); ++i) {
        const TableComparison &each = step.outcome->comparisons[i];
        rows.push_back({step.plan.tables[i].table, QString::number(each.oldRows), QString::number(each.newRows), QString::number(each.onlyOld), QString::number(each.onlyNew), QString::number(each.changed)});
    }
    const QStringList header{QStringLiteral("TABLE"), QStringLiteral("LIVE ROWS"), QStringLiteral("REBUILT ROWS"), QStringLiteral("ONLY LIVE"), QStringLiteral("ONLY REBUILT"), QStringLiteral("CHANGED")};
    out.table(header, rows, header.mid(1));
}

void printPlannedTables(Output &out, const ProjectionPlan &plan)
{
    std::vector<QStringList> rows;
    for (const PlannedTable &table : plan.tables)
        rows.push_back({table.table, table.exists ? QString::number(table.rows) : QStringLiteral("-"), QString::number(table.rebuiltRows)});
    const QStringList header{QStringLiteral("TABLE"), QStringLiteral("LIVE ROWS"), QStringLiteral("REBUILT ROWS")};
    if (!rows.empty())
        out.table(header, rows, header.mid(1));
}

} // namespace

Json cellJson(const ColumnSpec &column, const Cell &cell)
{
    if (!cell)
        return nullptr;
    const bool isText = column.type == ColumnType::Text;
    return isText ? Json(QString::fromStdString(*cell)) : Json::fromText(QByteArray::fromStdString(*cell));
}

Json cellsJson(const TableSpec &table, const std::vector<Cell> &cells)
{
    if (cells.empty())
        return nullptr;
    QByteArrayList members; // a column may have any name
    for (size_t i = 0; i < table.columns.size(); ++i)
        members += Json(table.columns[i].name).text() + ':' + cellJson(table.columns[i], cells[i]).text();
    return Json::fromText('{' + members.join(',') + '}');
}

JsonObject scanJson(const ProjectionFile &file, const SourceScan &scan)
{
    JsonObject object;
    object.add("projection", Json(file.name)).add("version", Json(file.version)).add("events", Json(scan.events));
    JsonArray types;
    for (const auto &type : scan.types)
        types.add(JsonObject().add("type", Json(type.type)).add("events", Json(type.events)).add("hasRule", Json(type.hasRule)));
    JsonArray rows;
    for (const auto &table : scan.rows)
        rows.add(JsonObject().add("table", Json(table.table)).add("rows", Json(table.rows)).add("isAtLeast", Json(table.isAtLeast)));
    JsonArray unfit;
    for (const auto &event : scan.unfit)
        unfit.add(JsonObject().add("stream", Json(event.address.stream)).add("partition", Json(event.address.partition))
                      .add("position", Json(event.address.position)).add("why", Json(event.why)));
    return object.add("types", types).add("rows", rows).add("withoutRule", Json(scan.withoutRule)).add("unfitCount", Json(scan.unfitCount))
        .add("unfit", unfit).add("milliseconds", Json(scan.milliseconds));
}

void printScan(Output &out, const ProjectionFile &file, const SourceScan &scan)
{
    if (out.isJson())
        return out.document(scanJson(file, scan));
    std::vector<QStringList> types;
    for (const auto &type : scan.types)
        types.push_back({type.type.isEmpty() ? QStringLiteral("(none)") : type.type, QString::number(type.events), type.hasRule ? QStringLiteral("yes") : QStringLiteral("no rule")});
    out.table({QStringLiteral("EVENT TYPE"), QStringLiteral("EVENTS"), QStringLiteral("APPLIED")}, types, {QStringLiteral("EVENTS")});
    out.text({});
    std::vector<QStringList> tables;
    for (const auto &table : scan.rows)
        tables.push_back({table.table, (table.isAtLeast ? QStringLiteral("> ") : QString()) + QString::number(table.rows)});
    out.table({QStringLiteral("TABLE"), QStringLiteral("ROWS TOUCHED")}, tables, {QStringLiteral("ROWS TOUCHED")});
}

void sayScan(Output &out, const ProjectionFile &file, const SourceScan &scan)
{
    const double seconds = std::max(0.001, static_cast<double>(scan.milliseconds) / 1000);
    out.say(QStringLiteral("%1, version %2: %3 events read and applied in %4 s (≈ %5 events/s); nothing was written.").arg(file.name).arg(file.version).arg(scan.events)
                .arg(seconds, 0, 'f', 1).arg(static_cast<double>(scan.events) / seconds, 0, 'f', 0));
    for (const auto &event : scan.unfit)
        out.say(event.why);
    if (scan.unfitCount > std::ssize(scan.unfit))
        out.say(QStringLiteral("%1 more events do not fit.").arg(scan.unfitCount - std::ssize(scan.unfit)));
}

QString wordOf(RowDifference difference)
{
    switch (difference) {
    case RowDifference::OnlyOld: return QStringLiteral("onlyOld");
    case RowDifference::OnlyNew: return QStringLiteral("onlyNew");
    case RowDifference::Changed: return QStringLiteral("changed");
    }
    return {};
}

Json differenceJson(const TableSpec &table, const DifferentRow &row)
{
    return JsonObject().add("table", table.name).add("difference", wordOf(row.difference)).add("old", cellsJson(table, row.before)).add("new", cellsJson(table, row.after));
}

void printStep(Output &out, const ProjectionStep &step)
{
    if (out.isJson())
        return out.document(stepJson(step));
    const ProjectionPlan &plan = step.plan;
    if (step.outcome && !step.outcome->comparisons.empty())
        printComparison(out, step);
    else
        printPlannedTables(out, plan);
    out.text(QStringLiteral("job         %1").arg(plan.job));
    out.text(QStringLiteral("projection  %1, version %2").arg(plan.projection).arg(plan.version));
    if (!step.journalId.isEmpty())
        out.text(QStringLiteral("plan        %1").arg(plan.planId));
    out.text(QStringLiteral("reversible  %1").arg(plan.reversible));
    if (plan.bytesNeeded && step.scan)
        out.text(QStringLiteral("disk        ≈ %1 MB needed, %2").arg((*plan.bytesNeeded + 999'999) / 1'000'000)
                     .arg(plan.bytesFree ? QStringLiteral("%1 MB free").arg(*plan.bytesFree / 1'000'000) : QStringLiteral("how much is free is not known")));
    if (step.outcome) {
        out.text(QStringLiteral("journal     %1").arg(step.journalId));
        out.text(QStringLiteral("result      %1").arg(models::journal::wordOf(step.outcome->state)));
        for (const QString &each : step.outcome->recreated)
            out.text(QStringLiteral("recreated   %1").arg(each));
        for (const ParkedEvent &each : step.outcome->rebuild ? step.outcome->rebuild->checkpoint.parked : std::vector<ParkedEvent>())
            out.text(QStringLiteral("left out    %1").arg(each.why));
    }
    for (const QString &warning : plan.warnings)
        out.text(QStringLiteral("warning     %1").arg(warning));
    out.flush();
}

void printRebuilds(Output &out, const std::vector<Rebuild> &rebuilds)
{
    if (out.isJson()) {
        JsonArray array;
        for (const Rebuild &each : rebuilds) {
            array.add(JsonObject().add("job", each.job).add("projection", each.projection).add("version", each.version).add("state", stateText(each.state)).add("tables", jsonOf(each.tables))
                          .add("events", each.checkpoint.events).add("checkpoint", positionsJson(each.checkpoint.positions)).add("created", timeJson(each.created))
                          .add("heartbeat", timeJson(heartbeatOf(each))).add("swapped", timeJson(each.swapped)).add("parked", parkedJson(each.checkpoint.parked)));
        }
        return out.document(array);
    }
    std::vector<QStringList> rows;
    for (const Rebuild &each : rebuilds) {
        const QStringList tables(each.tables.begin(), each.tables.end());
        rows.push_back({each.job, each.projection, QString::number(each.version), stateText(each.state), QString::number(each.checkpoint.events), tables.join(QStringLiteral(", ")),
                        heartbeatOf(each) ? QDateTime::fromMSecsSinceEpoch(each.heartbeat, Qt::UTC).toString(Qt::ISODate) : QStringLiteral("-")});
    }
    out.table({QStringLiteral("JOB"), QStringLiteral("PROJECTION"), QStringLiteral("VERSION"), QStringLiteral("STATE"), QStringLiteral("EVENTS"), QStringLiteral("TABLES"), QStringLiteral("LAST SIGN OF LIFE")}, rows,
              {QStringLiteral("VERSION"), QStringLiteral("EVENTS")});
    out.flush();
}

} // namespace ctl
