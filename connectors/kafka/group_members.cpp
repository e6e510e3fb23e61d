// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/kafka/group_members.h"

#include "connectors/kafka/admin_call.h"
#include "connectors/kafka/group_list.h"

#include <algorithm>

namespace connectors::kafka {

namespace {

constexpr size_t GroupsPerCall = 256;

QString membersUnread(const QString &group)
{
    return QStringLiteral("The members of “%1” could not be read").arg(group.left(250));
}

ConsumerMember memberOf(const rd_kafka_MemberDescription_t *told)
{
    ConsumerMember member;
    member.member = QString::fromUtf8(rd_kafka_MemberDescription_consumer_id(told));
    member.clientId = QString::fromUtf8(rd_kafka_MemberDescription_client_id(told));
    member.host = QString::fromUtf8(rd_kafka_MemberDescription_host(told));
    const rd_kafka_MemberAssignment_t *assignment = rd_kafka_MemberDescription_assignment(told);
    const rd_kafka_topic_partition_list_t *partitions = assignment == nullptr ? nullptr : rd_kafka_MemberAssignment_partitions(assignment);
    for (int i = 0; partitions != nullptr && i < partitions->cnt; ++i)
        member.partitions.push_back({QString::fromUtf8(partitions->elems[i].topic), partitions->elems[i].partition});
    std::sort(member.partitions.begin(), member.partitions.end());
    return member;
}

Result<GroupDescription> descriptionOf(const Client &client, const rd_kafka_ConsumerGroupDescription_t *told, const QString &group)
{
    GroupDescription description;
    if (const rd_kafka_error_t *error = rd_kafka_ConsumerGroupDescription_error(told)) {
        const auto code = rd_kafka_error_code(error);
        if (code != RD_KAFKA_RESP_ERR_GROUP_ID_NOT_FOUND)
            return tl::unexpected(client.explain(code, membersUnread(group), QString::fromUtf8(rd_kafka_error_string(error))));
        description.activity = ConsumerActivity::Dead;
        description.isNotThere = true;
        return description;
    }
    description.activity = activityOf(rd_kafka_ConsumerGroupDescription_state(told));
    const size_t count = rd_kafka_ConsumerGroupDescription_member_count(told);
    for (size_t i = 0; i < count; ++i)
        description.members.push_back(memberOf(rd_kafka_ConsumerGroupDescription_member(told, i)));
    std::sort(description.members.begin(), description.members.end(),
              [](const ConsumerMember &a, const ConsumerMember &b) { return std::tie(a.clientId, a.member) < std::tie(b.clientId, b.member); });
    description.isNotThere = description.activity == ConsumerActivity::Dead && description.members.empty();
    return description;
}

void askMembers(AdminCall &call, const Client &client, const std::vector<QString> &groups, size_t from, std::chrono::milliseconds timeout)
{
    std::vector<QByteArray> names;
    for (size_t i = from; i < std::min(groups.size(), from + GroupsPerCall); ++i)
        names.push_back(groups[i].toUtf8());
    std::vector<const char *> texts;
    texts.reserve(names.size());
    for (const QByteArray &name : names)
        texts.push_back(name.constData());
    const AdminOptions options = call.options(RD_KAFKA_ADMIN_OP_DESCRIBECONSUMERGROUPS, timeout);
    rd_kafka_DescribeConsumerGroups(client.handle(), texts.data(), texts.size(), options.get(), call.queue());
}

} // namespace

std::map<QString, Result<GroupDescription>> describeGroups(const Client &client, const std::vector<QString> &groups,
                                                           std::chrono::milliseconds timeout, const std::stop_token &stop)
{
    std::map<QString, Result<GroupDescription>> descriptions;
    if (groups.empty())
        return descriptions;
    AdminCall call(client.handle());
    size_t calls = 0;
    for (size_t from = 0; from < groups.size(); from += GroupsPerCall, ++calls)
        askMembers(call, client, groups, from, timeout);
    auto missing = RD_KAFKA_RESP_ERR__TIMED_OUT;
    const auto deadline = std::chrono::steady_clock::now() + timeout + std::chrono::seconds(1);
    for (; calls > 0; --calls) {
        const AdminEvent event = call.next(deadline, stop);
        if (!event)
            break;
        if (const auto code = rd_kafka_event_error(event.get()); code != RD_KAFKA_RESP_ERR_NO_ERROR) {
            missing = code;
            continue;
        }
        size_t count = 0;
        const auto *result = rd_kafka_event_DescribeConsumerGroups_result(event.get());
        const rd_kafka_ConsumerGroupDescription_t **told = rd_kafka_DescribeConsumerGroups_result_groups(result, &count);
        for (size_t i = 0; i < count; ++i) {
            const QString group = QString::fromUtf8(rd_kafka_ConsumerGroupDescription_group_id(told[i]));
            descriptions.insert_or_assign(group, descriptionOf(client, told[i], group));
        }
    }
    for (const QString &group : groups) {
        if (!descriptions.contains(group))
            descriptions.emplace(group, tl::unexpected(client.explain(missing, membersUnread(group))));
    }
    return descriptions;
}

void addDescription(ConsumerState &state, const Result<GroupDescription> &description)
{
    ConsumerSummary &summary = state.summary;
    if (!description) {
        state.membersProblem = describe(description.error());
    } else if (description->isNotThere && summary.activity != ConsumerActivity::Dead) {
        summary.kind = QString::fromUtf16(NewProtocolGroupKind);
        // The library does not know the new protocol's own states (assigning, reconciling).
        if (summary.activity == ConsumerActivity::Unknown)
            summary.activity = ConsumerActivity::Rebalancing;
        state.membersProblem = QStringLiteral("The members of a group of the new protocol are not readable with this library.");
    } else {
        if (description->activity != ConsumerActivity::Unknown)
            summary.activity = description->activity;
        state.members = description->members;
    }
}

} // namespace connectors::kafka
