// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/kafka/group_offsets.h"

#include "connectors/kafka/admin_call.h"

#include <cstring>

namespace connectors::kafka {

namespace {

constexpr size_t MaxInFlight = 512;
/// With a coordinator down each of its groups waits for its own time-out; nobody waits longer than so many of them.
constexpr int MaxTimeouts = 3;

using OffsetsRequest = std::unique_ptr<rd_kafka_ListConsumerGroupOffsets_t, decltype(&rd_kafka_ListConsumerGroupOffsets_destroy)>;

QString offsetsUnread(const QString &group)
{
    return QStringLiteral("The committed offsets of “%1” could not be read").arg(group.left(250));
}

void askOffsets(AdminCall &call, const Client &client, const QString &group, size_t tag, bool isStableOnly, std::chrono::milliseconds timeout)
{
    const AdminOptions options = call.options(RD_KAFKA_ADMIN_OP_LISTCONSUMERGROUPOFFSETS, timeout, tag);
    if (isStableOnly) {
        if (rd_kafka_error_t *error = rd_kafka_AdminOptions_set_require_stable_offsets(options.get(), 1))
            rd_kafka_error_destroy(error); // only for a wrong kind of options
    }
    const OffsetsRequest request(rd_kafka_ListConsumerGroupOffsets_new(group.toUtf8().constData(), nullptr), rd_kafka_ListConsumerGroupOffsets_destroy);
    rd_kafka_ListConsumerGroupOffsets_t *one = request.get();
    rd_kafka_ListConsumerGroupOffsets(client.handle(), &one, 1, options.get(), call.queue());
}

CommittedOffset committedOffset(const Client &client, const rd_kafka_topic_partition_t &told)
{
    CommittedOffset committed;
    committed.at = {QString::fromUtf8(told.topic), told.partition};
    if (told.err != RD_KAFKA_RESP_ERR_NO_ERROR) {
        committed.problem = client.explain(told.err, QStringLiteral("The committed offset in %1 partition %2 could not be read").arg(committed.at.stream.left(250)).arg(told.partition));
        return committed;
    }
    if (told.offset >= 0)
        committed.offset = told.offset;
    if (told.metadata != nullptr && told.metadata_size > 0) {
        // The library copies only up to a NUL, but tells the whole length: what is behind it is not the broker's.
        const char *text = static_cast<const char *>(told.metadata);
        const size_t length = strnlen(text, told.metadata_size);
        committed.metadata = QByteArray(text, static_cast<qsizetype>(length));
        committed.isMetadataExact = length == told.metadata_size;
    }
    return committed;
}

GroupOffsets offsetsOf(const Client &client, const AdminEvent &event, const QString &group)
{
    const auto fail = [&](rd_kafka_resp_err_t code, const char *text) { return tl::unexpected(client.explain(code, offsetsUnread(group), QString::fromUtf8(text))); };
    if (const auto code = rd_kafka_event_error(event.get()); code != RD_KAFKA_RESP_ERR_NO_ERROR)
        return fail(code, rd_kafka_event_error_string(event.get()));
    size_t count = 0;
    const auto *result = rd_kafka_event_ListConsumerGroupOffsets_result(event.get());
    const rd_kafka_group_result_t **groups = rd_kafka_ListConsumerGroupOffsets_result_groups(result, &count);
    if (count != 1)
        return fail(RD_KAFKA_RESP_ERR__BAD_MSG, "");
    if (const rd_kafka_error_t *error = rd_kafka_group_result_error(groups[0]))
        return fail(rd_kafka_error_code(error), rd_kafka_error_string(error));
    const rd_kafka_topic_partition_list_t *list = rd_kafka_group_result_partitions(groups[0]);
    std::vector<CommittedOffset> offsets;
    offsets.reserve(list == nullptr ? 0 : static_cast<size_t>(list->cnt));
    for (int i = 0; list != nullptr && i < list->cnt; ++i)
        offsets.push_back(committedOffset(client, list->elems[i]));
    return offsets;
}

} // namespace

std::vector<GroupOffsets> committedOffsets(const Client &client, const std::vector<QString> &groups, bool isStableOnly,
                                           std::chrono::milliseconds timeout, const std::stop_token &stop)
{
    AdminCall call(client.handle());
    const auto deadline = std::chrono::steady_clock::now() + MaxTimeouts * timeout;
    std::vector<std::optional<GroupOffsets>> answers(groups.size());
    size_t sent = 0;
    for (size_t answered = 0; answered < groups.size(); ++answered) {
        for (; sent < groups.size() && sent < answered + MaxInFlight; ++sent)
            askOffsets(call, client, groups[sent], sent, isStableOnly, timeout);
        const AdminEvent event = call.next(deadline, stop);
        if (!event)
            break;
        const size_t tag = AdminCall::tagOf(event);
        answers[tag] = offsetsOf(client, event, groups[tag]);
    }
    std::vector<GroupOffsets> complete;
    complete.reserve(groups.size());
    for (size_t i = 0; i < groups.size(); ++i) {
        complete.push_back(answers[i] ? std::move(*answers[i])
                                      : GroupOffsets(tl::unexpected(client.explain(RD_KAFKA_RESP_ERR__TIMED_OUT, offsetsUnread(groups[i])))));
    }
    return complete;
}

} // namespace connectors::kafka
