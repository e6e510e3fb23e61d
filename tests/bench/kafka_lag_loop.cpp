// SPDX-License-Identifier: GPL-3.0-or-later
// The yardstick for `streamgaugectl lag`: the lag of every consumer group by nothing but librdkafka. Lists the groups, asks
// for the committed offsets of all of them at once, then for the end of every partition in one call, and prints the rows.
// It makes no use of members, starts, safe heads or errors: whatever it leaves out, it is faster by.
//   kafka_lag_loop BOOTSTRAP
#include <librdkafka/rdkafka.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace {

constexpr int TimeoutMs = 30'000;

using Partition = std::pair<std::string, int>;
using Offsets = std::map<Partition, long long>;

[[noreturn]] void die(const char *what, const char *why)
{
    std::fprintf(stderr, "kafka_lag_loop: %s: %s\n", what, why);
    std::exit(1);
}

rd_kafka_t *connect(const char *bootstrap)
{
    char error[512];
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    rd_kafka_conf_set(conf, "bootstrap.servers", bootstrap, error, sizeof error);
    rd_kafka_conf_set(conf, "isolation.level", "read_uncommitted", error, sizeof error);
    rd_kafka_t *handle = rd_kafka_new(RD_KAFKA_CONSUMER, conf, error, sizeof error);
    if (handle == nullptr)
        die("cannot make a handle", error);
    return handle;
}

std::vector<std::string> listGroups(rd_kafka_t *handle, rd_kafka_queue_t *queue)
{
    rd_kafka_ListConsumerGroups(handle, nullptr, queue);
    rd_kafka_event_t *event = rd_kafka_queue_poll(queue, TimeoutMs);
    if (event == nullptr || rd_kafka_event_error(event) != RD_KAFKA_RESP_ERR_NO_ERROR)
        die("cannot list groups", event == nullptr ? "no answer" : rd_kafka_event_error_string(event));
    size_t count = 0;
    const auto *result = rd_kafka_event_ListConsumerGroups_result(event);
    const rd_kafka_ConsumerGroupListing_t **listed = rd_kafka_ListConsumerGroups_result_valid(result, &count);
    std::vector<std::string> groups;
    for (size_t i = 0; i < count; ++i)
        groups.emplace_back(rd_kafka_ConsumerGroupListing_group_id(listed[i]));
    rd_kafka_event_destroy(event);
    return groups;
}

std::map<std::string, Offsets> committedOffsets(rd_kafka_t *handle, rd_kafka_queue_t *queue, const std::vector<std::string> &groups)
{
    for (const std::string &group : groups) {
        rd_kafka_ListConsumerGroupOffsets_t *request = rd_kafka_ListConsumerGroupOffsets_new(group.c_str(), nullptr);
        rd_kafka_ListConsumerGroupOffsets(handle, &request, 1, nullptr, queue);
        rd_kafka_ListConsumerGroupOffsets_destroy(request);
    }
    std::map<std::string, Offsets> committed;
    for (size_t i = 0; i < groups.size(); ++i) {
        rd_kafka_event_t *event = rd_kafka_queue_poll(queue, TimeoutMs);
        if (event == nullptr || rd_kafka_event_error(event) != RD_KAFKA_RESP_ERR_NO_ERROR)
            die("cannot read offsets", event == nullptr ? "no answer" : rd_kafka_event_error_string(event));
        size_t count = 0;
        const auto *result = rd_kafka_event_ListConsumerGroupOffsets_result(event);
        const rd_kafka_group_result_t **answers = rd_kafka_ListConsumerGroupOffsets_result_groups(result, &count);
        for (size_t g = 0; g < count; ++g) {
            const rd_kafka_topic_partition_list_t *list = rd_kafka_group_result_partitions(answers[g]);
            for (int p = 0; p < list->cnt; ++p)
                committed[rd_kafka_group_result_name(answers[g])][{list->elems[p].topic, list->elems[p].partition}] = list->elems[p].offset;
        }
        rd_kafka_event_destroy(event);
    }
    return committed;
}

Offsets endOffsets(rd_kafka_t *handle, const std::map<std::string, Offsets> &committed)
{
    Offsets ends;
    for (const auto &[group, offsets] : committed)
        for (const auto &[partition, offset] : offsets)
            ends[partition] = -1;
    if (ends.empty())
        return ends;
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(static_cast<int>(ends.size()));
    for (const auto &[partition, end] : ends)
        rd_kafka_topic_partition_list_add(list, partition.first.c_str(), partition.second)->offset = RD_KAFKA_OFFSET_END;
    if (const auto error = rd_kafka_offsets_for_times(handle, list, TimeoutMs); error != RD_KAFKA_RESP_ERR_NO_ERROR)
        die("cannot read ends", rd_kafka_err2str(error));
    for (int i = 0; i < list->cnt; ++i)
        ends[{list->elems[i].topic, list->elems[i].partition}] = list->elems[i].offset;
    rd_kafka_topic_partition_list_destroy(list);
    return ends;
}

} // namespace

int main(int argc, char **argv)
{
    if (argc != 2)
        die("usage", "kafka_lag_loop BOOTSTRAP");
    const auto begin = std::chrono::steady_clock::now();
    rd_kafka_t *handle = connect(argv[1]);
    rd_kafka_queue_t *queue = rd_kafka_queue_new(handle);
    const auto committed = committedOffsets(handle, queue, listGroups(handle, queue));
    const Offsets ends = endOffsets(handle, committed);
    size_t rows = 0;
    for (const auto &[group, offsets] : committed) {
        for (const auto &[partition, offset] : offsets) {
            std::printf("%s %s %d %lld %lld %lld\n", group.c_str(), partition.first.c_str(), partition.second, offset,
                        ends.at(partition), ends.at(partition) - offset);
            ++rows;
        }
    }
    const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begin);
    std::fprintf(stderr, "%zu groups, %zu rows in %lld ms\n", committed.size(), rows, static_cast<long long>(took.count()));
    rd_kafka_queue_destroy(queue);
    rd_kafka_destroy(handle);
    return 0;
}
