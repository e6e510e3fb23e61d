// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/commands.h"
#include "app/ctl/time_lag.h"
#include "models/lag/lag_words.h"

#include <QMap>

namespace ctl {

namespace {

using namespace connectors;
using models::lag::ConsumerLag;
using models::lag::PartitionLag;

/// Who reads which partition.
using Owners = QMap<PartitionId, const ConsumerMember *>;

Owners ownersOf(const ConsumerState &state)
{
    Owners owners;
    if (!state.members)
        return owners;
    for (const ConsumerMember &member : *state.members)
        for (const PartitionId &partition : member.partitions)
            owners.insert(partition, &member);
    return owners;
}

class LagCommand final : public Command
{
public:
    const char *name() const override { return "lag"; }
    const char *summary() const override { return "Show how far every consumer is behind, by stream and partition"; }

    void declare(Arguments &arguments) override
    {
        arguments.positional("connection", m_connection, "Saved connection's name or URL");
        arguments.repeated("--group", m_groups, "Only this consumer (may be repeated)");
        arguments.flag("--members", m_withMembers, "Who reads each partition, and from where");
        arguments.flag("--time-lag", m_withTimeLag, "How old the event at each checkpoint is (one small read each)");
    }

    ExitStatus run(Context &context) override
    {
        Output &out = context.out();
        const auto connection = context.open(m_connection);
        if (!connection)
            return out.fail(connection.error());
        ConsumerCatalog *catalog = connection->connector->consumerCatalog();
        if (!catalog)
            return out.fail({ErrorCode::Unsupported, connection->connector->whyNot(Ability::ConsumerCatalog), {}, false});
        ConsumerStateRequest request;
        request.consumers.assign(m_groups.cbegin(), m_groups.cend());
        // Members also tell of streams that are read without a checkpoint yet, so they are asked for in any case.
        request.withSafeHead = out.isJson();
        const auto states = context.wait(catalog->consumerStates(request, context.stopToken()));
        if (!states)
            return out.fail(states.error());
        std::vector<ConsumerLag> lags;
        for (const ConsumerState &state : states->consumers)
            lags.push_back(models::lag::consumerLag(state));
        TimeLagReading timeLags;
        if (m_withTimeLag) {
            auto read = readTimeLags(context, *connection->connector, lags);
            if (!read)
                return out.fail(read.error());
            timeLags = std::move(*read);
        }
        print(out, *states, lags, timeLags.lags);
        return sayProblems(out, *states, lags, timeLags.problems);
    }

private:
    void print(Output &out, const ConsumerStates &states, const std::vector<ConsumerLag> &lags, const TimeLags &timeLags) const
    {
        JsonArray array;
        std::vector<QStringList> rows;
        for (size_t i = 0; i < lags.size(); ++i) {
            const Owners owners = m_withMembers ? ownersOf(states.consumers[i]) : Owners();
            std::vector<PartitionLag> partitions = lags[i].partitions;
            const bool hasNone = partitions.empty();
            if (hasNone) {
                PartitionLag none;
                none.state = lags[i].worst;
                partitions.push_back(none);
            }
            for (const PartitionLag &partition : partitions) {
                const ConsumerMember *owner = hasNone ? nullptr : owners.value({partition.stream, partition.partition});
                const auto timeLag = timeLags.value({lags[i].consumer, partition.stream, partition.partition});
                if (out.isJson())
                    array.add(jsonRow(lags[i].consumer, partition, hasNone, owner, timeLag));
                else
                    rows.push_back(tableRow(lags[i].consumer, partition, hasNone, owner, timeLag));
            }
        }
        if (out.isJson())
            return out.document(array);
        QStringList header{QStringLiteral("GROUP"), QStringLiteral("STREAM"), QStringLiteral("PARTITION"), QStringLiteral("CHECKPOINT"),
                           QStringLiteral("END"), QStringLiteral("LAG"), QStringLiteral("LOST"), QStringLiteral("STATE")};
        QStringList numbers = header.mid(2, 5);
        if (m_withTimeLag) {
            header += QStringLiteral("TIME LAG (ms)");
            numbers += header.last();
        }
        if (m_withMembers)
            header += {QStringLiteral("MEMBER"), QStringLiteral("HOST")};
        out.table(header, rows, numbers);
    }

    static Json jsonRow(const QString &group, const PartitionLag &partition, bool hasNone, const ConsumerMember *owner, std::optional<qint64> timeLag)
    {
        JsonObject row;
        row.add("group", group);
        row.add("stream", hasNone ? Json() : Json(partition.stream));
        row.add("partition", hasNone ? Json() : Json(partition.partition));
        row.add("checkpoint", partition.checkpoint);
        row.add("start", partition.start);
        row.add("safeHead", partition.safeHead);
        row.add("end", partition.end);
        row.add("lag", partition.lag);
        row.add("lost", partition.lost);
        row.add("timeLagMs", timeLag);
        row.add("state", models::lag::stateName(partition.state));
        row.add("verdict", Json());
        row.add("since", Json());
        row.add("member", owner ? Json(owner->member) : Json());
        row.add("host", owner ? Json(owner->host) : Json());
        row.add("rateIn", Json());
        row.add("rateOut", Json());
        row.add("runwayMs", Json());
        row.add("heldBackBy", partition.heldBackBy.isEmpty() ? Json() : Json(partition.heldBackBy));
        return row;
    }

    QStringList tableRow(const QString &group, const PartitionLag &partition, bool hasNone, const ConsumerMember *owner,
                         std::optional<qint64> timeLag) const
    {
        const QString none = QStringLiteral("-");
        QStringList row{group,
                        hasNone ? none : partition.stream,
                        hasNone ? none : QString::number(partition.partition),
                        numberText(partition.checkpoint),
                        numberText(partition.end),
                        numberText(partition.lag),
                        numberText(partition.lost),
                        models::lag::stateName(partition.state)};
        if (m_withTimeLag)
            row += numberText(timeLag);
        if (m_withMembers)
            row += {owner ? owner->member : none, owner ? owner->host : none};
        return row;
    }

    ExitStatus sayProblems(Output &out, const ConsumerStates &states, const std::vector<ConsumerLag> &lags, const std::vector<Error> &timeProblems) const
    {
        models::lag::LagSum total;
        for (const ConsumerLag &lag : lags)
            total.add(lag.sum);
        if (!out.isJson())
            out.say(QStringLiteral("Total lag %1").arg(total.lag) + models::lag::besideWords(total));
        bool isPartial = !states.problems.empty() || !timeProblems.empty();
        for (const Error &problem : states.problems)
            out.say(problem);
        for (const Error &problem : timeProblems)
            out.say(problem);
        for (const ConsumerState &state : states.consumers) {
            if (state.problem)
                out.say(state.summary.consumer + QStringLiteral(": ") + describe(*state.problem));
            if (m_withMembers && !state.members && !state.membersProblem.isEmpty())
                out.say(state.summary.consumer + QStringLiteral(": ") + state.membersProblem);
            isPartial = isPartial || state.problem.has_value() || (m_withMembers && !state.members && !state.membersProblem.isEmpty());
        }
        return isPartial || total.countOf(models::lag::LagState::Unknown) > 0 ? ExitStatus::Incomplete : ExitStatus::Done;
    }

    QString m_connection;
    QStringList m_groups;
    bool m_withMembers = false;
    bool m_withTimeLag = false;
};

} // namespace

std::unique_ptr<Command> makeLagCommand()
{
    return std::make_unique<LagCommand>();
}

} // namespace ctl
