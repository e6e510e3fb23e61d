// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/event_channel.h"
#include "connectors/stream_catalog.h"

/// Where a user wants to go in what is read, and whether there is such a place.
namespace ui::streams {

struct JumpTarget {
    std::optional<int> partition; ///< null: whichever has the position
    std::variant<qint64, connectors::AtTime> place; ///< a position, or a time in every partition
    [[nodiscard]] const qint64 *position() const { return std::get_if<qint64>(&place); }
};

/// "1204", "3:1204" or a time. Null for what names an end of the range ("latest", "last:100"). InvalidInput quotes the text.
[[nodiscard]] connectors::Result<std::optional<JumpTarget>> parseJump(const QString &text, connectors::EpochMs now);

/// What there is, in a sentence, where the target is not among these streams; empty where it is, or where what could be read
/// of them does not tell. `source` is what is browsed: a stream, or all of a connection.
[[nodiscard]] QString missingWords(const JumpTarget &target, const std::vector<connectors::StreamInfo> &streams, const QString &source);

/// What is read to show a time in a stream of several partitions: as many events on each side of its place in each of them as make
/// about `events` of all, but at least 20; around the end where no event is that late. Partitions without a known place are left out.
[[nodiscard]] std::vector<connectors::PartitionRead> rangesAround(const std::vector<connectors::TimePosition> &positions,
                                                                  const std::vector<connectors::StreamInfo> &streams, qint64 events);

} // namespace ui::streams
