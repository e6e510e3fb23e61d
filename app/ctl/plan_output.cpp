// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/plan_output.h"

namespace ctl {

using models::replay::Plan;
using models::replay::PlanRow;
using models::replay::RowOutcome;
using models::replay::StoredPlan;

namespace {

Json refusalJson(const std::optional<models::replay::Refusal> &refusal)
{
    if (!refusal)
        return {};
    return JsonObject().add("code", refusal->code).add("message", refusal->message).add("start", refusal->start).add("end", refusal->end);
}

Json planJson(const StoredPlan &stored, const PlanResult &result)
{
    const Plan &plan = stored.plan;
    const bool isStored = !stored.journalId.isEmpty();
    JsonArray rows;
    for (const PlanRow &row : plan.rows) {
        rows.add(JsonObject().add("stream", row.stream).add("partition", row.partition).add("before", row.before).add("after", row.after)
                     .add("replayed", row.replayed).add("skipped", row.skipped).add("refused", refusalJson(row.refused)));
    }
    JsonObject object;
    object.add("planId", isStored ? Json(plan.planId) : Json()).add("hash", isStored ? Json(hashOf(plan)) : Json());
    object.add("reversible", plan.reversible).add("warnings", jsonOf(plan.warnings)).add("rows", rows);
    if (result.isTried) {
        const bool isExecuted = result.outcome && result.outcome->state != models::journal::State::Planned;
        object.add("executed", isExecuted).add("journalId", jsonOrNull(stored.journalId));
        object.add("result", isExecuted ? Json(models::journal::wordOf(result.outcome->state)) : Json());
    }
    if (result.refused)
        object.add("refused", jsonOf(*result.refused));
    return object;
}

/// What became of the row, empty while nothing was tried.
QString resultText(const PlanRow &row, const PlanResult &result)
{
    if (!result.outcome)
        return {};
    for (const RowOutcome &outcome : result.outcome->rows) {
        if (outcome.row.id() == row.id())
            return outcome.problem.isEmpty() ? wordOf(outcome.result) : wordOf(outcome.result) + QStringLiteral(": ") + outcome.problem;
    }
    if (result.outcome->rows.empty() && result.outcome->state == models::journal::State::Unknown && row.isChange())
        return QStringLiteral("UNKNOWN");
    return QStringLiteral("not touched");
}

QString effectText(const PlanRow &row)
{
    if (row.refused)
        return QStringLiteral("REFUSED: ") + row.refused->message;
    if (row.skipped.value_or(0) > 0)
        return QStringLiteral("will SKIP %1 events").arg(*row.skipped);
    if (row.replayed.value_or(0) > 0)
        return QStringLiteral("will process again %1 events").arg(*row.replayed);
    if (!row.isChange())
        return QStringLiteral("does not change");
    return row.isDeletion() ? QStringLiteral("checkpoint will be deleted") : QStringLiteral("checkpoint will be set");
}

/// The first few other consumers of the same streams.
QString othersText(const Plan &plan)
{
    constexpr size_t MostNames = 10;
    QStringList names;
    for (size_t i = 0; i < plan.otherConsumers.size() && i < MostNames; ++i)
        names += plan.otherConsumers[i];
    if (plan.otherConsumers.size() > MostNames)
        names += QStringLiteral("and %1 more").arg(plan.otherConsumers.size() - MostNames);
    return names.join(QStringLiteral(", "));
}

} // namespace

void printPlan(Output &out, const StoredPlan &stored, const PlanResult &result)
{
    const Plan &plan = stored.plan;
    if (out.isJson())
        return out.document(planJson(stored, result));
    QStringList header{QStringLiteral("STREAM"), QStringLiteral("PARTITION"), QStringLiteral("BEFORE"), QStringLiteral("AFTER"), QStringLiteral("EFFECT")};
    const QStringList numbers = header.mid(1, 3);
    if (result.isTried)
        header += QStringLiteral("RESULT");
    std::vector<QStringList> rows;
    for (const PlanRow &row : plan.rows) {
        QStringList cells{row.stream, QString::number(row.partition), numberText(row.before), numberText(row.after), effectText(row)};
        if (result.isTried)
            cells += resultText(row, result);
        rows.push_back(cells);
    }
    out.table(header, rows, numbers);
    if (!stored.journalId.isEmpty()) {
        out.text(QStringLiteral("plan        %1").arg(plan.planId));
        out.text(QStringLiteral("hash        %1").arg(hashOf(plan)));
    }
    out.text(QStringLiteral("reversible  %1").arg(plan.reversible));
    if (!plan.otherConsumers.empty())
        out.text(QStringLiteral("others      %1, not touched: %2").arg(plan.otherConsumers.size()).arg(othersText(plan)));
    if (result.isTried && !stored.journalId.isEmpty())
        out.text(QStringLiteral("journal     %1").arg(stored.journalId));
    if (result.outcome)
        out.text(QStringLiteral("result      %1").arg(models::journal::wordOf(result.outcome->state)));
    for (const QString &warning : plan.warnings)
        out.text(QStringLiteral("warning     %1").arg(warning));
    out.flush();
}

} // namespace ctl
