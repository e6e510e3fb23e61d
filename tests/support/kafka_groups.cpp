// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/kafka_groups.h"

#include "tests/support/folders.h"
#include "tests/support/kafka_server.h"

#include <QDeadlineTimer>
#include <QElapsedTimer>
#include <QRegularExpression>

#include <librdkafka/rdkafka.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <unistd.h>

namespace tests {

using connectors::PartitionId;

namespace {

constexpr int TimeoutMs = 60'000;

void require(bool isTrue, const char *what, const char *detail = "")
{
    if (!isTrue)
        qFatal("The test's Kafka groups: %s: %s", what, detail);
}

rd_kafka_t *makeHandle(const QString &bootstrap, const std::map<QByteArray, QByteArray> &properties)
{
    std::array<char, 512> text{};
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    rd_kafka_conf_set(conf, "bootstrap.servers", bootstrap.toUtf8().constData(), text.data(), text.size());
    for (const auto &[name, value] : properties)
        require(rd_kafka_conf_set(conf, name.constData(), value.constData(), text.data(), text.size()) == RD_KAFKA_CONF_OK, "property", text.data());
    rd_kafka_t *handle = rd_kafka_new(RD_KAFKA_CONSUMER, conf, text.data(), text.size());
    require(handle != nullptr, "no handle", text.data());
    return handle;
}

rd_kafka_topic_partition_list_t *listOf(const std::vector<TestCommit> &commits)
{
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(static_cast<int>(commits.size()));
    for (const TestCommit &commit : commits) {
        rd_kafka_topic_partition_t *element = rd_kafka_topic_partition_list_add(list, commit.at.stream.toUtf8().constData(), commit.at.partition);
        element->offset = commit.offset;
        if (!commit.metadata.isEmpty()) {
            element->metadata_size = static_cast<size_t>(commit.metadata.size());
            element->metadata = std::malloc(element->metadata_size);
            std::memcpy(element->metadata, commit.metadata.constData(), element->metadata_size);
        }
    }
    return list;
}

/// Not terminated, and garbage behind a NUL.
QByteArray metadataOf(const rd_kafka_topic_partition_t &element)
{
    const char *text = static_cast<const char *>(element.metadata);
    return text == nullptr ? QByteArray() : QByteArray(text, static_cast<qsizetype>(strnlen(text, element.metadata_size)));
}

using Committed = std::map<PartitionId, std::pair<qint64, QByteArray>>;

Committed committedIn(const rd_kafka_topic_partition_list_t &list)
{
    Committed committed;
    for (int i = 0; i < list.cnt; ++i) {
        const rd_kafka_topic_partition_t &element = list.elems[i];
        if (element.offset >= 0)
            committed[{QString::fromUtf8(element.topic), element.partition}] = {element.offset, metadataOf(element)};
    }
    return committed;
}

/// As on a broker that has just started, or on the first group that its coordinator sees.
bool isCoordinatorStarting(rd_kafka_resp_err_t code)
{
    return code == RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS || code == RD_KAFKA_RESP_ERR_COORDINATOR_NOT_AVAILABLE
        || code == RD_KAFKA_RESP_ERR_NOT_COORDINATOR;
}

std::optional<qint64> numberOf(const QString &text)
{
    return text == u'-' ? std::nullopt : std::optional(text.toLongLong());
}

} // namespace

struct KafkaGroups::State {
    rd_kafka_t *handle = nullptr;
    rd_kafka_queue_t *queue = nullptr;

    void send(const QString &group, const std::vector<TestCommit> &commits) const
    {
        rd_kafka_topic_partition_list_t *list = listOf(commits);
        rd_kafka_AlterConsumerGroupOffsets_t *request = rd_kafka_AlterConsumerGroupOffsets_new(group.toUtf8().constData(), list);
        rd_kafka_AlterConsumerGroupOffsets(handle, &request, 1, nullptr, queue);
        rd_kafka_AlterConsumerGroupOffsets_destroy(request);
        rd_kafka_topic_partition_list_destroy(list);
    }

    /// The group whose commit is to be sent again, or none.
    [[nodiscard]] QString awaitCommit() const
    {
        rd_kafka_event_t *event = awaitEvent("AlterConsumerGroupOffsets");
        size_t count = 0;
        const rd_kafka_group_result_t **groups =
            rd_kafka_AlterConsumerGroupOffsets_result_groups(rd_kafka_event_AlterConsumerGroupOffsets_result(event), &count);
        QString refused;
        const rd_kafka_topic_partition_list_t *list = rd_kafka_group_result_partitions(groups[0]);
        for (int p = 0; p < list->cnt; ++p) {
            const rd_kafka_resp_err_t code = list->elems[p].err;
            if (isCoordinatorStarting(code))
                refused = QString::fromUtf8(rd_kafka_group_result_name(groups[0]));
            else
                require(code == RD_KAFKA_RESP_ERR_NO_ERROR, "commit", rd_kafka_err2str(code));
        }
        rd_kafka_event_destroy(event);
        return refused;
    }

