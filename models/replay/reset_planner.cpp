// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/replay/reset_planner.h"

#include "connectors/answer_of.h"
#include "models/replay/effect_counter.h"
#include "models/replay/plan_context.h"

#include <QDateTime>
#include <QLocale>
#include <QUuid>

#include <algorithm>
#include <set>

namespace models::replay {

using namespace connectors;

namespace {

constexpr qint64 LongEmptyMs = 5LL * 24 * 3600 * 1000; ///< Kafka forgets an empty group's offsets after 7 days by default

/// What positionsAt() answered for one stream.
using TimeAnswers = std::map<QString, std::vector<TimePosition>>;

PlanRow rowAt(const PartitionId &id, const Snapshot &snapshot)
{
    PlanRow row;
    row.stream = id.stream;
    row.partition = id.partition;
    if (const auto position = snapshot.positions.find(id); position != snapshot.positions.end()) {
        row.before = position->second.checkpoint;
        row.beforeMetadata = position->second.metadata;
        row.isBeforeExact = position->second.isMetadataExact;
    }
    if (const auto extent = snapshot.extent(id)) {
        row.start = extent->start;
        row.end = extent->end;
    }
    return row;
}

void refuse(PlanRow &row, const QString &code, const QString &message)
{
    row.after.reset();
    row.refused = Refusal{code, message, row.start, row.end};
}

/// The partitions that the request means, in order; those that do not exist are among them and refused later.
std::set<PartitionId> chosenPartitions(const ResetRequest &request, const Snapshot &snapshot)
{
    std::set<PartitionId> chosen;
    if (const auto *lines = std::get_if<std::vector<CheckpointLine>>(&request.target)) {
        for (const CheckpointLine &line : *lines) {
            const bool isWanted = request.isAllStreams || request.streams.empty()
                || std::find(request.streams.begin(), request.streams.end(), line.at.stream) != request.streams.end();
            if (isWanted)
                chosen.insert(line.at);
        }
        return chosen;
    }
    std::set<QString> streams(request.streams.begin(), request.streams.end());
    if (request.isAllStreams) {
        for (const auto &[id, position] : snapshot.positions)
            streams.insert(id.stream);
    }
    const bool isShift = std::holds_alternative<ShiftBy>(request.target);
    for (const QString &stream : streams) {
        bool isKnown = false;
        if (const auto info = snapshot.streams.find(stream); info != snapshot.streams.end()) {
            isKnown = !info->second.partitions.empty();
            for (const PartitionExtent &extent : info->second.partitions)
                chosen.insert({stream, extent.partition});
        }
        for (const auto &[id, position] : snapshot.positions) {
            if (id.stream == stream) {
                chosen.insert(id);
                isKnown = true;
            }
        }
        if (!isKnown)
            chosen.insert({stream, request.partitions.empty() ? 0 : request.partitions.front()});
        for (const int partition : request.partitions)
            chosen.insert({stream, partition});
    }
    if (!request.partitions.empty())
        std::erase_if(chosen, [&](const PartitionId &id) { return std::find(request.partitions.begin(), request.partitions.end(), id.partition) == request.partitions.end(); });
    else if (isShift)
        std::erase_if(chosen, [&](const PartitionId &id) { return snapshot.extent(id) && !snapshot.checkpoint(id); });
    return chosen;
}

Result<TimeAnswers> resolveTime(Connector &connector, EpochMs time, const std::set<PartitionId> &chosen, const Snapshot &snapshot, std::stop_token stop)
{
    TimeAnswers answers;
    for (const PartitionId &id : chosen) {
        if (answers.contains(id.stream) || !snapshot.extent(id))
            continue;
        if (!connector.streamCatalog())
            return failure(ErrorCode::Unsupported, connector.whyNot(Ability::StreamCatalog));
        auto positions = answerOf(connector.streamCatalog()->positionsAt(id.stream, time, stop));
        if (!positions)
            return tl::unexpected(positions.error());
        answers[id.stream] = std::move(*positions);
    }
    return answers;
}

QString timeText(EpochMs time)
{
    return QDateTime::fromMSecsSinceEpoch(time, Qt::UTC).toString(Qt::ISODateWithMs);
}

/// `after` of one row for a position that every row shares; refuses where there is none.
struct SpecResolver {
    PlanRow &row;
    const TimeAnswers &times;

