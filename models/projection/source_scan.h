// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/projection/projection_source.h"

namespace models::projection {

struct TypeCount {
    QString type; ///< empty: of events that have none
    qint64 events = 0;
    bool hasRule = false;
    bool operator==(const TypeCount &) const = default;
};

/// An event to which a rule cannot be applied.
struct UnfitEvent {
    connectors::EventAddress address;
    QString why;
};

/// Rows that the events of a range are about.
struct RowCount {
    QString table;
    qint64 rows = 0;
    bool isAtLeast = false; ///< they were counted no further
};

/// What a rebuild would meet, found without writing anything.
struct SourceScan {
    static constexpr size_t MostUnfitKept = 20;
    static constexpr qint64 MostRowsCounted = 10'000'000;

    qint64 events = 0;               ///< of the projection's streams
    std::vector<TypeCount> types;    ///< most frequent first
    qint64 withoutRule = 0;          ///< events of types that no rule knows
    qint64 unfitCount = 0;
    std::vector<UnfitEvent> unfit;   ///< the first of them
    std::vector<RowCount> rows;      ///< of each table; rows that are deleted again are counted too
    qint64 milliseconds = 0;
    connectors::ReadReport report;   ///< of the read, which may have met more streams
};

/// Reads all that is in the projection's streams now and applies its rules to it; see ProjectionSource. Memory is bounded: some
/// forty bytes a row.
[[nodiscard]] connectors::Result<SourceScan> scanSource(connectors::Connector &connector, const ProjectionFile &file, qint64 maxBytesPerSecond, const std::stop_token &stop,
                                                        const SourceObserver &observer = {});

} // namespace models::projection
