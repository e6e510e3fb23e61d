// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/commands.h"
#include "app/ctl/projection_run.h"
#include "app/ctl/scan_limit.h"
#include "models/projection/projection_planner.h"
#include "models/projection/row_fold.h"

#include <QFile>
#include <QFileInfo>

#include <map>

namespace ctl {

namespace {

using namespace connectors;
using models::journal::Journal;
using models::journal::Record;
using models::projection::ProjectionAction;
using models::projection::ProjectionFile;

constexpr qint64 MostFileBytes = 4 * 1024 * 1024;
constexpr qint64 MostRowBytes = 2LL * 1024 * 1024 * 1024;

Result<QByteArray> definitionIn(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return failure(ErrorCode::NotFound, QStringLiteral("%1 cannot be read: %2.").arg(path, file.errorString()), QStringLiteral("Give the path of a projection file."));
    QByteArray text = file.read(MostFileBytes + 1);
    if (text.size() > MostFileBytes)
        return failure(ErrorCode::InvalidInput, QStringLiteral("%1 is larger than 4 MiB, which no projection file is.").arg(path));
    return text;
}

/// A line for each mistake.
ExitStatus failFile(Output &out, Error error)
{
    const QStringList lines = error.message.split(u'\n');
    for (const QString &line : lines.first(lines.size() - 1))
        out.say(line);
    error.message = lines.back();
    return out.fail(error);
}

Result<std::vector<Record>> journalRecords()
{
    const auto journal = Journal::openToRead(Journal::defaultPath());
    if (!journal)
        return tl::unexpected(journal.error());
    return *journal ? (*journal)->records() : Result<std::vector<Record>>();
}

class ProjectionCommand final : public Command
{
public:
    const char *name() const override { return "projection"; }
    const char *summary() const override
    {
        return "Rebuild a projection's tables beside the live ones, compare, swap, swap back: plan, rows, rebuild FILE; resume, diff, swap, run, swap-back, drop JOB; list CONNECTION";
    }
    bool isChanging() const override { return m_change.isExecuted; }

    void declare(Arguments &arguments) override
    {
        arguments.positional("what", m_what, "plan, rows, rebuild, resume, diff, swap, run, swap-back, drop or list");
        arguments.positional("subject", m_subject, "A projection file (README, “Projection files”); a rebuild's job; or a connection (list)");
        arguments.option("--source", m_source, "Saved connection's name or URL of the events (plan, rows, rebuild)");
        arguments.option("--target", m_target, "Saved connection's name or URL of the tables (plan, rebuild; drop of what was begun elsewhere)");
        arguments.flag("--execute", m_change.isExecuted, "Carry it out; without this nothing is changed");
        arguments.option("--confirm", m_change.confirmation, "The projection's name; needed on production");
        arguments.option("--reason", m_change.reason, "Why, or a ticket; needed on production");
        arguments.option("--for", m_change.validFor, "How long the approval is good, e.g. 8h for a change window; else 15m");
        arguments.flag("--park", m_isParking, "Leave events out that do not fit, and list them (rebuild, resume, swap)");
        arguments.flag("--accept-losses", m_areLossesAccepted, "Rebuild though the live table has what a projection file cannot say (rebuild, swap)");
        arguments.option("--chunk", m_change.chunkEvents, "Events that are applied and stored in one transaction; else 250000 (rebuild, resume)");
        arguments.option("--writer", m_writer, "Who writes the tables after the swap: the consumer that knows this version, run (see run JOB), or nobody (swap)");
        arguments.option("--patience", m_change.patience, "How long a projector that is named with --writer is looked at after the swap, e.g. 10s; else a minute");
        arguments.option("--limit", m_limit, "At most so many rows that differ (diff)");
        declareFullSpeed(arguments, m_isFullSpeed);
    }

    ExitStatus run(Context &context) override
    {
        using Runner = ExitStatus (ProjectionCommand::*)(Context &);
        static const std::map<QString, Runner> runners{{QStringLiteral("plan"), &ProjectionCommand::plan}, {QStringLiteral("rows"), &ProjectionCommand::rows},
                                                       {QStringLiteral("rebuild"), &ProjectionCommand::rebuild}, {QStringLiteral("resume"), &ProjectionCommand::resume},
                                                       {QStringLiteral("diff"), &ProjectionCommand::diff}, {QStringLiteral("swap"), &ProjectionCommand::swap},
                                                       {QStringLiteral("swap-back"), &ProjectionCommand::swapBack}, {QStringLiteral("drop"), &ProjectionCommand::drop},
                                                       {QStringLiteral("run"), &ProjectionCommand::keepUp}, {QStringLiteral("list"), &ProjectionCommand::list}};
        const auto runner = runners.find(m_what);
        if (runner != runners.end())
            return (this->*runner->second)(context);
        return context.out().fail({ErrorCode::InvalidInput, QStringLiteral("projection: “%1” is not known.").arg(m_what.left(40)),
                                   QStringLiteral("Write projection plan FILE --source CONNECTION, or one of rows, rebuild, resume, diff, swap, run, swap-back, drop, list."), false});
    }

private:
    /// The projection file, and where its events are.
    struct Asked {
        QByteArray definition;
        ProjectionFile file;
        OpenConnection source;
        qint64 bytesPerSecond = 0;
    };

