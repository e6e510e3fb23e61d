// SPDX-License-Identifier: GPL-3.0-or-later

#include "models/deadletter/letter_groups.h"

#include <algorithm>
#include <map>
#include <tuple>

namespace models::deadletter {

using connectors::DeadLetter;
using connectors::EpochMs;
using connectors::NoNumber;

namespace {

void includeTime(LetterGroup &group, EpochMs time)
{
    if (time == NoNumber)
        return;
    group.firstSeen = group.firstSeen == NoNumber ? time : std::min(group.firstSeen, time);
    group.lastSeen = std::max(group.lastSeen, time);
}

} // namespace

std::vector<LetterGroup> groupLetters(const std::vector<DeadLetter> &letters, Grouping grouping)
{
    std::map<std::tuple<Cause, QString, QString>, LetterGroup> byKey;
    for (size_t row = 0; row < letters.size(); ++row) {
        const DeadLetter &letter = letters[row];
        const Cause cause = grouping == Grouping::ByCause ? causeOf(letter) : exactCauseOf(letter);
        LetterGroup &group = byKey[{cause, letter.originalStream, letter.eventType}];
        if (group.letters.empty()) {
            group.cause = cause;
            group.originalStream = letter.originalStream;
            group.eventType = letter.eventType;
        }
        group.letters.push_back(static_cast<qsizetype>(row));
        includeTime(group, letter.diedAt);
    }
    std::vector<LetterGroup> groups;
    groups.reserve(byKey.size());
    for (auto &[key, group] : byKey)
        groups.push_back(std::move(group));
    std::stable_sort(groups.begin(), groups.end(),
                     [](const LetterGroup &a, const LetterGroup &b) { return a.letters.size() > b.letters.size(); });
    return groups;
}

std::vector<DepthStep> depthOverTime(const std::vector<DeadLetter> &letters, qint64 depthNow, EpochMs from, EpochMs to, int steps)
{
    if (to <= from || steps < 1)
        return {};
    std::vector<DepthStep> result(static_cast<size_t>(steps));
    const auto startOf = [&](int step) { return from + (to - from) * step / steps; };
    for (int step = 0; step < steps; ++step)
        result[static_cast<size_t>(step)].time = startOf(step);
    qint64 arrivedLater = 0;
    for (const DeadLetter &letter : letters) {
        if (letter.diedAt == NoNumber || letter.diedAt < from)
            continue;
        if (letter.diedAt >= to) {
            ++arrivedLater;
            continue;
        }
        const auto after = std::upper_bound(result.begin(), result.end(), letter.diedAt,
                                            [](EpochMs time, const DepthStep &step) { return time < step.time; });
        ++std::prev(after)->arrivals;
    }
    qint64 depth = depthNow - arrivedLater;
    for (auto step = result.rbegin(); step != result.rend(); ++step) {
        step->depth = std::max<qint64>(depth, 0);
        depth -= step->arrivals;
    }
    return result;
}

qint64 arrivalsInLastHour(const std::vector<DeadLetter> &letters, EpochMs now)
{
    constexpr EpochMs Hour = 3'600'000;
    return std::count_if(letters.cbegin(), letters.cend(), [now](const DeadLetter &letter) {
        return letter.diedAt != NoNumber && letter.diedAt > now - Hour && letter.diedAt <= now;
    });
}

} // namespace models::deadletter
