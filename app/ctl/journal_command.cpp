// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/change_run.h"
#include "app/ctl/commands.h"
#include "app/ctl/projection_run.h"
#include "models/event/position_text.h"
#include "models/journal/canonical_json.h"
#include "models/journal/record_export.h"

#include <QDateTime>

namespace ctl {

namespace {

using namespace connectors;
using models::journal::Journal;
using models::journal::Record;

/// In the order of the contract.
constexpr const char *RecordFields[] = {"journalId", "planId", "hash", "kind", "state", "connection", "systemId", "target", "who",
                                        "host", "reason", "created", "approved", "finished", "rows", "undoes", "undoneBy"};

Json recordJson(const Record &record)
{
    const QJsonObject fields = models::journal::exportJson(record);
    JsonObject object;
    for (const char *name : RecordFields)
        object.add(name, jsonOf(fields[QLatin1String(name)]));
    return object;
}

void printRecords(Output &out, const std::vector<Record> &records)
{
    if (out.isJson()) {
        JsonArray array;
        for (const Record &record : records)
            array.add(recordJson(record));
        return out.document(array);
    }
    std::vector<QStringList> rows;
    rows.reserve(records.size());
    for (const Record &record : records) {
        rows.push_back({record.journalId, models::event::timeText(record.created), record.change.kind, models::journal::wordOf(record.state),
                        record.change.connection, record.change.target, models::journal::actorOf(record), record.reason});
    }
    out.table({QStringLiteral("ID"), QStringLiteral("CREATED"), QStringLiteral("KIND"), QStringLiteral("STATE"), QStringLiteral("CONNECTION"),
               QStringLiteral("TARGET"), QStringLiteral("WHO"), QStringLiteral("REASON")}, rows, {QStringLiteral("ID")});
}

void printRecord(Output &out, const Record &record)
{
    if (out.isJson())
        return out.document(recordJson(record));
    printRecords(out, {record});
    const auto cell = [](const QJsonValue &value) { return numberText(models::journal::numberFrom(value)); };
    std::vector<QStringList> rows;
    for (const QJsonValue &row : record.rows)
        rows.push_back({row[u"stream"].toString(), QString::number(row[u"partition"].toInteger()), cell(row[u"before"]), cell(row[u"target"]), cell(row[u"now"]),
                        row[u"result"].toString(), row[u"problem"].toString()});
    if (rows.empty())
        return;
    const QStringList header{QStringLiteral("STREAM"), QStringLiteral("PARTITION"), QStringLiteral("BEFORE"), QStringLiteral("TARGET"),
                             QStringLiteral("NOW"), QStringLiteral("RESULT"), QStringLiteral("PROBLEM")};
    out.table(header, rows, header.mid(1, 4));
}

class JournalCommand final : public Command
{
public:
    const char *name() const override { return "journal"; }
    const char *summary() const override { return "Show the changes that were planned and made; “journal resolve ID” finds out what became of one"; }
    bool isChanging() const override { return m_id == u"resolve"; }

    void declare(Arguments &arguments) override
    {
        arguments.positional("id", m_id, "A journal id or plan id; or the word resolve, and then the id", Need::Optional);
        arguments.positional("resolved", m_resolved, "After resolve: the id of an interrupted change; its system is read, nothing is changed", Need::Optional);
        arguments.option("--target", m_target, "Only changes of this consumer");
        arguments.option("--since", m_since, "Only changes planned since then: a time or -7d");
        arguments.flag("--verify", m_isVerifying, "Check that no entry was altered since it was written");
    }

    ExitStatus run(Context &context) override
    {
        if (m_id == u"resolve")
            return m_resolved.isEmpty() ? context.out().fail({ErrorCode::InvalidInput, QStringLiteral("journal resolve: which one? Its id is missing."), {}, false})
                                        : resolve(context);
        if (!m_resolved.isEmpty())
            return context.out().fail({ErrorCode::InvalidInput, QStringLiteral("“%1” is one argument too many.").arg(m_resolved.left(40)), {}, false});
        const auto journal = Journal::openToRead(Journal::defaultPath());
        if (!journal)
            return context.out().fail(journal.error());
        if (m_isVerifying)
            return verify(context.out(), journal->get());
        return m_id.isEmpty() ? list(context.out(), journal->get()) : show(context.out(), journal->get(), m_id);
    }

private:
    static ExitStatus show(Output &out, const Journal *journal, const QString &id)
    {
        if (!journal)
            return out.fail({ErrorCode::NotFound, QStringLiteral("The journal has no change %1: it is empty.").arg(id.left(60)), {}, false});
        const auto record = journal->find(id);
        if (!record)
            return out.fail(record.error());
        printRecord(out, *record);
        return ExitStatus::Done;
    }

