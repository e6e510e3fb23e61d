// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/commands.h"

namespace ctl {

namespace {

using namespace connectors;

class MembersCommand final : public Command
{
public:
    const char *name() const override { return "members"; }
    const char *summary() const override { return "Show who reads in a consumer, and which partitions"; }

    void declare(Arguments &arguments) override
    {
        arguments.positional("connection", m_connection, "Saved connection's name or URL");
        arguments.positional("group", m_group, "The consumer");
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
        request.consumers = {m_group};
        const auto states = context.wait(catalog->consumerStates(request, context.stopToken()));
        if (!states)
            return out.fail(states.error());
        if (states->consumers.empty())
            return out.fail(states->problems.empty() ? Error{ErrorCode::NotFound, QStringLiteral("There is no consumer “%1”.").arg(request.consumers.front()), {}, false}
                                                     : states->problems.front());
        const ConsumerState &state = states->consumers.front();
        if (!state.members)
            return out.fail({ErrorCode::Incomplete, QStringLiteral("The members of “%1” could not be read: %2").arg(state.summary.consumer, state.membersProblem), {}, false});
        print(out, *state.members);
        return ExitStatus::Done;
    }

private:
    static void print(Output &out, const std::vector<ConsumerMember> &members)
    {
        JsonArray array;
        std::vector<QStringList> rows;
        for (const ConsumerMember &member : members) {
            JsonArray partitions;
            QStringList texts;
            for (const PartitionId &partition : member.partitions) {
                partitions.add(JsonObject().add("stream", partition.stream).add("partition", partition.partition));
                texts += partition.stream + u'/' + QString::number(partition.partition);
            }
            array.add(JsonObject().add("member", member.member).add("clientId", member.clientId).add("host", member.host).add("partitions", partitions));
            rows.push_back({member.member, member.clientId, member.host, texts.join(u' ')});
        }
        if (out.isJson())
            return out.document(array);
        out.table({QStringLiteral("MEMBER"), QStringLiteral("CLIENT"), QStringLiteral("HOST"), QStringLiteral("PARTITIONS")}, rows);
    }

    QString m_connection;
    QString m_group;
};

} // namespace

std::unique_ptr<Command> makeMembersCommand()
{
    return std::make_unique<MembersCommand>();
}

} // namespace ctl