    [[nodiscard]] std::optional<ExitStatus> ask(Context &context, Asked *asked)
    {
        Output &out = context.out();
        const auto text = definitionIn(m_subject);
        if (!text)
            return out.fail(text.error());
        auto file = models::projection::parseProjection(*text, QFileInfo(m_subject).fileName());
        if (!file)
            return failFile(out, file.error());
        if (m_source.isEmpty())
            return out.fail({ErrorCode::InvalidInput, QStringLiteral("Where are the events?"), QStringLiteral("Name the connection with --source."), false});
        auto source = context.open(m_source);
        if (!source)
            return out.fail(source.error());
        const qint64 bytesPerSecond = scanLimit(out, *source, m_isFullSpeed);
        *asked = {*text, std::move(*file), std::move(*source), bytesPerSecond};
        return std::nullopt;
    }

    ExitStatus plan(Context &context)
    {
        if (!m_target.isEmpty())
            return planOrRebuild(context, false);
        Asked asked;
        if (const auto failed = ask(context, &asked))
            return *failed;
        Output &out = context.out();
        const auto scan = models::projection::scanSource(*asked.source.connector, asked.file, asked.bytesPerSecond, context.stopToken());
        if (!scan)
            return out.fail(scan.error());
        printScan(out, asked.file, *scan);
        sayScan(out, asked.file, *scan);
        return scan->unfitCount > 0 ? ExitStatus::NotSo : ExitStatus::Done;
    }

    ExitStatus rebuild(Context &context) { return planOrRebuild(context, m_change.isExecuted); }

    ExitStatus planOrRebuild(Context &context, bool isExecuted)
    {
        Asked asked;
        if (const auto failed = ask(context, &asked))
            return *failed;
        Output &out = context.out();
        if (m_target.isEmpty())
            return out.fail({ErrorCode::InvalidInput, QStringLiteral("Where are the tables?"), QStringLiteral("Name the connection with --target."), false});
        const auto target = context.resolve(m_target);
        if (!target)
            return out.fail(target.error());
        auto planned = models::projection::planRebuild(context.factory(), {asked.definition, QFileInfo(m_subject).fileName(), asked.source.spec, *target, asked.bytesPerSecond, m_isParking, m_areLossesAccepted},
                                                       context.stopToken());
        if (!planned)
            return out.fail(planned.error());
        if (!out.isJson())
            printScan(out, asked.file, planned->scan);
        sayScan(out, asked.file, planned->scan);
        ProjectionStep step;
        step.plan = std::move(planned->plan);
        step.scan = std::move(planned->scan);
        ProjectionChange change = m_change;
        change.isExecuted = isExecuted;
        return finishStep(context, std::move(step), change);
    }

    ExitStatus rows(Context &context)
    {
        Asked asked;
        if (const auto failed = ask(context, &asked))
            return *failed;
        Output &out = context.out();
        const auto folded = models::projection::foldRows(*asked.source.connector, asked.file, MostRowBytes, asked.bytesPerSecond, context.stopToken());
        if (!folded)
            return out.fail(folded.error());
        qint64 count = 0;
        for (const auto &table : folded->tables) {
            const TableSpec &spec = asked.file.tables[table.table];
            for (const Row &row : table.rows) {
                JsonObject object;
                if (asked.file.tables.size() > 1)
                    object.add("table", spec.name);
                out.line(Json(object.add("position", row.position).add("row", cellsJson(spec, row.cells))).text());
                ++count;
            }
        }
        out.flush();
        out.say(QStringLiteral("%1, version %2: %3 rows of %4 events.").arg(asked.file.name).arg(asked.file.version).arg(count).arg(folded->events));
        return ExitStatus::Done;
    }

    ExitStatus resume(Context &context) { return step(context, ProjectionAction::Resume); }
    ExitStatus swap(Context &context) { return step(context, ProjectionAction::Swap); }
    ExitStatus swapBack(Context &context) { return step(context, ProjectionAction::SwapBack); }

    ExitStatus keepUp(Context &context) { return step(context, ProjectionAction::Run); }

    ExitStatus drop(Context &context)
    {
        if (m_target.isEmpty())
            return step(context, ProjectionAction::Drop);
        const auto target = context.resolve(m_target);
        if (!target)
            return context.out().fail(target.error());
        return finish(context, models::projection::planForeignDrop(context.factory(), *target, m_subject));
    }

    ExitStatus step(Context &context, ProjectionAction action)
    {
        if (const auto failed = settleInterrupted(context))
            return *failed;
        const auto records = journalRecords();
        if (!records)
            return context.out().fail(records.error());
        if (const auto failed = openConnections(context, *records))
            return *failed;
        return finish(context, models::projection::planStep(context.factory(), *records, {action, m_subject, m_writer, m_isParking, m_areLossesAccepted}, context.stopToken()));
    }

