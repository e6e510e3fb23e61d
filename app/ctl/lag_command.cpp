// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/commands.h"
#include "app/ctl/time_lag.h"
#include "models/lag/consumer_lag.h"

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
    std::string name() const override { return "lag"; }
    std::string summary() const override { return "Show how far every consumer is behind, by stream and partition"; }

    void declare(CLI::App &app) override
    {
        app.add_option("connection", m_connection, "Saved connection's name or URL")->required();
        addRepeated(app, "--group", m_groups, "Only this consumer (may be repeated)");
        app.add_flag("--members", m_withMembers, "Who reads each partition, and from where");
        app.add_flag("--time-lag", m_withTimeLag, "How old the event at each checkpoint is (one small read each)");
    }

    ExitStatus run(Context &context) override
    {
        Output &out = context.out();
        const auto connection = context.open(QString::fromStdString(m_connection));
        if (!connection)
            return out.fail(connection.error());
        ConsumerCatalog *catalog = connection->connector->consumerCatalog();
        if (!catalog)
            return out.fail({ErrorCode::Unsupported, connection->connector->whyNot(Ability::ConsumerCatalog), {}, false});
        ConsumerStateRequest request;
        for (const std::string &group : m_groups)
            request.consumers.push_back(QString::fromStdString(group));
        // Members also tell of streams that are read without a checkpoint yet, so they are asked for in any case.
        request.withSafeHead = out.isJson();
        const auto states = context.wait(catalog->consumerStates(request, context.stopToken()));
        if (!states)
            return out.fail(states.error());
        std::vector<ConsumerLag> lags;
        for (const ConsumerState &state : states->consumers)
            lags.push_back(models::lag::consumerLag(state));
        TimeLags timeLags;
        if (m_withTimeLag) {
            auto read = readTimeLags(context, *connection->connector, lags);
            if (!read)
                return out.fail(read.error());
            timeLags = std::move(*read);
        }
        print(out, *states, lags, timeLags);
        return sayProblems(out, *states, lags);
    }

private:
    void print(Output &out, const ConsumerStates &states, const std::vector<ConsumerLag> &lags, const TimeLags &timeLags) const
    {
        Json array = Json::array();
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
                    array.push_back(jsonRow(lags[i].consumer, partition, hasNone, owner, timeLag));
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
        Json row{{"group", jsonOf(group)}};
        row["stream"] = hasNone ? Json(nullptr) : jsonOf(partition.stream);
        row["partition"] = hasNone ? Json(nullptr) : Json(partition.partition);
        row["checkpoint"] = jsonOf(partition.checkpoint);
        row["start"] = jsonOf(partition.start);
        row["safeHead"] = jsonOf(partition.safeHead);
        row["end"] = jsonOf(partition.end);
        row["lag"] = jsonOf(partition.lag);
        row["lost"] = jsonOf(partition.lost);
        row["timeLagMs"] = jsonOf(timeLag);
        row["state"] = jsonOf(models::lag::stateName(partition.state));
        row["verdict"] = nullptr;
        row["since"] = nullptr;
        row["member"] = owner ? jsonOf(owner->member) : Json(nullptr);
        row["host"] = owner ? jsonOf(owner->host) : Json(nullptr);
        row["rateIn"] = nullptr;
        row["rateOut"] = nullptr;
        row["runwayMs"] = nullptr;
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

    ExitStatus sayProblems(Output &out, const ConsumerStates &states, const std::vector<ConsumerLag> &lags) const
    {
        models::lag::LagSum total;
        for (const ConsumerLag &lag : lags)
            total.add(lag.sum);
        if (!out.isJson()) {
            QString sum = QStringLiteral("Total lag %1").arg(total.lag);
            for (const models::lag::LagState state : models::lag::AllLagStates)
                if (total.countOf(state) > 0)
                    sum += QStringLiteral(" + %1 %2").arg(total.countOf(state)).arg(models::lag::stateName(state));
            out.say(sum);
        }
        bool isPartial = !states.problems.empty();
        for (const Error &problem : states.problems)
            out.say(describe(problem));
        for (const ConsumerState &state : states.consumers) {
            if (state.problem)
                out.say(state.summary.consumer + QStringLiteral(": ") + describe(*state.problem));
            if (m_withMembers && !state.members && !state.membersProblem.isEmpty())
                out.say(state.summary.consumer + QStringLiteral(": ") + state.membersProblem);
            isPartial = isPartial || state.problem.has_value() || (m_withMembers && !state.members && !state.membersProblem.isEmpty());
        }
        return isPartial || total.countOf(models::lag::LagState::Unknown) > 0 ? ExitStatus::Incomplete : ExitStatus::Done;
    }

    std::string m_connection;
    std::vector<std::string> m_groups;
    bool m_withMembers = false;
    bool m_withTimeLag = false;
};

} // namespace

std::unique_ptr<Command> makeLagCommand()
{
    return std::make_unique<LagCommand>();
}

} // namespace ctl
