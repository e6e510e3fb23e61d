// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <librdkafka/rdkafka.h>

#include <chrono>
#include <memory>
#include <optional>
#include <stop_token>

namespace connectors::kafka {

using AdminOptions = std::unique_ptr<rd_kafka_AdminOptions_t, decltype(&rd_kafka_AdminOptions_destroy)>;
using AdminEvent = std::unique_ptr<rd_kafka_event_t, decltype(&rd_kafka_event_destroy)>;

/// The queue on which the answers to librdkafka's administrative calls arrive. One thread at a time; answers that are still
/// under way when it goes are dropped.
class AdminCall final
{
public:
    explicit AdminCall(rd_kafka_t *handle);

    /// Options with a time-out, which every call must have: without one, librdkafka waits a minute. `tag` comes back with
    /// the answer, also with one that is nothing but an error.
    [[nodiscard]] AdminOptions options(rd_kafka_admin_op_t operation, std::chrono::milliseconds timeout, size_t tag = 0) const;
    [[nodiscard]] rd_kafka_queue_t *queue() const { return m_queue.get(); }

    /// The next answer; null when none came until the deadline, or it was asked to stop.
    [[nodiscard]] AdminEvent next(std::chrono::steady_clock::time_point deadline, const std::stop_token &stop);
    [[nodiscard]] static size_t tagOf(const AdminEvent &event);

private:
    rd_kafka_t *const m_handle;
    const std::unique_ptr<rd_kafka_queue_t, decltype(&rd_kafka_queue_destroy)> m_queue;
};

} // namespace connectors::kafka
