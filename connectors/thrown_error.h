// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/result.h"

#include <new>
#include <type_traits>
#include <utility>

namespace connectors {

/// Carries an Error through the statements of one operation. Thrown and caught inside one library only: see guarded().
struct ThrownError {
    Error error;
};

[[noreturn]] inline void fail(ErrorCode code, QString message, QString advice = {}, bool isRetryable = false)
{
    throw ThrownError{Error{code, std::move(message), std::move(advice), isRetryable}};
}

/// The library's edge: what `operation` returns, or the error it failed with.
template<typename Operation>
auto guarded(Operation &&operation) -> Result<std::invoke_result_t<Operation>>
{
    try {
        if constexpr (std::is_void_v<std::invoke_result_t<Operation>>) {
            operation();
            return {};
        } else {
            return operation();
        }
    } catch (ThrownError &failed) {
        return tl::unexpected<Error>(std::move(failed.error));
    } catch (const std::bad_alloc &) {
        return failure(ErrorCode::Refused, QStringLiteral("What was asked for takes more memory than this process may take."),
                       QStringLiteral("Ask for less at once, or give it more with --memory-limit."));
    }
}

} // namespace connectors
