// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/replay/plan_context.h"

#include "connectors/answer_of.h"

#include <QLocale>

#include <algorithm>
#include <set>

namespace models::replay {

using namespace connectors;

namespace {

constexpr qint64 Hour = 3'600'000;
constexpr qint64 LongestOutlook = 24 * Hour;

std::set<QString> changedStreams(const Plan &plan)
{
    std::set<QString> streams;
    for (const PlanRow &row : plan.rows) {
        if (row.isChange())
            streams.insert(row.stream);
    }
    return streams;
}

std::set<QString> streamsOf(const Plan &plan)
{
    std::set<QString> streams;
    for (const PlanRow &row : plan.rows)
        streams.insert(row.stream);
    return streams;
}

/// How far ahead a loss is worth a warning: a day, or a quarter of what is kept at all.
qint64 outlookOf(qint64 retention)
{
    return std::min(LongestOutlook, retention / 4);
}

QString outlookText(qint64 outlook)
{
    return outlook >= Hour ? QStringLiteral("%1 h").arg(outlook / Hour) : QStringLiteral("%1 min").arg(std::max<qint64>(1, outlook / 60'000));
}

/// Events from the row's target on that are older than `oldest` is at the end of the outlook.
qint64 expiring(const PlanRow &row, const std::vector<TimePosition> &oldest)
{
    const auto found = std::find_if(oldest.begin(), oldest.end(), [&](const TimePosition &position) { return position.partition == row.partition; });
    if (found == oldest.end() || !row.after || !row.before)
        return 0;
    const qint64 kept = found->position.value_or(*row.before); // nothing is that young: all of it goes
    return std::clamp(std::min(kept, *row.before) - std::max(*row.after, row.start.value_or(0)), qint64(0), row.replayed.value_or(0));
}

} // namespace

void findOtherConsumers(Connector &connector, Plan &plan, std::stop_token stop)
{
    std::set<QString> streams = changedStreams(plan);
    if (streams.empty())
        streams = streamsOf(plan); // what is asked about has its other consumers all the same
    ConsumerCatalog *catalog = connector.consumerCatalog();
    if (streams.empty() || !catalog)
        return;
    ConsumerStateRequest request;
    request.withMembers = false;
    const auto states = answerOf(catalog->consumerStates(request, stop));
    if (!states || !states->problems.empty())
        plan.warnings.push_back(QStringLiteral("Not every other consumer of these streams could be read, so there may be more than are named."));
    if (!states)
        return;
    for (const ConsumerState &state : states->consumers) {
        const bool isReader = std::any_of(state.positions.begin(), state.positions.end(), [&](const ConsumerPosition &position) { return streams.contains(position.stream); });
        if (isReader && state.summary.consumer != plan.consumer)
            plan.otherConsumers.push_back(state.summary.consumer);
    }
}

void warnAboutRetention(Connector &connector, Plan &plan, const Snapshot &snapshot, std::stop_token stop)
{
    StreamCatalog *catalog = connector.streamCatalog();
    const QLocale locale = QLocale::c();
    for (const QString &name : changedStreams(plan)) {
        const auto stream = snapshot.streams.find(name);
        const bool isReplayed = std::any_of(plan.rows.begin(), plan.rows.end(), [&](const PlanRow &row) { return row.stream == name && row.replayed.value_or(0) > 0; });
        if (!catalog || !isReplayed || stream == snapshot.streams.end() || stream->second.cleanupPolicy == QStringLiteral("compact"))
            continue;
        const qint64 retention = stream->second.retentionMs.value_or(-1);
        if (retention <= 0)
            continue;
        const qint64 outlook = outlookOf(retention);
        const auto oldest = answerOf(catalog->positionsAt(name, snapshot.takenAt - retention + outlook, stop));
        if (!oldest)
            continue;
        qint64 count = 0;
        for (const PlanRow &row : plan.rows) {
            if (row.stream == name && row.isChange())
                count += expiring(row, *oldest);
        }
        if (count > 0) {
            plan.warnings.push_back(QStringLiteral("Retention removes up to %1 of the events of %2 that are to be processed again within %3; a consumer that is slower loses them.")
                                        .arg(locale.toString(count), name, outlookText(outlook)));
        }
    }
}

} // namespace models::replay
