// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/replay/plan_text.h"

#include "models/connection/connection_url.h"
#include "ui/event/value_text.h"
#include "ui/frame/environment_text.h"
#include "ui/widgets/text.h"

#include <QCoreApplication>
#include <QRegularExpression>

namespace ui::replay {

using models::journal::State;
using models::replay::Plan;
using models::replay::PlanKind;
using models::replay::PlanRow;
using models::replay::RowResult;
using models::replay::TakeUpState;
namespace text = widgets::text;

namespace {

constexpr size_t SummaryRows = 100;

QString tr(const char *source)
{
    return QCoreApplication::translate("PlanText", source);
}

/// An id, which a plan's file may hold anything as.
QString idWord(const QString &id)
{
    static const QRegularExpression plain(QStringLiteral("^\\w[\\w-]*$"));
    return plain.match(id).hasMatch() ? id : event::shellQuoted(id);
}

QString targetOptions(const models::replay::ResetRequest &request, const QString &csvPath)
{
    if (!csvPath.isEmpty())
        return QStringLiteral(" --from-file ") + event::shellQuoted(csvPath);
    if (const auto *shift = std::get_if<models::replay::ShiftBy>(&request.target))
        return QStringLiteral(" --shift=%1").arg(shift->by);
    return QStringLiteral(" --to=") + request.text; // a position, a time or a word: nothing to quote
}

/// A value that begins with a dash is only taken as one behind an equals sign.
QString option(const char *name, const QString &value)
{
    return u' ' + QLatin1String(name) + (value.startsWith(u'-') ? u'=' : u' ') + event::shellQuoted(value);
}

/// What the command line finds the same connection by: a name that is an address lacks the properties.
QString connectionArgument(const connectors::ConnectionSpec &spec)
{
    using models::connection::connectionUrl;
    return event::shellQuoted(spec.name == connectionUrl(spec, false) ? connectionUrl(spec) : spec.name);
}

} // namespace

QString headline(const Plan &plan)
{
    const auto changes = static_cast<int>(plan.changes());
    const auto all = static_cast<int>(plan.rows.size() + plan.untouched.size());
    const QString verb = plan.kind == PlanKind::Undo ? tr("Put back %1 on %2") : tr("Reset %1 on %2");
    const QString target = verb.arg(text::untrusted(plan.consumer, 80), text::untrusted(plan.spec.name, 60));
    if (changes == all)
        return target + QStringLiteral(" · ") + (all == 1 ? tr("its only partition changes") : tr("all %1 partitions change").arg(text::exact(all)));
    const QString changing = (changes == 1 ? tr("%1 of %2 partitions changes") : tr("%1 of %2 partitions change")).arg(text::exact(changes), text::exact(all));
    const QString rest = (all - changes == 1 ? tr("%1 does not") : tr("%1 do not")).arg(text::exact(all - changes));
    return target + QStringLiteral(" · ") + tr("%1, %2").arg(changing, rest);
}

QString replayedText(const Plan &plan, std::optional<double> ratePerSecond)
{
    const qint64 replayed = plan.replayed();
    if (replayed <= 0)
        return {};
    if (ratePerSecond && *ratePerSecond > 0.05) {
        const auto duration = static_cast<qint64>(static_cast<double>(replayed) / *ratePerSecond * 1000.0);
        return tr("will process again %1 events (≈ %2 at the observed %3 events/s)").arg(text::exact(replayed), text::duration(duration), text::rate(*ratePerSecond));
    }
    return tr("will process again %1 events (how long that takes is not known: nobody was seen reading)").arg(text::exact(replayed));
}

QString skippedText(const Plan &plan)
{
    if (plan.skipped() <= 0)
        return {};
    // Before a backward reset these had been processed once; the reset's purpose was to have them processed again.
    return (plan.kind == PlanKind::Undo ? tr("will SKIP %1 events that lie before the saved checkpoints: they are not processed again")
                                        : tr("will SKIP %1 events: they are never processed")).arg(text::exact(plan.skipped()));
}

QString memberName(const connectors::ConsumerMember &member)
{
    return text::untrusted(member.clientId.isEmpty() ? member.member : member.clientId, 60);
}

QString membersText(const Plan &plan, const connectors::ConsumerState *now)
{
    using connectors::ConsumerActivity;
    const auto &members = now && now->members ? *now->members : plan.members;
    const ConsumerActivity activity = now ? now->summary.activity : members.empty() ? ConsumerActivity::Empty : ConsumerActivity::Active;
    if (activity == ConsumerActivity::NotTold)
        return tr("this system does not tell who reads: make sure that nobody does");
    if (members.empty() && (activity == ConsumerActivity::Active || activity == ConsumerActivity::Rebalancing))
        return tr("somebody reads, but this system does not tell who · after approval this waits until nobody does");
    if (members.empty())
        return plan.members.empty() ? tr("none ✓") : tr("none ✓ (was %1)").arg(text::exact(std::ssize(plan.members)));
    QStringList names;
    for (size_t i = 0; i < members.size() && i < 8; ++i)
        names += tr("%1 on %2").arg(memberName(members[i]), text::untrusted(members[i].host, 60));
    if (members.size() > 8)
        names += tr("and %1 more").arg(text::exact(std::ssize(members) - 8));
    return tr("%1: %2 · after approval this waits until they have stopped").arg(text::exact(std::ssize(members)), names.join(QStringLiteral(", ")));
}

QString sampleText(const models::replay::LearnedEffects &learned, qint64 replayed, const QString &traces)
{
    if (learned.isNewestOnly)
        return tr("learned from %1 of the newest of %2 events").arg(traces, text::exact(replayed));
    return learned.sampled >= replayed ? tr("learned from %1 of all %2 events").arg(traces, text::exact(replayed))
                                       : tr("learned from %1 of %2 events, taken from the oldest to the newest").arg(traces, text::exact(replayed));
}

QString effectsText(const models::replay::LearnedEffects &learned, const Plan &plan)
{
    constexpr size_t MostTypes = 5;
    if (learned.sampled == 0) {
        return learned.withoutId > 0 ? tr("not known: the events carry no id that an effect could name")
                                     : tr("not known: none of the events that are processed again could be read");
    }
    const QString traces = learned.traces == 1 ? tr("1 trace") : tr("%1 traces").arg(text::exact(learned.traces));
    const QString from = sampleText(learned, plan.replayed(), traces);
    if (learned.effects.empty()) {
        return learned.isComplete ? tr("in the %1 that were looked at, no event names one of these as its cause (%2)").arg(text::exact(learned.sampled), from)
                                  : tr("not known: what came after these events could not all be searched (%1)").arg(from);
    }
    QStringList parts;
    for (size_t i = 0; i < learned.effects.size() && i < MostTypes; ++i) {
        const auto &effect = learned.effects[i];
        const QString type = effect.eventType.isEmpty() ? tr("events without a type") : text::untrusted(effect.eventType, 80);
        parts += tr("≈ %1 %2").arg(text::exact(learned.expected(effect, plan.replayed())), type);
    }
    if (learned.effects.size() > MostTypes)
        parts += tr("%1 more types").arg(text::exact(static_cast<qint64>(learned.effects.size() - MostTypes)));
    QString words = tr("%1 (%2)").arg(parts.join(QStringLiteral(", ")), from);
    if (!learned.isComplete)
        words += tr(" · or more: not all that came after them was searched");
    if (!plan.otherConsumers.empty())
        words += tr(" · by this consumer or another of these streams");
    return words;
}

QString learningCostText()
{
    using models::replay::EffectLearner;
    return tr("not looked for unasked on production: it reads up to %1 MB, in at most %2 s")
        .arg(text::exact(EffectLearner::MostProductionBytes / 1'000'000), text::exact(EffectLearner::Longest.count()));
}

QString ageText(const Plan &plan, connectors::EpochMs now)
{
    constexpr connectors::EpochMs FreshMs = 60'000;
    if (plan.created == 0 || now - plan.created < FreshMs)
        return {};
    return tr("Planned %1 ago: what it says of the streams and of who else reads them is of then. The checkpoints are compared again before anything is written.")
        .arg(text::duration(now - plan.created));
}

QString othersText(const Plan &plan)
{
    if (plan.otherConsumers.empty())
        return tr("none are known");
    QStringList names;
    for (size_t i = 0; i < plan.otherConsumers.size() && i < 6; ++i)
        names += text::untrusted(plan.otherConsumers[i], 60);
    if (plan.otherConsumers.size() > 6)
        names += tr("and %1 more").arg(text::exact(std::ssize(plan.otherConsumers) - 6));
    return tr("%1, not touched: %2").arg(text::exact(std::ssize(plan.otherConsumers)), names.join(QStringLiteral(", ")));
}

QString rowText(const PlanRow &row)
{
    if (row.refused && row.refused->start && row.refused->end) // the range first: the rest may not fit into a column
        return tr("refused (%1 to %2): %3").arg(positionText(row.refused->start), positionText(row.refused->end), text::untrusted(row.refused->message, 300));
    if (row.refused)
        return tr("refused: %1").arg(text::untrusted(row.refused->message, 300));
    if (!row.isChange())
        return tr("no change");
    if (row.isDeletion())
        return tr("delete the checkpoint: there was none before");
    if (!row.before)
        return tr("set the first checkpoint");
    if (row.replayed.value_or(0) > 0)
        return tr("process again %1").arg(text::exact(*row.replayed));
    if (row.skipped.value_or(0) > 0)
        return tr("SKIP %1").arg(text::exact(*row.skipped));
    return row.before == row.after ? tr("put back the metadata") : tr("move; no stored event lies between");
}

QString positionText(const std::optional<qint64> &position)
{
    return position ? text::exact(*position) : tr("none");
}

QString commandText(const Plan &plan, const models::replay::ResetRequest *request, const QString &csvPath, const QString &reason)
{
    const QString why = reason.isEmpty() ? QString() : option("--reason", reason);
    if (plan.kind == PlanKind::Undo)
        return QStringLiteral("streamgaugectl undo ") + idWord(plan.undoes) + (plan.isMovedOnAccepted ? QStringLiteral(" --moved-on") : QString()) + why;
    if (!request)
        return QStringLiteral("streamgaugectl apply ") + idWord(plan.planId) + why;
    QString options;
    if (request->isAllStreams)
        options += QStringLiteral(" --all-streams");
    for (const QString &stream : request->isAllStreams ? std::vector<QString>() : request->streams)
        options += option("--stream", stream);
    for (const int partition : request->partitions)
        options += QStringLiteral(" --partition %1").arg(partition);
    options += targetOptions(*request, csvPath) + why;
    const QString what = u' ' + connectionArgument(plan.spec) + u' ' + event::shellQuoted(plan.consumer);
    if (plan.spec.name.startsWith(u'-') || plan.consumer.startsWith(u'-'))
        return QStringLiteral("streamgaugectl reset") + options + QStringLiteral(" --") + what;
    return QStringLiteral("streamgaugectl reset") + what + options;
}

QString summaryText(const Plan &plan, connectors::Environment environment, std::optional<double> ratePerSecond, bool isStored)
{
    QStringList lines{headline(plan), frame::environmentWord(environment)};
    for (const QString &effect : {replayedText(plan, ratePerSecond), skippedText(plan)})
        if (!effect.isEmpty())
            lines += effect;
    lines += tr("others on these streams: %1").arg(othersText(plan));
    lines += tr("reversible: %1").arg(plan.reversible);
    for (size_t i = 0; i < plan.rows.size() && i < SummaryRows; ++i) {
        const PlanRow &row = plan.rows[i];
        lines += tr("%1 partition %2: %3 → %4, %5").arg(text::untrusted(row.stream, 120), QString::number(row.partition), positionText(row.before), row.refused ? QStringLiteral("–") : positionText(row.after), rowText(row));
    }
    if (plan.rows.size() > SummaryRows)
        lines += tr("… and %1 more rows").arg(text::exact(static_cast<qint64>(plan.rows.size() - SummaryRows)));
    for (const QString &warning : plan.warnings)
        lines += tr("warning: %1").arg(text::untrusted(warning, 500));
    if (isStored)
        lines += tr("plan %1, hash %2").arg(plan.planId, models::replay::hashOf(plan));
    return lines.join(u'\n');
}

QString stateWord(State state)
{
    switch (state) {
    case State::Planned: return tr("planned");
    case State::Approved: return tr("approved");
    case State::Waiting: return tr("waiting");
    case State::Intent: return tr("about to be sent");
    case State::Applying: return tr("being applied");
    case State::Verifying: return tr("being read back");
    case State::Unknown: return tr("UNKNOWN");
    case State::Done: return tr("done");
    case State::NotApplied: return tr("not applied");
    case State::Partial: return tr("PARTIAL");
    case State::Diverged: return tr("DIVERGED");
    }
    return {};
}

QString stateExplanation(State state)
{
    switch (state) {
    case State::Planned: return tr("The plan was stored and nothing was changed.");
    case State::Approved: return tr("It was approved; nothing has been sent yet.");
    case State::Waiting: return tr("It waits until nobody reads.");
    case State::Intent: return tr("It was about to be sent. Only reading tells whether it was.");
    case State::Applying: return tr("It was sent; its end has not been written down yet.");
    case State::Verifying: return tr("It was sent and is being read back.");
    case State::Unknown: return tr("It may or may not have happened. Only reading tells; it is never sent again by itself.");
    case State::Done: return tr("Every checkpoint was read back where the plan put it.");
    case State::NotApplied: return tr("Every checkpoint is where it was before. Nothing was changed.");
    case State::Partial: return tr("Some checkpoints were moved and some were not; the table says which.");
    case State::Diverged: return tr("Some checkpoints are where neither the plan nor the state before explains it.");
    }
    return {};
}

theme::Role stateRole(State state)
{
    switch (state) {
    case State::Done: return theme::Role::Ok;
    case State::Planned:
    case State::NotApplied: return theme::Role::Muted;
    case State::Partial:
    case State::Diverged: return theme::Role::Error;
    case State::Unknown: return theme::Role::Warning;
    default: return theme::Role::Info;
    }
}

QString stateIcon(State state)
{
    switch (state) {
    case State::Done: return QStringLiteral("ok");
    case State::Partial:
    case State::Diverged: return QStringLiteral("error");
    case State::Unknown: return QStringLiteral("unknown");
    case State::Planned: return QStringLiteral("journal");
    case State::NotApplied: return QStringLiteral("close");
    default: return QStringLiteral("clock");
    }
}

QString resultWord(RowResult result)
{
    switch (result) {
    case RowResult::Done: return tr("done");
    case RowResult::DoneInUse: return tr("done, and read on since");
    case RowResult::NotApplied: return tr("NOT APPLIED");
    case RowResult::NotAppliedInUse: return tr("NOT APPLIED, and read on since");
    case RowResult::Diverged: return tr("DIVERGED: neither explains it");
    }
    return {};
}

theme::Role resultRole(RowResult result)
{
    switch (result) {
    case RowResult::Done:
    case RowResult::DoneInUse: return theme::Role::Ok;
    case RowResult::NotApplied:
    case RowResult::NotAppliedInUse: return theme::Role::Warning;
    case RowResult::Diverged: return theme::Role::Error;
    }
    return theme::Role::Muted;
}

QString takeUpText(const models::replay::TakeUpRow &row)
{
    const QString left = row.now && row.end ? text::exact(std::max<qint64>(0, *row.end - *row.now)) : QStringLiteral("–");
    switch (row.state) {
    case TakeUpState::Waiting: return row.now ? tr("at the target, not read yet") : tr("no checkpoint, not read yet");
    case TakeUpState::Moving:
        return row.hasJumped ? tr("passed its old place at once, now at %1: make sure that nobody stored the old place again").arg(positionText(row.now))
                             : tr("read on to %1, %2 left").arg(positionText(row.now), left);
    case TakeUpState::CaughtUp:
        return row.hasJumped ? tr("at the end, %1, and past its old place at once: it may have been read, or stored again").arg(positionText(row.now))
                             : tr("caught up at %1").arg(positionText(row.now));
    case TakeUpState::Elsewhere: return tr("stored ELSEWHERE: %1").arg(positionText(row.now));
    case TakeUpState::Unknown: return tr("could not be read");
    }
    return {};
}

} // namespace ui::replay
