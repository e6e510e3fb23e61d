// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/change_run.h"

#include "app/ctl/plan_output.h"
#include "app/ctl/time_out.h"
#include "models/event/position_text.h"

#include <QDateTime>

#include <algorithm>

namespace ctl {

using namespace connectors;
using models::journal::State;
using models::replay::Plan;
using models::replay::RunOutcome;
using models::replay::StoredPlan;

namespace {

QString nothingToChange()
{
    return QStringLiteral("Every checkpoint of the plan is where it should be already; there is nothing to change.");
}

/// Says on stderr who still reads, when that changes.
models::replay::RunObserver memberObserver(Output &out, bool isWaiting)
{
    models::replay::RunObserver observer;
    observer.membersLeft = [&out, isWaiting, said = QString()](const std::vector<ConsumerMember> &members) mutable {
        QStringList names;
        for (const ConsumerMember &member : members)
            names += QStringLiteral("%1 on %2").arg(member.clientId.isEmpty() ? member.member : member.clientId, member.host);
        // Not every system tells who reads.
        const QString who = names.isEmpty() ? QStringLiteral("this system does not tell who does.")
                                            : QStringLiteral("%1 left: %2").arg(names.size()).arg(names.mid(0, 10).join(QStringLiteral(", ")));
        const QString sentence = (isWaiting ? QStringLiteral("Waiting until nobody reads any more; ") : QStringLiteral("It is still read; ")) + who;
        if (sentence != said)
            out.say(sentence);
        said = sentence;
    };
    return observer;
}

/// What a person can do about a plan with refused rows.
QString adviceFor(const Plan &plan)
{
    const bool hasMovedOn = std::any_of(plan.rows.begin(), plan.rows.end(), [](const auto &row) { return row.refused && row.refused->code == u"movedOn"; });
    const QString other = hasMovedOn ? QStringLiteral("Put them back all the same with --moved-on") : QStringLiteral("Choose another target");
    return other + (plan.changes() > 0 ? QStringLiteral(", or leave these partitions out with --skip-refused.") : QStringLiteral("."));
}

/// Why this plan would not be applied as it is.
std::optional<Error> refusalOf(const Plan &plan, bool isSkippingRefused)
{
    if (!plan.hasRefusals() || (isSkippingRefused && plan.changes() > 0))
        return std::nullopt;
    QStringList messages;
    for (const auto &row : plan.rows)
        if (row.refused)
            messages += row.refused->message;
    constexpr qsizetype Shown = 5;
    QString text = messages.mid(0, Shown).join(u' ');
    if (messages.size() > Shown)
        text += QStringLiteral(" (and %1 more)").arg(messages.size() - Shown);
    return Error{ErrorCode::Refused, text, adviceFor(plan), false};
}

Error differencesError(const RunOutcome &outcome)
{
    QStringList differences;
    for (const QString &difference : outcome.differences)
        differences += difference;
    return {ErrorCode::Conflict, QStringLiteral("%1 %2").arg(outcome.note, differences.join(u' ')), QStringLiteral("Plan again and look at it."), false};
}

struct Times {
    std::chrono::milliseconds wait{0};
    std::optional<std::chrono::milliseconds> validFor;
};

Result<Times> timesOf(const ChangeOptions &options)
{
    Times times;
    if (!options.wait.isEmpty()) {
        const auto wait = parseTimeout(options.wait);
        if (!wait)
            return tl::unexpected(wait.error());
        times.wait = *wait;
    }
    if (!options.validFor.isEmpty()) {
        const auto validFor = models::event::parseDuration(options.validFor);
        if (!validFor)
            return tl::unexpected(validFor.error());
        times.validFor = std::chrono::milliseconds(*validFor);
        if (*validFor <= 0 || *times.validFor > models::replay::LongestApproval)
            return failure(ErrorCode::InvalidInput, QStringLiteral("--for: an approval is good for more than nothing and at most 24h, not for “%1”.").arg(options.validFor.left(40)));
    }
    return times;
}

/// Applies, and says what came of it in the result; without an outcome and a refusal all was as it should be before.
PlanResult runChange(Context &context, const StoredPlan &stored, const ChangeOptions &options, const Times &times)
{
    PlanResult result{true, std::nullopt, refusalOf(stored.plan, options.isSkippingRefused)};
    if (result.refused || stored.plan.changes() == 0)
        return result;
    models::replay::RunOptions runOptions;
    runOptions.maxWait = times.wait;
    auto approval = models::replay::approve(stored.plan, options.confirmation, options.reason, options.isSkippingRefused,
                                            times.validFor.value_or(models::replay::ApprovalLifetime));
    constexpr EpochMs Margin = 60'000;
    if (times.wait.count() > 0 && !times.validFor) // who asks to wait so long approves for so long
        approval.until = std::max(approval.until, QDateTime::currentMSecsSinceEpoch() + times.wait.count() + Margin);
    auto outcome = models::replay::applyStored(context.factory(), models::journal::Journal::defaultPath(), stored.journalId, approval, runOptions,
                                               memberObserver(context.out(), times.wait.count() > 0), context.stopToken());
    if (!outcome && outcome.error().code == ErrorCode::OutcomeUnknown) // it was sent
        result.outcome = RunOutcome{stored.journalId, State::Unknown, {}, {}, describe(outcome.error())};
    else if (!outcome)
        result.refused = outcome.error();
    else if (!outcome->differences.empty())
        result.refused = differencesError(*outcome);
    if (outcome)
        result.outcome = std::move(*outcome);
    return result;
}

ExitStatus applyChange(Context &context, const StoredPlan &stored, const ChangeOptions &options)
{
    Output &out = context.out();
    const auto times = timesOf(options);
    if (!times)
        return out.fail(times.error());
    const PlanResult result = runChange(context, stored, options, *times);
    printPlan(out, stored, result);
    if (result.refused) {
        out.say(*result.refused);
        return exitStatusOf(result.refused->code);
    }
    if (!result.outcome) {
        out.say(nothingToChange());
        return ExitStatus::Done;
    }
    if (!result.outcome->note.isEmpty())
        out.say(result.outcome->note);
    if (result.outcome->state == State::Unknown)
        out.say(QStringLiteral("Find out what became of it with: streamgaugectl journal resolve %1").arg(stored.journalId));
    if (result.outcome->state == State::Done && !context.isJson())
        out.say(QStringLiteral("Done. To put the checkpoints back: streamgaugectl undo %1 --execute").arg(stored.journalId));
    return exitStatusOf(result.outcome->state);
}

} // namespace

void declareChange(Arguments &arguments, ChangeOptions &options, bool hasExecute)
{
    if (hasExecute)
        arguments.flag("--execute", options.isExecuted, "Apply the plan; without this nothing is changed");
    else
        options.isExecuted = true;
    arguments.option("--confirm", options.confirmation, "The consumer's name; needed on production");
    arguments.option("--reason", options.reason, "Why, or a ticket; needed on production");
    arguments.flag("--skip-refused", options.isSkippingRefused, "Leave out the partitions that cannot be done instead of refusing all");
    arguments.option("--wait", options.wait, "Wait so long until nobody reads in the consumer any more, e.g. 5m; else it is refused at once");
    arguments.option("--for", options.validFor, "How long the approval is good, e.g. 8h for a change window; 15m unless it waits longer");
}

ExitStatus exitStatusOf(State state)
{
    switch (state) {
    case State::Done: return ExitStatus::Done;
    case State::Planned:
    case State::NotApplied: return ExitStatus::NotSo;
    default: return ExitStatus::Incomplete;
    }
}

ExitStatus finishChange(Context &context, const StoredPlan &stored, const ChangeOptions &options)
{
    Output &out = context.out();
    if (options.isExecuted && !stored.storeProblem)
        return applyChange(context, stored, options);
    if (options.isExecuted)
        return out.fail(*stored.storeProblem); // if the journal cannot be written, nothing starts
    // First of all: what is not in the journal cannot be applied, whatever else is right with it.
    const PlanResult shown{false, std::nullopt, stored.storeProblem ? stored.storeProblem : refusalOf(stored.plan, options.isSkippingRefused)};
    printPlan(out, stored, shown);
    if (shown.refused) {
        if (stored.storeProblem)
            out.say(QStringLiteral("The plan could not be written to the journal, so it cannot be applied."));
        out.say(*shown.refused);
        return ExitStatus::NotSo;
    }
    if (stored.plan.changes() == 0)
        out.say(nothingToChange());
    else if (!context.isJson())
        out.say(QStringLiteral("Nothing was changed. To apply exactly this plan: streamgaugectl apply %1").arg(stored.plan.planId));
    return ExitStatus::Done;
}

} // namespace ctl
