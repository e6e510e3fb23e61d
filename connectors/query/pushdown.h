// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/event_reader.h"

namespace connectors::query {

class Condition;

/// What a condition asks of cheap columns, so that a reader need not read what cannot match. All of it is necessary, none
/// sufficient: the condition itself still decides. Only parts joined by AND at the top are looked at.
///
/// For a reader: seek to `from` (the first position whose time is at or after it), sound whatever the times' order; stop at
/// `before` only where times never go back (log-append time, the event store); use `search` as ReadRequest::search where
/// the request has none; `key` may choose one partition only when the user names the partitioner, and then the answer is
/// not complete.
struct Pushdown {
    std::optional<EpochMs> from;       ///< `time` is not earlier
    std::optional<EpochMs> before;     ///< `time` is earlier
    std::optional<ExactSearch> search; ///< an id, or the key, is one of these
    std::optional<QByteArray> key;     ///< the key is this
};

/// `now` is what `ago()` counts back from; EventFilter::pushdown() has the filter's own.
[[nodiscard]] Pushdown pushdownOf(const Condition &condition, EpochMs now);

/// The same of a text; nothing where it is no condition. Here `ago()` counts back from a minute before now, so that a filter
/// compiled before or after never accepts what this excludes.
[[nodiscard]] Pushdown pushdownOf(const QString &where);

} // namespace connectors::query
