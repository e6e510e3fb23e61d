// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/replay/classification.h"

#include "models/journal/canonical_json.h"

#include <algorithm>
#include <array>

namespace models::replay {

namespace {

constexpr connectors::EpochMs LongestStepMs = 5 * 60'000; ///< far beyond the time-outs of a step with all its attempts

constexpr std::array<const char16_t *, 5> ResultWords{u"DONE", u"DONE_IN_USE", u"NOT_APPLIED", u"NOT_APPLIED_IN_USE", u"DIVERGED"};

} // namespace

RowResult classify(const PlanRow &row, std::optional<qint64> now, const QByteArray &nowMetadata)
{
    const bool isMetadataChange = row.isRestoringMetadata && row.before == row.after;
    if (isMetadataChange && now == row.after)
        return nowMetadata == row.afterMetadata ? RowResult::Done : RowResult::NotApplied;
    if (now == row.after)
        return RowResult::Done;
    if (now == row.before)
        return RowResult::NotApplied;
    if (!now || !row.before || !row.after)
        return RowResult::Diverged;
    if (*row.after < *now && *now < *row.before)
        return RowResult::DoneInUse;
    if (*row.before < *now && *now < *row.after)
        return RowResult::NotAppliedInUse;
    return RowResult::Diverged;
}

std::vector<RowOutcome> classify(const Plan &plan, const Snapshot &now)
{
    std::vector<RowOutcome> outcomes;
    for (const PlanRow &row : plan.rows) {
        if (!row.isChange())
            continue;
        const auto position = now.positions.find(row.id());
        const auto checkpoint = now.checkpoint(row.id());
        const QByteArray metadata = position == now.positions.end() ? QByteArray() : position->second.metadata;
        outcomes.push_back({row, checkpoint, classify(row, checkpoint, metadata), {}});
    }
    return outcomes;
}

journal::State overallState(const std::vector<RowOutcome> &outcomes)
{
    const auto isDone = [](const RowOutcome &outcome) { return outcome.result == RowResult::Done || outcome.result == RowResult::DoneInUse; };
    const auto isDiverged = [](const RowOutcome &outcome) { return outcome.result == RowResult::Diverged; };
    if (std::any_of(outcomes.begin(), outcomes.end(), isDiverged))
        return journal::State::Diverged;
    if (std::all_of(outcomes.begin(), outcomes.end(), isDone))
        return journal::State::Done;
    return std::any_of(outcomes.begin(), outcomes.end(), isDone) ? journal::State::Partial : journal::State::NotApplied;
}

bool mayBeUnderWay(const journal::Record &record, connectors::EpochMs now)
{
    using journal::State;
    const auto isOfAStep = [](const journal::Entry &entry) { return entry.state == State::Intent || entry.state == State::Applying || entry.state == State::Unknown; };
    const auto newest = std::find_if(record.entries.rbegin(), record.entries.rend(), isOfAStep);
    // A clock that was put back says nothing of the age.
    return newest != record.entries.rend() && newest->state != State::Applying && now - newest->at < LongestStepMs;
}

QString wordOf(RowResult result)
{
    return QString::fromUtf16(ResultWords[static_cast<size_t>(result)]);
}

std::optional<RowResult> rowResultFrom(const QString &word)
{
    for (size_t i = 0; i < ResultWords.size(); ++i) {
        if (word == QString::fromUtf16(ResultWords[i]))
            return static_cast<RowResult>(i);
    }
    return std::nullopt;
}

QJsonArray toJson(const std::vector<RowOutcome> &outcomes)
{
    QJsonArray array;
    for (const RowOutcome &outcome : outcomes) {
        QJsonObject object{{QStringLiteral("stream"), outcome.row.stream}, {QStringLiteral("partition"), outcome.row.partition},
                           {QStringLiteral("before"), journal::toJson(outcome.row.before)}, {QStringLiteral("target"), journal::toJson(outcome.row.after)},
                           {QStringLiteral("now"), journal::toJson(outcome.now)}, {QStringLiteral("result"), wordOf(outcome.result)}};
        if (!outcome.problem.isEmpty())
            object[QStringLiteral("problem")] = outcome.problem;
        array.append(object);
    }
    return array;
}

} // namespace models::replay
