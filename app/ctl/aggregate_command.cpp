// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/commands.h"
#include "app/session/team_folder.h"
#include "models/aggregate/state_lines.h"
#include "models/aggregate/verification.h"
#include "models/event/position_text.h"

namespace ctl {

namespace {

using namespace connectors;
using namespace models::aggregate;

std::string_view viewOf(const QByteArray &bytes)
{
    return {bytes.constData(), static_cast<size_t>(bytes.size())};
}

QString nameOf(ChangeKind kind)
{
    switch (kind) {
    case ChangeKind::Added: return QStringLiteral("added");
    case ChangeKind::Removed: return QStringLiteral("removed");
    case ChangeKind::Changed: return QStringLiteral("changed");
    }
    return {};
}

QString nameOf(UnfoldedEvent::Reason reason)
{
    switch (reason) {
    case UnfoldedEvent::Reason::NotJson: return QStringLiteral("notJson");
    case UnfoldedEvent::Reason::TooLarge: return QStringLiteral("tooLarge");
    case UnfoldedEvent::Reason::NoUpcast: return QStringLiteral("noUpcast");
    }
    return {};
}

/// JSON as it is; null where there is none.
Json jsonIn(const QByteArray &text)
{
    return text.isEmpty() ? Json() : Json::fromText(text);
}

Json changesJson(const StateDifference &difference)
{
    JsonArray array;
    for (const StateChange &change : difference.changes)
        array.add(JsonObject().add("pointer", change.pointer).add("kind", nameOf(change.kind)).add("before", jsonIn(change.before)).add("after", jsonIn(change.after)));
    return array;
}

Json snapshotJson(const UsedSnapshot &snapshot)
{
    return JsonObject().add("version", snapshot.version).add("position", snapshot.position).add("created", timeJson(snapshot.createdAt));
}

Json eventJsonOf(qint64 version, const AggregateEvent &event, const StateDifference &changes)
{
    const auto number = [](qint64 value) { return value == NoNumber ? Json() : Json(value); };
    JsonArray by;
    for (const qint64 other : event.compensatedBy)
        by.add(other);
    return JsonObject().add("version", version).add("stream", event.stream).add("position", event.position)
        .add("time", event.time == NoNumber ? Json() : timeJson(event.time)).add("eventId", jsonOrNull(event.eventId)).add("eventType", jsonOrNull(event.eventType))
        .add("ownVersion", number(event.ownVersion)).add("schemaVersion", number(event.schemaVersion)).add("compensates", jsonOf(event.compensates)).add("compensatedBy", by)
        .add("changes", changesJson(changes));
}

Json verificationJson(const Verification &found)
{
    JsonArray differing;
    for (const DifferingSnapshot &each : found.differing)
        differing.add(JsonObject().add("version", each.snapshot.version).add("position", each.snapshot.position).add("misplaced", each.isMisplaced)
                          .add("changes", changesJson(each.difference)));
    return JsonObject().add("events", found.events).add("compared", found.compared).add("ofOtherRules", found.ofOtherRules).add("newer", found.newer)
        .add("differing", differing);
}

class AggregateCommand final : public Command
{
public:
    const char *name() const override { return "aggregate"; }
    const char *summary() const override { return "Show an aggregate of an event store: its state after any of its events, and what each has changed"; }

    void declare(Arguments &arguments) override
    {
        arguments.positional("connection", m_connection, "Saved connection's name or URL");
        arguments.positional("id", m_id, "The aggregate's stream, or the aggregateId of its events");
        arguments.option("--at", m_at, "The version to show, from 1 on; else the newest");
        arguments.flag("--history", m_isWithHistory, "Every event up to that version, and what it has changed, instead of the state alone");
        arguments.flag("--verify", m_isVerifying, "Compare all snapshots with a full replay; status 1 where one differs");
    }

