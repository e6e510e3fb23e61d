// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/kafka/admin_call.h"

#include <QtGlobal>

#include <algorithm>
#include <cstdint>

namespace connectors::kafka {

namespace {

/// How long a cancel may go unnoticed.
constexpr std::chrono::milliseconds AdminSlice{100};

} // namespace

AdminCall::AdminCall(rd_kafka_t *handle)
    : m_handle(handle)
    , m_queue(rd_kafka_queue_new(handle), rd_kafka_queue_destroy)
{
}

AdminOptions AdminCall::options(rd_kafka_admin_op_t operation, std::chrono::milliseconds timeout, size_t tag) const
{
    AdminOptions options(rd_kafka_AdminOptions_new(m_handle, operation), rd_kafka_AdminOptions_destroy);
    char error[256];
    const auto set = rd_kafka_AdminOptions_set_request_timeout(options.get(), static_cast<int>(timeout.count()), error, sizeof error);
    Q_ASSERT(set == RD_KAFKA_RESP_ERR_NO_ERROR);
    Q_UNUSED(set)
    // NOLINTNEXTLINE(performance-no-int-to-ptr): a number that comes back with the answer, never followed.
    rd_kafka_AdminOptions_set_opaque(options.get(), reinterpret_cast<void *>(static_cast<std::uintptr_t>(tag)));
    return options;
}

AdminEvent AdminCall::next(std::chrono::steady_clock::time_point deadline, const std::stop_token &stop)
{
    while (!stop.stop_requested()) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
        const auto wait = std::clamp(left, std::chrono::milliseconds(0), AdminSlice);
        if (rd_kafka_event_t *event = rd_kafka_queue_poll(m_queue.get(), static_cast<int>(wait.count())))
            return AdminEvent(event, rd_kafka_event_destroy);
        if (left <= wait)
            break;
    }
    return AdminEvent(nullptr, rd_kafka_event_destroy);
}

size_t AdminCall::tagOf(const AdminEvent &event)
{
    return static_cast<size_t>(reinterpret_cast<std::uintptr_t>(rd_kafka_event_opaque(event.get())));
}

} // namespace connectors::kafka