    ExitStatus list(Output &out, const Journal *journal) const
    {
        EpochMs since = std::numeric_limits<EpochMs>::min();
        if (!m_since.isEmpty()) {
            const auto position = models::event::parsePosition(m_since, QDateTime::currentMSecsSinceEpoch());
            if (!position || !std::holds_alternative<AtTime>(*position))
                return out.fail({ErrorCode::InvalidInput, QStringLiteral("--since: “%1” is neither a time nor a duration back such as -7d.").arg(m_since.left(40)), {}, false});
            since = std::get<AtTime>(*position).time;
        }
        const auto records = journal ? journal->records() : Result<std::vector<Record>>();
        if (!records)
            return out.fail(records.error());
        std::vector<Record> chosen;
        for (const Record &record : *records)
            if (record.created >= since && (m_target.isEmpty() || record.change.target == m_target))
                chosen.push_back(record);
        printRecords(out, chosen);
        return ExitStatus::Done;
    }

    static ExitStatus verify(Output &out, const Journal *journal)
    {
        const auto verification = journal ? journal->verify() : Result<models::journal::Verification>();
        if (!verification)
            return out.fail(verification.error());
        if (out.isJson())
            out.document(Json(JsonObject().add("entries", verification->entries).add("intact", verification->isIntact()).add("firstBad", verification->firstBad)
                                  .add("problem", jsonOrNull(verification->problem))));
        else
            out.text(verification->isIntact() ? QStringLiteral("%1 entries, all as they were written.").arg(verification->entries)
                                              : QStringLiteral("%1 entries; not as they were written.").arg(verification->entries));
        if (!verification->isIntact())
            out.say(verification->problem);
        out.flush();
        return verification->isIntact() ? ExitStatus::Done : ExitStatus::NotSo;
    }

    ExitStatus resolve(Context &context) const
    {
        Output &out = context.out();
        const auto journal = Journal::open(Journal::defaultPath());
        if (!journal)
            return out.fail(journal.error());
        const auto record = (*journal)->find(m_resolved);
        if (!record)
            return out.fail(record.error());
        if (models::projection::isProjectionKind(record->change.kind))
            return resolveProjection(context, *record);
        const auto plan = models::replay::planFromJson(record->change.plan);
        if (!plan)
            return out.fail(plan.error());
        // One that was interrupted before anything was sent is settled without the system.
        if (models::journal::isOpen(record->state) && record->hasIntent) {
            if (const auto connection = context.openRecorded(plan->spec, !record->change.isForeign); !connection)
                return out.fail(connection.error());
        }
        if (models::journal::isOpen(record->state)) {
            models::replay::RunObserver observer;
            observer.settling = [&out](std::chrono::milliseconds time) {
                out.say(QStringLiteral("Its request may still be under way: what became of it is read in %1 s.").arg(std::chrono::ceil<std::chrono::seconds>(time).count()));
            };
            const auto outcome = models::replay::findOut(context.factory(), Journal::defaultPath(), record->journalId, context.stopToken(), models::replay::SettleTime, observer);
            if (!outcome)
                return out.fail(outcome.error());
        }
        const auto settled = (*journal)->find(m_resolved);
        if (!settled)
            return out.fail(settled.error());
        printRecord(out, *settled);
        if (!settled->note.isEmpty())
            out.say(settled->note);
        return exitStatusOf(settled->state);
    }

    QString m_id;
    QString m_resolved;
    QString m_target;
    QString m_since;
    bool m_isVerifying = false;
};

} // namespace

std::unique_ptr<Command> makeJournalCommand()
{
    return std::make_unique<JournalCommand>();
}

} // namespace ctl