    ExitStatus run(Context &context) override
    {
        Output &out = context.out();
        const auto connection = context.open(m_connection);
        if (!connection)
            return out.fail(connection.error());
        const auto upcasts = session::TeamFolder().upcasts();
        if (!upcasts)
            return out.fail(upcasts.error());
        auto read = readHistory(*connection->connector, m_id, context.stopToken());
        if (!read)
            return out.fail(notFoundOf(read.error()));
        const auto history = std::make_shared<const AggregateHistory>(std::move(*read));
        const StateFolder folder(*connection->connector, history, *upcasts);
        const auto state = folder.stateAt(m_at.value_or(history->versions()), context.stopToken());
        if (!state)
            return out.fail(notFoundOf(state.error()));
        return show(context, folder, *state);
    }

private:
    /// A version or an aggregate that is not there is not so; the command itself was used rightly.
    static Error notFoundOf(Error error)
    {
        if (error.code == ErrorCode::InvalidInput)
            error.code = ErrorCode::NotFound;
        return error;
    }

    ExitStatus show(Context &context, const StateFolder &folder, const FoldedState &state)
    {
        Output &out = context.out();
        std::vector<StateDifference> changes;
        if (m_isWithHistory) {
            const auto told = changesUpTo(folder, state.version, context.stopToken(), &changes);
            if (!told)
                return out.fail(told.error());
        }
        std::optional<Verification> found;
        if (m_isVerifying) {
            auto verified = verify(folder, context.stopToken());
            if (!verified)
                return out.fail(verified.error());
            found = std::move(*verified);
        }
        if (out.isJson())
            printJson(out, folder, state, changes, found);
        else
            print(out, folder, state, changes, found);
        if (state.unfoldedCount > 0)
            out.say(QStringLiteral("%1 events are not in the state: %2.").arg(state.unfoldedCount).arg(unfoldedWords(state)));
        if (found && !found->isSound())
            return ExitStatus::NotSo;
        return state.unfoldedCount > 0 ? ExitStatus::Incomplete : ExitStatus::Done;
    }

    static Result<void> changesUpTo(const StateFolder &folder, qint64 version, const std::stop_token &stop, std::vector<StateDifference> *changes)
    {
        std::string before;
        const auto compare = [&](qint64, const json::MergedValue &now) -> Result<void> {
            std::string after = now.text();
            changes->push_back(differenceOf(before, after));
            before = std::move(after);
            return {};
        };
        return folder.forEachState(version, compare, stop);
    }

    void printJson(Output &out, const StateFolder &folder, const FoldedState &state, const std::vector<StateDifference> &changes, const std::optional<Verification> &found) const
    {
        const AggregateHistory &history = folder.history();
        JsonArray unfolded;
        for (const UnfoldedEvent &event : state.unfolded)
            unfolded.add(JsonObject().add("version", event.version).add("reason", nameOf(event.reason)));
        JsonObject object;
        object.add("aggregate", history.id).add("foundAs", history.isStream ? QStringLiteral("stream") : QStringLiteral("aggregateId")).add("versions", history.versions());
        object.add("version", state.version).add("snapshot", state.snapshot ? snapshotJson(*state.snapshot) : Json()).add("foldedEvents", state.foldedEvents);
        object.add("state", jsonIn(state.state)).add("changes", changesJson(state.changes)).add("unfoldedCount", state.unfoldedCount).add("unfolded", unfolded);
        object.add("fold", folder.ruleName());
        if (m_isWithHistory) {
            JsonArray events;
            for (qint64 version = 1; version <= state.version; ++version)
                events.add(eventJsonOf(version, history.at(version), changes[static_cast<size_t>(version - 1)]));
            object.add("history", events);
        }
        if (found)
            object.add("verification", verificationJson(*found));
        out.document(Json(object));
    }

    void print(Output &out, const StateFolder &folder, const FoldedState &state, const std::vector<StateDifference> &changes, const std::optional<Verification> &found) const
    {
        const AggregateHistory &history = folder.history();
        out.say(stateWords(history, state));
        if (m_isWithHistory)
            printHistory(out, history, changes);
        else if (!state.state.isEmpty() && (!m_isVerifying || m_at))
            for (const QByteArray &line : indented(viewOf(state.state)).split('\n'))
                out.text(QString::fromUtf8(line));
        if (found)
            printVerification(out, *found);
    }

