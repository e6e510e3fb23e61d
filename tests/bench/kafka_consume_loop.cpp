// SPDX-License-Identifier: GPL-3.0-or-later
// The yardstick for searching a topic: what librdkafka gives to a program that does nothing but consume every message
// of a topic and look for some bytes in its key and body. No decoding, no counting by partition, no cancelling.
//
//   kafka_consume_loop BOOTSTRAP TOPIC TEXT [NAME=VALUE]…
//
// prints one line: messages, matches, bytes and seconds, connecting and asking for the ends included.
#include <librdkafka/rdkafka.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <vector>

namespace {

[[noreturn]] void giveUp(const char *what, const char *why)
{
    std::fprintf(stderr, "kafka_consume_loop: %s: %s\n", what, why);
    std::exit(2);
}

void set(rd_kafka_conf_t *conf, const char *name, const char *value)
{
    char error[512];
    if (rd_kafka_conf_set(conf, name, value, error, sizeof error) != RD_KAFKA_CONF_OK)
        giveUp(name, error);
}

int partitionCount(rd_kafka_t *client, rd_kafka_topic_t *topic)
{
    const rd_kafka_metadata_t *metadata = nullptr;
    const rd_kafka_resp_err_t code = rd_kafka_metadata(client, 0, topic, &metadata, 10'000);
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
        giveUp("metadata", rd_kafka_err2str(code));
    const int count = metadata->topic_cnt == 1 ? metadata->topics[0].partition_cnt : 0;
    rd_kafka_metadata_destroy(metadata);
    return count;
}

struct Totals {
    long long messages = 0;
    long long matches = 0;
    long long bytes = 0;
};

/// The end of each partition, so that the loop ends with its last record and waits for nothing.
std::vector<int64_t> endsOf(rd_kafka_t *client, const char *topic, int partitions)
{
    std::vector<int64_t> ends;
    for (int partition = 0; partition < partitions; ++partition) {
        int64_t start = 0;
        int64_t end = 0;
        const rd_kafka_resp_err_t code = rd_kafka_query_watermark_offsets(client, topic, partition, &start, &end, 10'000);
        if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
            giveUp("ends", rd_kafka_err2str(code));
        ends.push_back(start < end ? end : 0);
    }
    return ends;
}

Totals consume(rd_kafka_queue_t *queue, const std::vector<int64_t> &ends, const char *text)
{
    const size_t length = std::strlen(text);
    Totals totals;
    std::vector<rd_kafka_message_t *> messages(1000);
    for (auto open = ends.size() - static_cast<size_t>(std::count(ends.begin(), ends.end(), 0)); open > 0;) {
        ssize_t count = rd_kafka_consume_batch_queue(queue, 0, messages.data(), messages.size());
        if (count == 0 && (messages[0] = rd_kafka_consume_queue(queue, 100)))
            count = 1;
        for (ssize_t i = 0; i < count; ++i) {
            rd_kafka_message_t *message = messages[static_cast<size_t>(i)];
            if (message->err) {
                giveUp("consume", rd_kafka_message_errstr(message));
            } else {
                if (message->offset + 1 == ends[static_cast<size_t>(message->partition)])
                    --open;
                ++totals.messages;
                totals.bytes += static_cast<long long>(message->len);
                if (memmem(message->payload, message->len, text, length) || memmem(message->key, message->key_len, text, length))
                    ++totals.matches;
            }
            rd_kafka_message_destroy(message);
        }
    }
    return totals;
}

} // namespace

int main(int argc, char **argv)
{
    if (argc < 4)
        giveUp("usage", "kafka_consume_loop BOOTSTRAP TOPIC TEXT [NAME=VALUE]…");
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    set(conf, "bootstrap.servers", argv[1]);
    for (int i = 4; i < argc; ++i) {
        char *value = std::strchr(argv[i], '=');
        if (!value)
            giveUp(argv[i], "not NAME=VALUE");
        *value = '\0';
        set(conf, argv[i], value + 1);
    }
    char error[512];
    rd_kafka_t *client = rd_kafka_new(RD_KAFKA_CONSUMER, conf, error, sizeof error);
    if (!client)
        giveUp("client", error);
    rd_kafka_topic_t *topic = rd_kafka_topic_new(client, argv[2], nullptr);
    rd_kafka_queue_t *queue = rd_kafka_queue_new(client);

    const auto start = std::chrono::steady_clock::now();
    const int partitions = partitionCount(client, topic);
    const std::vector<int64_t> ends = endsOf(client, argv[2], partitions);
    for (int partition = 0; partition < partitions; ++partition)
        if (rd_kafka_consume_start_queue(topic, partition, RD_KAFKA_OFFSET_BEGINNING, queue) != 0)
            giveUp("start", rd_kafka_err2str(rd_kafka_last_error()));
    const Totals totals = consume(queue, ends, argv[3]);
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
    std::printf("messages=%lld matches=%lld bytes=%lld seconds=%.3f\n", totals.messages, totals.matches, totals.bytes, seconds.count());

    for (int partition = 0; partition < partitions; ++partition)
        rd_kafka_consume_stop(topic, partition);
    rd_kafka_queue_destroy(queue);
    rd_kafka_topic_destroy(topic);
    rd_kafka_destroy(client);
    return 0;
}
