// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/trace/trace_search.h"

namespace models::trace {

/// What a user wants to see the flow of: a text, or one event by its place.
struct TraceRequest {
    QString text;
    KnownAs knownAs = KnownAs::Anything;
    std::optional<connectors::EventAddress> address; ///< instead of the text
    QString connection; ///< whose address it is; empty: whichever has it
    /// What is known of the flow beside the text: one of its events, by its place on `connection`, and times of others. A search within
    /// a range covers these too.
    std::optional<connectors::EventAddress> seenAt;
    std::optional<connectors::EpochMs> seenFrom;
    std::optional<connectors::EpochMs> seenTo;
    std::optional<connectors::EpochMs> from; ///< null: from the beginning
    std::optional<connectors::EpochMs> to;   ///< null: to the end
    bool isPatient = false; ///< reads on where the first search reached its bounds

    bool operator==(const TraceRequest &) const = default;
    /// Whatever is known beside it, and within whatever range.
    [[nodiscard]] bool asksForSameAs(const TraceRequest &other) const
    {
        return text == other.text && knownAs == other.knownAs && address == other.address && connection == other.connection;
    }
};

/// A flow as a list shows it.
struct FlowSummary {
    QString name;            ///< correlation id, else what was searched for
    TraceRequest request;    ///< finds it again
    qint64 events = 0;
    bool isWhole = false;    ///< false: there may be more events than were seen
    std::optional<connectors::EpochMs> begin;
    std::optional<connectors::EpochMs> end;
    std::vector<QString> streams;
    qint64 failures = 0;     ///< dead letters and events whose type names a failure
};

} // namespace models::trace
