// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/result.h"

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>

namespace connectors::kafka {

/// The answer of a call of librdkafka that blocks and cannot be cancelled, or Cancelled as soon as `stop` is requested; the
/// call then ends by itself on its own thread. It must hold what it uses.
template<typename T>
[[nodiscard]] Result<T> answerOrStop(const std::stop_token &stop, std::function<Result<T>()> call)
{
    struct Shared {
        std::mutex mutex;
        std::condition_variable_any changed;
        std::optional<Result<T>> answer;
    };
    const auto shared = std::make_shared<Shared>();
    std::thread([shared, call = std::move(call)] {
        Result<T> answer = call();
        const std::lock_guard lock(shared->mutex);
        shared->answer = std::move(answer);
        shared->changed.notify_all();
    }).detach();
    std::unique_lock lock(shared->mutex);
    if (!shared->changed.wait(lock, stop, [&shared] { return shared->answer.has_value(); }))
        return failure(ErrorCode::Cancelled, QStringLiteral("The question was cancelled."));
    return std::move(*shared->answer);
}

} // namespace connectors::kafka