    /// Nothing while the coordinator starts.
    [[nodiscard]] std::optional<Committed> readCommitted(const QString &group) const
    {
        rd_kafka_ListConsumerGroupOffsets_t *request = rd_kafka_ListConsumerGroupOffsets_new(group.toUtf8().constData(), nullptr);
        rd_kafka_ListConsumerGroupOffsets(handle, &request, 1, nullptr, queue);
        rd_kafka_ListConsumerGroupOffsets_destroy(request);
        rd_kafka_event_t *event = awaitEvent("ListConsumerGroupOffsets");
        size_t count = 0;
        const rd_kafka_group_result_t **groups = rd_kafka_ListConsumerGroupOffsets_result_groups(rd_kafka_event_ListConsumerGroupOffsets_result(event), &count);
        const rd_kafka_error_t *error = rd_kafka_group_result_error(groups[0]);
        std::optional<Committed> committed;
        if (error == nullptr)
            committed = committedIn(*rd_kafka_group_result_partitions(groups[0]));
        else
            require(isCoordinatorStarting(rd_kafka_error_code(error)), "committed", rd_kafka_error_string(error));
        rd_kafka_event_destroy(event);
        return committed;
    }

    rd_kafka_event_t *awaitEvent(const char *what) const
    {
        rd_kafka_event_t *event = rd_kafka_queue_poll(queue, TimeoutMs);
        require(event != nullptr, what, "no answer");
        require(rd_kafka_event_error(event) == RD_KAFKA_RESP_ERR_NO_ERROR, what, rd_kafka_event_error_string(event));
        return event;
    }
};

KafkaGroups::KafkaGroups(const QString &bootstrap)
    : m_state(std::make_unique<State>())
{
    // With a group.id, or a coordinator that moves ends this process (librdkafka 2.0.2).
    m_state->handle = makeHandle(bootstrap, {{"group.id", "test-never-joins"}, {"enable.auto.commit", "false"}});
    m_state->queue = rd_kafka_queue_new(m_state->handle);
}

KafkaGroups::~KafkaGroups()
{
    rd_kafka_queue_destroy(m_state->queue);
    rd_kafka_destroy_flags(m_state->handle, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE);
}

void KafkaGroups::commit(const std::map<QString, std::vector<TestCommit>> &commits)
{
    const QDeadlineTimer patience(TimeoutMs);
    for (std::map<QString, std::vector<TestCommit>> open = commits; !open.empty();) {
        require(!patience.hasExpired(), "commit", "The coordinator does not settle.");
        for (const auto &[group, offsets] : open)
            m_state->send(group, offsets);
        std::map<QString, std::vector<TestCommit>> again;
        for (size_t i = 0; i < open.size(); ++i) {
            const QString refused = m_state->awaitCommit();
            if (!refused.isEmpty())
                again[refused] = open.at(refused);
        }
        open = std::move(again);
    }
}

std::map<PartitionId, std::pair<qint64, QByteArray>> KafkaGroups::committed(const QString &group)
{
    const QDeadlineTimer patience(TimeoutMs);
    for (;;) {
        require(!patience.hasExpired(), "committed", "The coordinator does not settle.");
        if (const auto committed = m_state->readCommitted(group))
            return *committed;
    }
}

bool KafkaGroups::isListed(const QString &group)
{
    rd_kafka_ListConsumerGroups(m_state->handle, nullptr, m_state->queue);
    rd_kafka_event_t *event = m_state->awaitEvent("ListConsumerGroups");
    size_t count = 0;
    const rd_kafka_ConsumerGroupListing_t **groups = rd_kafka_ListConsumerGroups_result_valid(rd_kafka_event_ListConsumerGroups_result(event), &count);
    bool isFound = false;
    for (size_t i = 0; i < count; ++i)
        isFound = isFound || QString::fromUtf8(rd_kafka_ConsumerGroupListing_group_id(groups[i])) == group;
    rd_kafka_event_destroy(event);
    return isFound;
}

struct KafkaMember::State {
    rd_kafka_t *handle = nullptr;
};

KafkaMember::KafkaMember(const QString &bootstrap, const QString &group, const QString &topic, const QString &clientId)
    : m_state(std::make_unique<State>())
{
    m_state->handle = makeHandle(bootstrap, {{"group.id", group.toUtf8()}, {"client.id", clientId.toUtf8()}, {"enable.auto.commit", "false"},
                                             {"auto.offset.reset", "earliest"}, {"session.timeout.ms", "6000"}, {"heartbeat.interval.ms", "500"}});
    rd_kafka_poll_set_consumer(m_state->handle);
    rd_kafka_topic_partition_list_t *topics = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_list_add(topics, topic.toUtf8().constData(), RD_KAFKA_PARTITION_UA);
    require(rd_kafka_subscribe(m_state->handle, topics) == RD_KAFKA_RESP_ERR_NO_ERROR, "subscribe");
    rd_kafka_topic_partition_list_destroy(topics);
}

KafkaMember::~KafkaMember()
{
    rd_kafka_consumer_close(m_state->handle);
    rd_kafka_destroy(m_state->handle);
}

int KafkaMember::read(int count)
{
    QElapsedTimer patience;
    patience.start();
    int seen = 0;
    while (seen < count && !patience.hasExpired(TimeoutMs)) {
        rd_kafka_message_t *message = rd_kafka_consumer_poll(m_state->handle, 100);
        if (message != nullptr) {
            seen += message->err == RD_KAFKA_RESP_ERR_NO_ERROR;
            rd_kafka_message_destroy(message);
        }
    }
    return seen;
}

void KafkaMember::commit()
{
    const QDeadlineTimer patience(TimeoutMs);
    rd_kafka_resp_err_t code = rd_kafka_commit(m_state->handle, nullptr, 0);
    while (isCoordinatorStarting(code) && !patience.hasExpired())
        code = rd_kafka_commit(m_state->handle, nullptr, 0);
    require(code == RD_KAFKA_RESP_ERR_NO_ERROR, "commit", rd_kafka_err2str(code));
}

ConsoleConsumer::ConsoleConsumer(const QString &bootstrap, const QString &group, const QString &topic, const QString &protocol)
    : m_process(std::make_unique<QProcess>())
{
    // A session of its own, so that the shell's Java can be ended with it.
    m_process->setChildProcessModifier([] { ::setsid(); });
    m_process->setStandardOutputFile(QProcess::nullDevice());
    m_process->setProcessChannelMode(QProcess::ForwardedErrorChannel);
    m_process->start(sourceFolder() + QStringLiteral("/tests/servers/kafka"),
                     {QStringLiteral("consumer"), QStringLiteral("--bootstrap-server"), bootstrap, QStringLiteral("--topic"), topic, QStringLiteral("--group"), group,
                      QStringLiteral("--consumer-property"), QStringLiteral("group.protocol=") + protocol, QStringLiteral("--consumer-property"),
                      QStringLiteral("auto.offset.reset=earliest")});
    require(m_process->waitForStarted(), "console consumer");
}

ConsoleConsumer::~ConsoleConsumer()
{
    ::kill(-static_cast<pid_t>(m_process->processId()), SIGTERM);
    if (!m_process->waitForFinished(TimeoutMs / 4))
        ::kill(-static_cast<pid_t>(m_process->processId()), SIGKILL);
}

ToolRows describeAllGroups(const QString &bootstrap)
{
    const auto text = runKafkaScript({QStringLiteral("groups"), QStringLiteral("--bootstrap-server"), bootstrap, QStringLiteral("--describe"),
                                      QStringLiteral("--all-groups"), QStringLiteral("--timeout"), QString::number(TimeoutMs)});
    require(text.has_value(), "Kafka's own tool failed");
    ToolRows rows;
    static const QRegularExpression spaces(QStringLiteral("\\s+"));
    for (const QString &line : QString::fromUtf8(*text).split(u'\n', Qt::SkipEmptyParts)) {
        // GROUP TOPIC PARTITION CURRENT-OFFSET LOG-END-OFFSET LAG CONSUMER-ID HOST CLIENT-ID
        const QStringList cells = line.split(spaces, Qt::SkipEmptyParts);
        bool isRow = false;
        const int partition = cells.size() == 9 ? cells[2].toInt(&isRow) : -1;
        if (isRow)
            rows[{cells[0], {cells[1], partition}}] = {numberOf(cells[3]), numberOf(cells[4]), numberOf(cells[5]), cells[6], cells[7]};
    }
    return rows;
}

} // namespace tests
