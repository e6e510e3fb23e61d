// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/projection/writer_watch.h"

#include "connectors/answer_of.h"
#include "models/replay/sleep.h"

#include <algorithm>

namespace models::projection {

using namespace connectors;

namespace {

constexpr std::chrono::milliseconds BetweenLooks{1'000};

/// Null where it cannot be told.
std::optional<std::vector<ConsumerPosition>> positionsOf(Connector &source, const QString &consumer, const std::stop_token &stop)
{
    ConsumerCatalog *catalog = source.consumerCatalog();
    if (!catalog)
        return std::nullopt;
    ConsumerStateRequest request;
    request.consumers = {consumer};
    request.withMembers = false;
    const auto states = answerOf(catalog->consumerStates(request, stop));
    if (!states || states->consumers.empty() || states->consumers.front().problem || states->consumers.front().positions.empty())
        return std::nullopt;
    return states->consumers.front().positions;
}

bool haveMoved(const std::vector<ConsumerPosition> &before, const std::vector<ConsumerPosition> &now)
{
    return !std::equal(before.begin(), before.end(), now.begin(), now.end(), [](const ConsumerPosition &a, const ConsumerPosition &b) { return a.stream == b.stream && a.partition == b.partition && a.checkpoint == b.checkpoint; });
}

bool isAtTheEnd(const ConsumerPosition &position)
{
    const std::optional<qint64> end = position.safeHead ? position.safeHead : position.end;
    return position.scopeLag == 0 || (position.checkpoint && end && *position.checkpoint >= *end);
}

} // namespace

WriterSeen watchWriter(Connector &source, const QString &consumer, std::chrono::milliseconds longest, const std::stop_token &stop)
{
    const auto until = std::chrono::steady_clock::now() + longest;
    const auto before = positionsOf(source, consumer, stop);
    if (!before)
        return WriterSeen::Unknown;
    auto now = before;
    while (now && !haveMoved(*before, *now) && !std::all_of(now->begin(), now->end(), isAtTheEnd)) {
        if (std::chrono::steady_clock::now() >= until || !replay::sleepFor(BetweenLooks, stop))
            return WriterSeen::Still;
        now = positionsOf(source, consumer, stop);
    }
    return now ? WriterSeen::Moving : WriterSeen::Unknown;
}

} // namespace models::projection
