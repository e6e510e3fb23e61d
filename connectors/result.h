// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <tl/expected.hpp>

namespace connectors {

/// What kind of thing went wrong. Chosen so that a caller can decide: the command line maps
/// CannotConnect/NotAuthenticated to exit status 3 and Incomplete/OutcomeUnknown to 4.
enum class ErrorCode {
    InvalidInput,     ///< the caller asked for something that makes no sense
    NotFound,         ///< the named thing does not exist
    Refused,          ///< it exists, but the rule or the system says no
    Conflict,         ///< somebody else changed it meanwhile
    NotPermitted,     ///< logged in, but without the right
    NotAuthenticated, ///< could not log in
    CannotConnect,    ///< nobody answered, or the peer could not be verified
    TimedOut,         ///< no answer in time; for reads only
    OutcomeUnknown,   ///< a change may or may not have happened
    Incomplete,       ///< a part could not be read
    Cancelled,
    Unsupported,      ///< this system or this library version cannot do it
    Unreadable,       ///< bytes are there, but corrupt or of an unknown format
    StorageFailed,    ///< local file: disk full, read-only, locked
    Internal
};

/// An error for a person: what happened and to what (message), and what to do about it (advice, may be empty).
/// Both are plain text and may contain text from a broker; never render them as rich text.
struct Error {
    ErrorCode code = ErrorCode::Internal;
    QString message;
    QString advice;
    bool isRetryable = false;

    bool operator==(const Error &) const = default;
};

template<typename T>
using Result = tl::expected<T, Error>;

[[nodiscard]] inline tl::unexpected<Error> failure(ErrorCode code, QString message, QString advice = {}, bool isRetryable = false)
{
    return tl::unexpected<Error>(Error{code, std::move(message), std::move(advice), isRetryable});
}

/// The message, then the advice on a line of its own.
[[nodiscard]] QString describe(const Error &error);

} // namespace connectors