    ExitStatus finish(Context &context, Result<models::projection::ProjectionPlan> plan)
    {
        if (!plan)
            return context.out().fail(plan.error());
        ProjectionStep step;
        step.plan = std::move(*plan);
        return finishStep(context, std::move(step), m_change);
    }

    /// A step of this job that a dead process left open: reading tells what became of it.
    [[nodiscard]] std::optional<ExitStatus> settleInterrupted(Context &context)
    {
        const auto records = journalRecords();
        for (const Record &record : records.value_or(std::vector<Record>())) {
            const bool isOfJob = models::projection::isProjectionKind(record.change.kind) && record.change.plan[QStringLiteral("job")].toString() == m_subject;
            if (!isOfJob || !models::journal::isOpen(record.state))
                continue;
            const auto journal = Journal::open(Journal::defaultPath(), context.factory());
            const auto settled = journal ? models::projection::ProjectionMachine(**journal, context.factory()).resolve(record.journalId)
                                         : Result<models::projection::ProjectionOutcome>(tl::unexpected(journal.error()));
            if (!settled && record.change.kind == wordOf(ProjectionAction::Run))
                continue; // it is being kept up to date right now
            if (!settled)
                return context.out().fail(settled.error());
            context.out().say(QStringLiteral("An earlier step (%1) was interrupted: %2").arg(record.journalId, settled->note));
        }
        return std::nullopt;
    }

    /// So that the factory knows what to log in with.
    [[nodiscard]] std::optional<ExitStatus> openConnections(Context &context, const std::vector<Record> &records)
    {
        const auto begun = models::projection::rebuildPlanOf(records, m_subject);
        if (!begun)
            return context.out().fail(begun.error());
        const bool isReading = m_what == u"resume" || m_what == u"swap" || m_what == u"run";
        if (const auto source = isReading ? context.openRecorded(begun->source, true) : Result<OpenConnection>(); isReading && !source)
            return context.out().fail(source.error());
        return std::nullopt;
    }

    ExitStatus diff(Context &context)
    {
        Output &out = context.out();
        const auto records = journalRecords();
        const auto begun = records ? models::projection::rebuildPlanOf(*records, m_subject) : Result<models::projection::ProjectionPlan>(tl::unexpected(records.error()));
        if (!begun)
            return out.fail(begun.error());
        const auto file = models::projection::parseProjection(begun->definition, begun->fileName);
        if (!file)
            return out.fail(file.error());
        auto model = context.factory().openReadModel(begun->target);
        const auto rebuilds = model ? (*model)->rebuilds() : Result<std::vector<Rebuild>>(tl::unexpected(model.error()));
        if (!rebuilds)
            return out.fail(rebuilds.error());
        const auto found = std::find_if(rebuilds->begin(), rebuilds->end(), [this](const Rebuild &each) { return each.job == m_subject; });
        if (found == rebuilds->end())
            return out.fail({ErrorCode::NotFound, QStringLiteral("The rebuild %1 is no longer in its database.").arg(m_subject), {}, false});
        return printDifferences(context, **model, *found, *file);
    }

    ExitStatus printDifferences(Context &context, ReadModel &model, const Rebuild &rebuild, const ProjectionFile &file)
    {
        Output &out = context.out();
        qint64 shown = 0;
        qint64 different = 0;
        for (size_t i = 0; i < file.tables.size(); ++i) {
            const auto show = [&](const DifferentRow &row) {
                if (!m_limit || shown < *m_limit)
                    out.line(differenceJson(file.tables[i], row).text());
                ++shown;
                return !out.isClosed();
            };
            const auto compared = model.compare(rebuild, file.tables[i], i, 0, context.stopToken(), {}, show);
            if (!compared)
                return out.fail(compared.error());
            different += compared->onlyOld + compared->onlyNew + compared->changed;
            out.say(QStringLiteral("%1: %2 rows before, %3 after; only before %4, only after %5, changed %6.").arg(file.tables[i].name).arg(compared->oldRows).arg(compared->newRows)
                        .arg(compared->onlyOld).arg(compared->onlyNew).arg(compared->changed));
        }
        out.flush();
        return different > 0 ? ExitStatus::NotSo : ExitStatus::Done;
    }

    ExitStatus list(Context &context)
    {
        const auto target = context.resolve(m_subject);
        if (!target)
            return context.out().fail(target.error());
        const auto model = context.factory().openReadModel(*target);
        const auto rebuilds = model ? (*model)->rebuilds() : Result<std::vector<Rebuild>>(tl::unexpected(model.error()));
        if (!rebuilds)
            return context.out().fail(rebuilds.error());
        printRebuilds(context.out(), *rebuilds);
        return ExitStatus::Done;
    }

    QString m_what;
    QString m_subject;
    QString m_source;
    QString m_target;
    QString m_writer;
    std::optional<qint64> m_limit;
    ProjectionChange m_change;
    bool m_isParking = false;
    bool m_areLossesAccepted = false;
    bool m_isFullSpeed = false;
};

} // namespace

std::unique_ptr<Command> makeProjectionCommand()
{
    return std::make_unique<ProjectionCommand>();
}

} // namespace ctl
