// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/commands.h"
#include "app/ctl/scan_limit.h"
#include "models/projection/row_fold.h"
#include "models/projection/source_scan.h"

#include <QFile>
#include <QFileInfo>

#include <algorithm>

namespace ctl {

namespace {

using namespace connectors;
using models::projection::ProjectionFile;
using models::projection::SourceScan;

constexpr qint64 MostFileBytes = 4 * 1024 * 1024;
constexpr qint64 MostRowBytes = 2LL * 1024 * 1024 * 1024;

Result<ProjectionFile> projectionIn(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return failure(ErrorCode::NotFound, QStringLiteral("%1 cannot be read: %2.").arg(path, file.errorString()), QStringLiteral("Give the path of a projection file."));
    const QByteArray text = file.read(MostFileBytes + 1);
    if (text.size() > MostFileBytes)
        return failure(ErrorCode::InvalidInput, QStringLiteral("%1 is larger than 4 MiB, which no projection file is.").arg(path));
    return models::projection::parseProjection(text, QFileInfo(path).fileName());
}

Json scanJson(const ProjectionFile &file, const SourceScan &scan)
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

/// Numbers and truths as they are, so that 9007199254740993 and 0.1 stay so.
Json cellJson(const models::projection::ColumnSpec &column, const models::projection::Cell &cell)
{
    if (!cell)
        return nullptr;
    const bool isText = column.type == models::projection::ColumnType::Text;
    return isText ? Json(QString::fromStdString(*cell)) : Json::fromText(QByteArray::fromStdString(*cell));
}

Json rowJson(const models::projection::TableSpec &table, const models::projection::Row &row, bool isNamed)
{
    JsonObject object;
    if (isNamed)
        object.add("table", table.name);
    QByteArray cells; // a column may have any name
    for (size_t i = 0; i < table.columns.size(); ++i)
        cells += (i > 0 ? QByteArray(",") : QByteArray()) + Json(table.columns[i].name).text() + ':' + cellJson(table.columns[i], row.cells[i]).text();
    return object.add("position", row.position).add("row", Json::fromText('{' + cells + '}'));
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

/// The last word, on stderr.
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

class ProjectionCommand final : public Command
{
public:
    const char *name() const override { return "projection"; }
    const char *summary() const override { return "Look what a rebuild of a projection would meet (plan), or the rows that its events make now (rows); nothing is written"; }

    void declare(Arguments &arguments) override
    {
        arguments.positional("what", m_what, "The word plan, or rows");
        arguments.positional("file", m_path, "A projection file (README, “Projection files”)");
        arguments.option("--source", m_source, "Saved connection's name or URL of the events");
        declareFullSpeed(arguments, m_isFullSpeed);
    }

    ExitStatus run(Context &context) override
    {
        Output &out = context.out();
        if (m_what != u"plan" && m_what != u"rows")
            return out.fail({ErrorCode::InvalidInput, QStringLiteral("projection: “%1” is not known.").arg(m_what.left(40)), QStringLiteral("Write projection plan FILE --source CONNECTION, or projection rows FILE …."), false});
        const auto file = projectionIn(m_path);
        if (!file)
            return failFile(out, file.error());
        if (m_source.isEmpty())
            return out.fail({ErrorCode::InvalidInput, QStringLiteral("Where are the events?"), QStringLiteral("Name the connection with --source."), false});
        const auto connection = context.open(m_source);
        if (!connection)
            return out.fail(connection.error());
        const qint64 bytesPerSecond = scanLimit(out, *connection, m_isFullSpeed);
        return m_what == u"plan" ? plan(context, *connection->connector, *file, bytesPerSecond) : rows(context, *connection->connector, *file, bytesPerSecond);
    }

private:
    static ExitStatus plan(Context &context, Connector &connector, const ProjectionFile &file, qint64 bytesPerSecond)
    {
        Output &out = context.out();
        const auto scan = models::projection::scanSource(connector, file, bytesPerSecond, context.stopToken());
        if (!scan)
            return out.fail(scan.error());
        printScan(out, file, *scan);
        sayScan(out, file, *scan);
        return scan->unfitCount > 0 ? ExitStatus::NotSo : ExitStatus::Done;
    }

    static ExitStatus rows(Context &context, Connector &connector, const ProjectionFile &file, qint64 bytesPerSecond)
    {
        Output &out = context.out();
        const auto folded = models::projection::foldRows(connector, file, MostRowBytes, bytesPerSecond, context.stopToken());
        if (!folded)
            return out.fail(folded.error());
        qint64 count = 0;
        for (const auto &table : folded->tables) {
            for (const auto &row : table.rows) {
                out.line(rowJson(file.tables[table.table], row, file.tables.size() > 1).text());
                ++count;
            }
        }
        out.flush();
        out.say(QStringLiteral("%1, version %2: %3 rows of %4 events.").arg(file.name).arg(file.version).arg(count).arg(folded->events));
        return ExitStatus::Done;
    }

    /// A line for each mistake.
    static ExitStatus failFile(Output &out, Error error)
    {
        const QStringList lines = error.message.split(u'\n');
        for (const QString &line : lines.first(lines.size() - 1))
            out.say(line);
        error.message = lines.back();
        return out.fail(error);
    }

    QString m_what;
    QString m_path;
    QString m_source;
    bool m_isFullSpeed = false;
};

} // namespace

std::unique_ptr<Command> makeProjectionCommand()
{
    return std::make_unique<ProjectionCommand>();
}

} // namespace ctl
