// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/kafka/group_list.h"

#include "connectors/kafka/admin_call.h"

#include <algorithm>

namespace connectors::kafka {

namespace {

const QString ListUnread = QStringLiteral("The consumer groups could not be listed");

void addGroups(const Client &client, const rd_kafka_event_t *event, GroupList &list)
{
    const auto *result = rd_kafka_event_ListConsumerGroups_result(const_cast<rd_kafka_event_t *>(event));
    size_t count = 0;
    const rd_kafka_ConsumerGroupListing_t **groups = rd_kafka_ListConsumerGroups_result_valid(result, &count);
    list.groups.reserve(count);
    for (size_t i = 0; i < count; ++i) {
        list.groups.push_back({QString::fromUtf8(rd_kafka_ConsumerGroupListing_group_id(groups[i])), QString::fromUtf16(GroupKind),
                               activityOf(rd_kafka_ConsumerGroupListing_state(groups[i]))});
    }
    const rd_kafka_error_t **errors = rd_kafka_ListConsumerGroups_result_errors(result, &count);
    for (size_t i = 0; i < count; ++i) {
        list.problems.push_back(client.explain(rd_kafka_error_code(errors[i]), QStringLiteral("Some consumer groups could not be listed"),
                                               QString::fromUtf8(rd_kafka_error_string(errors[i]))));
    }
}

} // namespace

ConsumerActivity activityOf(rd_kafka_consumer_group_state_t state)
{
    switch (state) {
    case RD_KAFKA_CONSUMER_GROUP_STATE_STABLE: return ConsumerActivity::Active;
    case RD_KAFKA_CONSUMER_GROUP_STATE_PREPARING_REBALANCE:
    case RD_KAFKA_CONSUMER_GROUP_STATE_COMPLETING_REBALANCE: return ConsumerActivity::Rebalancing;
    case RD_KAFKA_CONSUMER_GROUP_STATE_EMPTY: return ConsumerActivity::Empty;
    case RD_KAFKA_CONSUMER_GROUP_STATE_DEAD: return ConsumerActivity::Dead;
    default: return ConsumerActivity::Unknown;
    }
}

Result<GroupList> listGroups(const Client &client, std::chrono::milliseconds timeout, const std::stop_token &stop)
{
    AdminCall call(client.handle());
    const AdminOptions options = call.options(RD_KAFKA_ADMIN_OP_LISTCONSUMERGROUPS, timeout);
    rd_kafka_ListConsumerGroups(client.handle(), options.get(), call.queue());
    // The library keeps its own time-out; a second more, so that its answer tells what is missing.
    const AdminEvent event = call.next(std::chrono::steady_clock::now() + timeout + std::chrono::seconds(1), stop);
    if (stop.stop_requested())
        return failure(ErrorCode::Cancelled, QStringLiteral("The question was cancelled."));
    if (!event)
        return tl::unexpected(client.explain(RD_KAFKA_RESP_ERR__TIMED_OUT, ListUnread));
    if (const auto code = rd_kafka_event_error(event.get()); code != RD_KAFKA_RESP_ERR_NO_ERROR)
        return tl::unexpected(client.explain(code, ListUnread, QString::fromUtf8(rd_kafka_event_error_string(event.get()))));
    GroupList list;
    addGroups(client, event.get(), list);
    std::sort(list.groups.begin(), list.groups.end(), [](const ConsumerSummary &a, const ConsumerSummary &b) { return a.consumer < b.consumer; });
    // A group whose coordinator moved meanwhile is told by two brokers.
    const auto isSame = [](const ConsumerSummary &a, const ConsumerSummary &b) { return a.consumer == b.consumer; };
    list.groups.erase(std::unique(list.groups.begin(), list.groups.end(), isSame), list.groups.end());
    return list;
}

} // namespace connectors::kafka
