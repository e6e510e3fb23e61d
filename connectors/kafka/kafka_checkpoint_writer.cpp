// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/kafka/kafka_checkpoint_writer.h"

#include "connectors/kafka/admin_call.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <map>

namespace connectors::kafka {

namespace {

constexpr std::chrono::milliseconds StepTimeout{15'000};

using PartitionList = std::unique_ptr<rd_kafka_topic_partition_list_t, decltype(&rd_kafka_topic_partition_list_destroy)>;
using Alteration = std::unique_ptr<rd_kafka_AlterConsumerGroupOffsets_t, decltype(&rd_kafka_AlterConsumerGroupOffsets_destroy)>;
using Deletion = std::unique_ptr<rd_kafka_DeleteConsumerGroupOffsets_t, decltype(&rd_kafka_DeleteConsumerGroupOffsets_destroy)>;

/// The broker has not done it and may in a moment.
bool isCoordinatorMoving(rd_kafka_resp_err_t code)
{
    return code == RD_KAFKA_RESP_ERR_NOT_COORDINATOR || code == RD_KAFKA_RESP_ERR_COORDINATOR_NOT_AVAILABLE
        || code == RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS;
}

/// Librdkafka's own codes are negative: what the broker did is not known then, except where nothing can have been sent. A
/// broker that timed out may still have written it.
bool isOutcomeUnknown(rd_kafka_resp_err_t code)
{
    const bool isUnsent = code == RD_KAFKA_RESP_ERR__INVALID_ARG || code == RD_KAFKA_RESP_ERR__NO_OFFSET || code == RD_KAFKA_RESP_ERR__UNSUPPORTED_FEATURE;
    return (code < 0 && !isUnsent) || code == RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT;
}

bool isGroupActive(rd_kafka_resp_err_t code)
{
    switch (code) {
    case RD_KAFKA_RESP_ERR_UNKNOWN_MEMBER_ID:
    case RD_KAFKA_RESP_ERR_ILLEGAL_GENERATION:
    case RD_KAFKA_RESP_ERR_REBALANCE_IN_PROGRESS:
    case RD_KAFKA_RESP_ERR_NON_EMPTY_GROUP:
    case RD_KAFKA_RESP_ERR_GROUP_SUBSCRIBED_TO_TOPIC: return true;
    default: return false;
    }
}

Error stepErrorOf(const Client &client, rd_kafka_resp_err_t code, const QString &consumer, const QString &detail)
{
    const QString name = consumer.left(250);
    if (isGroupActive(code)) {
        return {ErrorCode::Refused, QStringLiteral("The group “%1” is active, so the broker refused to change its offsets.").arg(name),
                QStringLiteral("Stop all its members first."), false};
    }
    if (isOutcomeUnknown(code)) {
        Error error = client.explain(code, QStringLiteral("It is not known whether the offsets of “%1” were changed").arg(name), detail);
        error.code = ErrorCode::OutcomeUnknown;
        error.advice = QStringLiteral("Read the offsets to find out.");
        error.isRetryable = false;
        return error;
    }
    Error error = client.explain(code, QStringLiteral("The offsets of “%1” were not changed").arg(name), detail);
    error.isRetryable = isCoordinatorMoving(code);
    return error;
}

PartitionList changesAsList(const std::vector<CheckpointChange> &changes)
{
    PartitionList list(rd_kafka_topic_partition_list_new(static_cast<int>(changes.size())), rd_kafka_topic_partition_list_destroy);
    for (const CheckpointChange &change : changes) {
        rd_kafka_topic_partition_t *element = rd_kafka_topic_partition_list_add(list.get(), change.stream.toUtf8().constData(), change.partition);
        if (!change.target)
            continue;
        element->offset = *change.target;
        if (!change.metadata.isEmpty()) {
            element->metadata_size = static_cast<size_t>(change.metadata.size());
            element->metadata = std::malloc(element->metadata_size); // freed with the list
            std::memcpy(element->metadata, change.metadata.constData(), element->metadata_size);
        }
    }
    return list;
}

void sendStep(AdminCall &call, const Client &client, const QString &consumer, const std::vector<CheckpointChange> &changes, bool isDeletion)
{
    const PartitionList list = changesAsList(changes);
    const QByteArray group = consumer.toUtf8();
    if (isDeletion) {
        const AdminOptions options = call.options(RD_KAFKA_ADMIN_OP_DELETECONSUMERGROUPOFFSETS, StepTimeout);
        const Deletion deletion(rd_kafka_DeleteConsumerGroupOffsets_new(group.constData(), list.get()), rd_kafka_DeleteConsumerGroupOffsets_destroy);
        rd_kafka_DeleteConsumerGroupOffsets_t *one = deletion.get();
        rd_kafka_DeleteConsumerGroupOffsets(client.handle(), &one, 1, options.get(), call.queue());
    } else {
        const AdminOptions options = call.options(RD_KAFKA_ADMIN_OP_ALTERCONSUMERGROUPOFFSETS, StepTimeout);
        const Alteration alteration(rd_kafka_AlterConsumerGroupOffsets_new(group.constData(), list.get()), rd_kafka_AlterConsumerGroupOffsets_destroy);
        rd_kafka_AlterConsumerGroupOffsets_t *one = alteration.get();
        rd_kafka_AlterConsumerGroupOffsets(client.handle(), &one, 1, options.get(), call.queue());
    }
}

const rd_kafka_group_result_t **stepResultsOf(const AdminEvent &event, bool isDeletion, size_t *count)
{
    return isDeletion ? rd_kafka_DeleteConsumerGroupOffsets_result_groups(rd_kafka_event_DeleteConsumerGroupOffsets_result(event.get()), count)
                      : rd_kafka_AlterConsumerGroupOffsets_result_groups(rd_kafka_event_AlterConsumerGroupOffsets_result(event.get()), count);
}

/// One answer, three levels: the call's, the group's, each partition's. The outer two say OK while a partition failed.
struct StepAnswer {
    rd_kafka_resp_err_t code = RD_KAFKA_RESP_ERR_NO_ERROR;
    QString detail;
    std::map<PartitionId, rd_kafka_resp_err_t> partitions;
};

StepAnswer stepAnswerOf(const AdminEvent &event, bool isDeletion)
{
    if (!event)
        return {RD_KAFKA_RESP_ERR__TIMED_OUT, {}, {}};
    if (const auto code = rd_kafka_event_error(event.get()); code != RD_KAFKA_RESP_ERR_NO_ERROR)
        return {code, QString::fromUtf8(rd_kafka_event_error_string(event.get())), {}};
    size_t count = 0;
    const rd_kafka_group_result_t **groups = stepResultsOf(event, isDeletion, &count);
    if (count != 1)
        return {RD_KAFKA_RESP_ERR__BAD_MSG, {}, {}};
    if (const rd_kafka_error_t *error = rd_kafka_group_result_error(groups[0]))
        return {rd_kafka_error_code(error), QString::fromUtf8(rd_kafka_error_string(error)), {}};
    StepAnswer answer;
    const rd_kafka_topic_partition_list_t *list = rd_kafka_group_result_partitions(groups[0]);
    for (int i = 0; list != nullptr && i < list->cnt; ++i)
        answer.partitions[{QString::fromUtf8(list->elems[i].topic), list->elems[i].partition}] = list->elems[i].err;
    return answer;
}

} // namespace

KafkaCheckpointWriter::KafkaCheckpointWriter(ClientConfig config)
    : m_clients(std::move(config))
{
}

Result<void> KafkaCheckpointWriter::connect()
{
    if (!m_client) {
        // A request must not be sent after its answer was given up.
        const ClientProperties extra{{"socket.timeout.ms", QByteArray::number(static_cast<qint64>(StepTimeout.count()))}};
        auto made = m_clients.own(Isolation::ReadUncommitted, extra);
        if (!made)
            return tl::unexpected(made.error());
        m_client = std::move(*made);
    }
    if (const auto answer = m_client->probe(static_cast<int>(StepTimeout.count()), {}); !answer)
        return tl::unexpected(answer.error());
    return {};
}

Result<std::vector<CheckpointOutcome>> KafkaCheckpointWriter::apply(const QString &consumer, const std::vector<CheckpointChange> &changes)
{
    if (changes.empty())
        return std::vector<CheckpointOutcome>();
    const bool isDeletion = !changes.front().target;
    for (const CheckpointChange &change : changes) {
        if (!change.target != isDeletion)
            return failure(ErrorCode::InvalidInput, QStringLiteral("Setting and deleting offsets are two steps."));
        if (change.target && *change.target < 0)
            return failure(ErrorCode::InvalidInput, QStringLiteral("Offset %1 is below 0.").arg(*change.target), QStringLiteral("Make the plan again."));
    }
    if (auto connected = connect(); !connected)
        return tl::unexpected(connected.error());
    return perform(consumer, changes, isDeletion);
}

Result<std::vector<CheckpointOutcome>> KafkaCheckpointWriter::perform(const QString &consumer, const std::vector<CheckpointChange> &changes, bool isDeletion)
{
    AdminEvent event(nullptr, rd_kafka_event_destroy);
    {
        AdminCall call(m_client->handle());
        sendStep(call, *m_client, consumer, changes, isDeletion);
        // Librdkafka keeps the time-out itself; a second more, so that its own answer tells why.
        event = call.next(std::chrono::steady_clock::now() + StepTimeout + std::chrono::seconds(1), {});
    }
    const StepAnswer answer = stepAnswerOf(event, isDeletion);
    event.reset();
    // The handle remembers the coordinator, and may still hold a request that was given up.
    const ClientPtr client = m_client;
    const bool isStale = isCoordinatorMoving(answer.code) || isOutcomeUnknown(answer.code)
        || std::any_of(answer.partitions.begin(), answer.partitions.end(), [](const auto &told) { return isCoordinatorMoving(told.second) || isOutcomeUnknown(told.second); });
    if (isStale)
        m_client.reset();
    if (answer.code != RD_KAFKA_RESP_ERR_NO_ERROR && !isCoordinatorMoving(answer.code))
        return tl::unexpected(stepErrorOf(*client, answer.code, consumer, answer.detail));
    std::vector<CheckpointOutcome> outcomes;
    for (const CheckpointChange &change : changes) {
        CheckpointOutcome outcome{change.stream, change.partition, std::nullopt};
        const auto told = answer.partitions.find({change.stream, change.partition});
        // A partition that the answer leaves out is not known, unless the whole of it was turned away.
        const auto code = answer.code != RD_KAFKA_RESP_ERR_NO_ERROR ? answer.code : told != answer.partitions.end() ? told->second : RD_KAFKA_RESP_ERR__BAD_MSG;
        if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
            outcome.error = stepErrorOf(*client, code, consumer, {});
        outcomes.push_back(std::move(outcome));
    }
    return outcomes;
}

} // namespace connectors::kafka
