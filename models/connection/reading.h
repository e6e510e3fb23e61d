// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/position.h"
#include "connectors/result.h"

namespace models::connection {

/// The last good value of something that is polled, and how the newest attempt went. After a failure the value stays,
/// with its age, so that a page can say "unknown, last seen 40 s ago" and never shows 0.
template<typename T>
struct Reading {
    T value{};
    connectors::EpochMs receivedAt = 0; ///< of the value; 0: none was ever received
    quint64 generation = 0;             ///< grows with every answer, good or bad
    std::optional<connectors::Error> error; ///< the newest attempt failed

    [[nodiscard]] bool hasValue() const { return receivedAt != 0; }
    /// The value is what the system said at the newest attempt.
    [[nodiscard]] bool isFresh() const { return hasValue() && !error; }
};

} // namespace models::connection
