// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/event_reader.h"
#include "connectors/stream_catalog.h"

/// What a read will do, does and did, in sentences.
namespace ui::streams {

/// What is known of the stream that is to be read; several when all of a connection are.
using KnownStreams = std::vector<connectors::StreamInfo>;

/// One of them has several partitions, so that “the newest” are those of each.
[[nodiscard]] bool isPartitioned(const KnownStreams &streams);

/// How many events will be scanned; null where only the read itself can tell (a time is somewhere).
[[nodiscard]] std::optional<qint64> expectedEvents(const connectors::ReadRequest &request, const KnownStreams &streams);
/// "Reads all 1,204 events of orders in 3 partitions, at most 20 MB/s."
[[nodiscard]] QString planWords(const connectors::ReadRequest &request, const KnownStreams &streams);
/// "1 batch cannot be read and is left out"
[[nodiscard]] QString leftOutWords(const connectors::ReadReport &report);
/// `source` is what was read: a stream, or all of a connection.
[[nodiscard]] QString reportWords(const connectors::ReadReport &report, const QString &source);
[[nodiscard]] QString progressWords(const connectors::ReadReport &report, std::optional<qint64> expected, double perSecond, std::optional<qint64> remainingMs);

} // namespace ui::streams
