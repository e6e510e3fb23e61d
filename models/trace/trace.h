// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/result.h"
#include "models/trace/causation_graph.h"

#include <optional>

namespace models::trace {

/// What was looked at of one partition: positions [from, to).
struct SearchedPartition {
    int partition = 0;
    qint64 from = 0;
    qint64 to = 0;
    qint64 events = 0;
    bool isComplete = false; ///< all that was asked for was read
    bool operator==(const SearchedPartition &) const = default;
};

/// What was looked at of one stream of one connection.
struct SearchedStream {
    int connection = 0;
    QString stream;
    std::vector<SearchedPartition> partitions = {}; ///< in order, at least one

    [[nodiscard]] std::optional<qint64> from() const; ///< null: not the same in every partition
    [[nodiscard]] std::optional<qint64> to() const;
    [[nodiscard]] qint64 events() const;
    [[nodiscard]] bool isComplete() const;
    [[nodiscard]] qsizetype incompletePartitions() const;
    bool operator==(const SearchedStream &) const = default;
};

/// All events of one flow, with what is known of how they were found.
struct Trace {
    QString correlationId;            ///< empty: the flow has none, or nothing was found
    std::vector<QString> connections; ///< names
    std::vector<TraceEvent> events;   ///< sorted by time
    std::vector<connectors::EventBatchPtr> batches; ///< the bytes, where they were kept
    std::vector<SearchedStream> searched;
    std::vector<connectors::Error> problems; ///< not empty: a part could not be searched
    bool isRangeExtended = false;     ///< more than the range was searched: an hour around what was known of the flow
    std::vector<QString> otherFlows;  ///< correlation ids that were found too, newest first

    [[nodiscard]] bool isComplete() const;
    /// "orders.events, payments": each once, in the order of the events.
    [[nodiscard]] std::vector<QString> streams() const;
};

/// True for types that end in Failed, Rejected, Declined, TimedOut … : the mark in a list of flows. A hint, not a rule.
[[nodiscard]] bool namesFailure(const QString &eventType);

} // namespace models::trace