    void operator()(const Earliest &) const { row.after = row.start; }
    void operator()(const Latest &) const { row.after = row.end; }
    void operator()(const AtPosition &at) const { row.after = at.position; }
    void operator()(const Newest &newest) const { row.after = std::max(*row.start, *row.end - newest.count); }
    void operator()(const AtTime &at) const
    {
        if (const auto answer = times.find(row.stream); answer != times.end()) {
            for (const TimePosition &position : answer->second) {
                if (position.partition == row.partition)
                    row.after = position.position;
            }
        }
        if (!row.after)
            refuse(row, QStringLiteral("noMatch"), QStringLiteral("%1 partition %2 has no event at or after %3.").arg(row.stream, QString::number(row.partition), timeText(at.time)));
    }
};

void resolveRow(PlanRow &row, const ResetRequest &request, const TimeAnswers &times)
{
    if (const auto *spec = std::get_if<PositionSpec>(&request.target)) {
        std::visit(SpecResolver{row, times}, *spec);
    } else if (const auto *shift = std::get_if<ShiftBy>(&request.target)) {
        qint64 moved = 0;
        if (!row.before)
            refuse(row, QStringLiteral("noCheckpoint"), QStringLiteral("%1 partition %2 has no checkpoint that could be moved.").arg(row.stream, QString::number(row.partition)));
        else if (__builtin_add_overflow(*row.before, shift->by, &moved))
            refuse(row, QStringLiteral("outOfRange"), QStringLiteral("Moved by %1, the checkpoint of %2 partition %3 is no number any more.")
                       .arg(QString::number(shift->by), row.stream, QString::number(row.partition)));
        else
            row.after = moved;
    } else {
        for (const CheckpointLine &line : std::get<std::vector<CheckpointLine>>(request.target)) {
            if (line.at == row.id())
                row.after = line.position;
        }
    }
    if (!row.refused && (*row.after < *row.start || *row.after > *row.end))
        refuse(row, QStringLiteral("outOfRange"), QStringLiteral("%1 is outside %2 partition %3, which goes from %4 to %5.")
                   .arg(QString::number(*row.after), row.stream, QString::number(row.partition), QString::number(*row.start), QString::number(*row.end)));
}

PlanRow plannedRow(const PartitionId &id, const ResetRequest &request, const Snapshot &snapshot, const TimeAnswers &times)
{
    PlanRow row = rowAt(id, snapshot);
    if (!snapshot.extent(id)) {
        const bool isStreamKnown = snapshot.streams.contains(id.stream);
        refuse(row, isStreamKnown ? QStringLiteral("unknownPartition") : QStringLiteral("unknownStream"),
               isStreamKnown ? QStringLiteral("%1 has no partition %2.").arg(id.stream, QString::number(id.partition))
                             : QStringLiteral("There is no stream “%1”.").arg(id.stream));
    } else if (!row.start || !row.end) {
        refuse(row, QStringLiteral("unreadable"), QStringLiteral("The range of %1 partition %2 could not be read.").arg(id.stream, QString::number(id.partition)));
    } else {
        resolveRow(row, request, times);
    }
    countEffects(row, snapshot);
    return row;
}

void warnAboutStreams(Plan &plan, const Snapshot &snapshot)
{
    std::set<QString> compacted;
    for (const PlanRow &row : plan.rows) {
        const auto stream = snapshot.streams.find(row.stream);
        if (row.isChange() && stream != snapshot.streams.end() && stream->second.cleanupPolicy.contains(QStringLiteral("compact")))
            compacted.insert(row.stream);
    }
    for (const QString &stream : compacted)
        plan.warnings.push_back(QStringLiteral("%1 is compacted: older values of a key are gone, so fewer events are processed again than the numbers say.").arg(stream));
}

void warnAboutRows(Plan &plan, const Snapshot &snapshot)
{
    for (const PlanRow &row : plan.rows) {
        const auto extent = snapshot.extent(row.id());
        if (row.isChange() && row.after && extent && extent->safeHead && *row.after > *extent->safeHead) {
            plan.warnings.push_back(QStringLiteral("A transaction is open in %1 partition %2 at %3: events behind it are not committed yet.")
                                        .arg(row.stream, QString::number(row.partition), QString::number(*extent->safeHead)));
        }
        if (!row.isBeforeExact && row.isChange()) {
            plan.warnings.push_back(QStringLiteral("The metadata of the checkpoint in %1 partition %2 cannot be read exactly, so it cannot be put back exactly.")
                                        .arg(row.stream, QString::number(row.partition)));
        }
    }
}

/// A stream that was named by mistake looks like this.
void warnAboutNewStreams(Plan &plan, const Snapshot &snapshot)
{
    std::set<QString> own;
    for (const auto &[id, position] : snapshot.positions) {
        if (position.checkpoint)
            own.insert(id.stream);
    }
    std::set<QString> unread;
    for (const PlanRow &row : plan.rows) {
        if (row.isChange() && row.after && !own.contains(row.stream))
            unread.insert(row.stream);
    }
    for (const QString &stream : unread)
        plan.warnings.push_back(QStringLiteral("“%1” has no checkpoint in any partition of %2, as if it had never read it: it will get its first ones there.").arg(plan.consumer, stream));
}

/// Whether these events would have been read is the application's own setting, so they are in no count of skipped ones.
void warnAboutFirstCheckpoints(Plan &plan)
{
    std::map<QString, qint64> passedOver;
    for (const PlanRow &row : plan.rows) {
        if (row.isChange() && !row.before && row.after && row.start && *row.after > *row.start)
            passedOver[row.stream] += *row.after - *row.start;
    }
    for (const auto &[stream, events] : passedOver) {
        plan.warnings.push_back(QStringLiteral("Some partitions of %1 have no checkpoint yet: of up to %2 events that lie before their first one, “%3” will read none.")
                                    .arg(stream, QLocale::c().toString(events), plan.consumer));
    }
}

void warnAboutConsumer(Plan &plan, const Snapshot &snapshot)
{
    if (snapshot.isActive()) {
        // The members of a group of Kafka's new protocol are not told.
        const QString readers = plan.members.empty() ? QStringLiteral("members that this system does not name")
            : plan.members.size() == 1               ? QStringLiteral("one member")
                                                     : QStringLiteral("%1 members").arg(plan.members.size());
        plan.warnings.push_back(QStringLiteral("“%1” is being read by %2 now. What reads must be stopped before anything is changed.").arg(plan.consumer, readers));
    } else if (snapshot.consumer.summary.activity == ConsumerActivity::NotTold) {
        plan.warnings.push_back(QStringLiteral("This system does not tell whether anybody reads as “%1”; make sure that it is stopped.").arg(plan.consumer));
    }
    std::optional<EpochMs> newest;
    for (const auto &[id, position] : snapshot.positions) {
        if (position.checkpointTime)
            newest = std::max(newest.value_or(0), *position.checkpointTime);
    }
    if (newest && !snapshot.isActive() && snapshot.takenAt - *newest > LongEmptyMs)
        plan.warnings.push_back(QStringLiteral("Nobody has read as “%1” for %2 days; some systems forget the checkpoints of a consumer that is away for long.")
                                    .arg(plan.consumer, QString::number((snapshot.takenAt - *newest) / (24LL * 3600 * 1000))));
}

QString reversibilityOf(const Plan &plan)
{
    // Where nothing can be applied nothing is promised.
    if (plan.changes() == 0) {
        const bool isAllRefused = !plan.rows.empty() && std::all_of(plan.rows.begin(), plan.rows.end(), [](const PlanRow &row) { return row.refused.has_value(); });
        if (isAllRefused)
            return QStringLiteral("no, because there is nothing to apply: every row is refused");
        return plan.hasRefusals() ? QStringLiteral("no, because there is nothing to apply: every row is refused or would not change")
                                  : QStringLiteral("no, because there is nothing to apply: every checkpoint is there already");
    }
    const bool isExact = std::all_of(plan.rows.begin(), plan.rows.end(), [](const PlanRow &row) { return row.isBeforeExact || !row.isChange(); });
    if (!isExact)
        return QStringLiteral("partly: positions can be put back, the metadata of some checkpoints cannot, and what is processed again cannot be taken back");
    return plan.replayed() > 0 ? QStringLiteral("partly: the checkpoints can be put back exactly, the effects of events that are processed again cannot")
                               : QStringLiteral("fully: the checkpoints can be put back exactly");
}

} // namespace

void countEffects(PlanRow &row, const Snapshot &snapshot)
{
    row.replayed.reset();
    row.skipped.reset();
    if (row.refused || !row.before || !row.after)
        return;
    const auto extent = snapshot.extent(row.id());
    const qint64 start = extent && extent->start ? *extent->start : std::min(*row.before, *row.after);
    const qint64 end = extent && extent->end ? *extent->end : std::max(*row.before, *row.after);
    const auto inRange = [&](qint64 position) { return std::clamp(position, start, std::max(start, end)); };
    // Events that are stored, between the two places.
    row.replayed = std::max<qint64>(0, inRange(*row.before) - inRange(*row.after));
    row.skipped = std::max<qint64>(0, inRange(*row.after) - inRange(*row.before));
}

Plan beginPlan(PlanKind kind, const ConnectionSpec &spec, const Snapshot &snapshot)
{
    Plan plan;
    plan.planId = QUuid::createUuid().toString(QUuid::WithoutBraces);
    plan.kind = kind;
    plan.spec = spec;
    plan.spec.mayCreate = false;
    plan.environment = snapshot.environment;
    plan.systemId = snapshot.identity.systemId;
    plan.product = QString(snapshot.identity.product + u' ' + snapshot.identity.version).trimmed();
    plan.userName = snapshot.identity.userName;
    plan.consumer = snapshot.consumer.summary.consumer;
    plan.consumerKind = snapshot.consumer.summary.kind;
    plan.created = QDateTime::currentMSecsSinceEpoch();
    if (snapshot.consumer.members) {
        plan.members = *snapshot.consumer.members;
        for (ConsumerMember &member : plan.members)
            member.partitions.clear();
    }
    return plan;
}

void completePlan(Connector &connector, Plan &plan, const Snapshot &before, const Snapshot &after, std::stop_token stop)
{
    std::set<PartitionId> chosen;
    for (const PlanRow &row : plan.rows)
        chosen.insert(row.id());
    for (const auto &[id, position] : before.positions) {
        if (!chosen.contains(id) && position.checkpoint)
            plan.untouched.push_back(rowAt(id, before));
    }
    warnAboutConsumer(plan, before);
    warnAboutStreams(plan, before);
    warnAboutRetention(connector, plan, before, stop);
    warnAboutRows(plan, before);
    warnAboutNewStreams(plan, before);
    warnAboutFirstCheckpoints(plan);
    for (const PlanRow &row : plan.rows) {
        const auto now = after.checkpoint(row.id());
        if (now != row.before)
            plan.warnings.push_back(QStringLiteral("The checkpoint in %1 partition %2 moved while the plan was made.").arg(row.stream, QString::number(row.partition)));
    }
    findOtherConsumers(connector, plan, stop);
    plan.reversible = reversibilityOf(plan);
}

Result<Plan> planReset(Connector &connector, const ConnectionSpec &spec, const ResetRequest &request, std::stop_token stop)
{
    std::vector<QString> streams = request.streams;
    if (const auto *lines = std::get_if<std::vector<CheckpointLine>>(&request.target)) {
        for (const CheckpointLine &line : *lines)
            streams.push_back(line.at.stream);
    }
    std::sort(streams.begin(), streams.end());
    streams.erase(std::unique(streams.begin(), streams.end()), streams.end());
    const auto snapshot = takeSnapshot(connector, spec, request.consumer, streams, stop);
    if (!snapshot)
        return tl::unexpected(snapshot.error());
    const auto chosen = chosenPartitions(request, *snapshot);
    if (chosen.empty()) {
        return failure(ErrorCode::Refused, QStringLiteral("“%1” has no checkpoint that this request means.").arg(request.consumer),
                       QStringLiteral("Name the stream, and a target other than a shift."));
    }
    TimeAnswers times;
    const auto *position = std::get_if<PositionSpec>(&request.target);
    if (const auto *time = position ? std::get_if<AtTime>(position) : nullptr) {
        auto answers = resolveTime(connector, time->time, chosen, *snapshot, stop);
        if (!answers)
            return tl::unexpected(answers.error());
        times = std::move(*answers);
    }
    Plan plan = beginPlan(PlanKind::Reset, spec, *snapshot);
    plan.request = request.text;
    for (const PartitionId &id : chosen)
        plan.rows.push_back(plannedRow(id, request, *snapshot, times));
    countEventsBetween(connector, plan, *snapshot, stop);
    const auto again = takeSnapshot(connector, spec, request.consumer, streams, stop);
    if (!again)
        return tl::unexpected(again.error());
    completePlan(connector, plan, *snapshot, *again, stop);
    return plan;
}

} // namespace models::replay