    static QString stateWords(const AggregateHistory &history, const FoldedState &state)
    {
        const QString whose = history.isStream ? QStringLiteral("Stream %1").arg(history.id) : QStringLiteral("Aggregate %1, over all streams").arg(history.id);
        const QString from = state.snapshot ? QStringLiteral("from the snapshot at %1 and %2 events").arg(state.snapshot->version).arg(state.foldedEvents)
                                            : QStringLiteral("from all %1 events before").arg(state.foldedEvents);
        return QStringLiteral("%1: state at version %2 of %3, %4.").arg(whose).arg(state.version).arg(history.versions()).arg(from);
    }

    static QString unfoldedWords(const FoldedState &state)
    {
        QStringList words;
        for (const UnfoldedEvent &event : state.unfolded)
            words += QStringLiteral("version %1 (%2)").arg(event.version).arg(nameOf(event.reason));
        return words.join(QStringLiteral(", "));
    }

    static void printHistory(Output &out, const AggregateHistory &history, const std::vector<StateDifference> &changes)
    {
        std::vector<QStringList> rows;
        for (size_t i = 0; i < changes.size(); ++i) {
            const AggregateEvent &event = history.events[i];
            QStringList pointers;
            constexpr size_t MostShown = 8;
            for (size_t n = 0; n < std::min(changes[i].changes.size(), MostShown); ++n) {
                const StateChange &change = changes[i].changes[n];
                pointers += (change.kind == ChangeKind::Removed ? u'-' : change.kind == ChangeKind::Added ? u'+' : u'~') + (change.pointer.isEmpty() ? QStringLiteral("(all)") : change.pointer);
            }
            if (changes[i].changes.size() > MostShown)
                pointers += QStringLiteral("and %1 more").arg(changes[i].changes.size() - MostShown);
            QStringList compensated;
            for (size_t n = 0; n < event.compensates.size(); ++n)
                compensated += event.compensatedVersions[n] > 0 ? QString::number(event.compensatedVersions[n]) : event.compensates[n];
            rows.push_back({QString::number(i + 1), event.time == NoNumber ? QStringLiteral("-") : models::event::timeText(event.time),
                            event.eventType, QString::number(event.position), compensated.isEmpty() ? QStringLiteral("-") : compensated.join(u','), pointers.join(u' ')});
        }
        out.table({QStringLiteral("VERSION"), QStringLiteral("TIME"), QStringLiteral("EVENT TYPE"), QStringLiteral("POSITION"), QStringLiteral("COMPENSATES"), QStringLiteral("CHANGED")}, rows,
                  {QStringLiteral("VERSION"), QStringLiteral("POSITION")});
    }

    static void printVerification(Output &out, const Verification &found)
    {
        std::vector<QStringList> rows;
        for (const DifferingSnapshot &each : found.differing) {
            QStringList pointers;
            for (const StateChange &change : each.difference.changes)
                pointers += change.pointer.isEmpty() ? QStringLiteral("(all)") : change.pointer;
            rows.push_back({QString::number(each.snapshot.version), QString::number(each.snapshot.position), each.isMisplaced ? QStringLiteral("not its event's position") : pointers.join(u' ')});
        }
        if (!rows.empty())
            out.table({QStringLiteral("SNAPSHOT"), QStringLiteral("POSITION"), QStringLiteral("DIFFERS AT")}, rows, {QStringLiteral("SNAPSHOT"), QStringLiteral("POSITION")});
        QString words = QStringLiteral("%1 snapshots were compared with a replay of %2 events; %3 differ.").arg(found.compared).arg(found.events).arg(found.differing.size());
        if (found.ofOtherRules > 0)
            words += QStringLiteral(" %1 were made by another rule and are never used.").arg(found.ofOtherRules);
        out.say(words);
    }

    QString m_connection;
    QString m_id;
    std::optional<qint64> m_at;
    bool m_isWithHistory = false;
    bool m_isVerifying = false;
};

} // namespace

std::unique_ptr<Command> makeAggregateCommand()
{
    return std::make_unique<AggregateCommand>();
}

} // namespace ctl
