// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <optional>
#include <variant>

namespace connectors {

/// Milliseconds since 1970-01-01T00:00:00Z.
using EpochMs = qint64;
/// As far from 1970 as a time may be, either way (275,000 years; ECMA-262's bound): within it times can be added and subtracted.
inline constexpr EpochMs FurthestTime = 8'640'000'000'000'000;

struct Earliest { bool operator==(const Earliest &) const = default; };
struct Latest { bool operator==(const Latest &) const = default; };
struct AtPosition { qint64 position = 0; bool operator==(const AtPosition &) const = default; };
struct AtTime { EpochMs time = 0; bool operator==(const AtTime &) const = default; };
struct Newest { qint64 count = 0; bool operator==(const Newest &) const = default; }; ///< the last N events of each partition

/// A place in every partition of a stream, written `earliest`, `latest`, `1204`, a time, `-30m` or `last:N`.
/// A duration back is resolved to AtTime when it is parsed.
using PositionSpec = std::variant<Earliest, Latest, AtPosition, AtTime, Newest>;

/// Where one event is.
struct EventAddress {
    QString stream;
    int partition = 0;
    qint64 position = 0;
    bool operator==(const EventAddress &) const = default;
};

} // namespace connectors
