// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/event_reader.h"
#include "connectors/kafka/partition_offsets.h"

#include <QStringList>

namespace connectors::kafka {

/// One partition of a read, with what was so when the read began.
struct PlannedPart {
    PartitionRead read;
    qint64 start = 0; ///< first stored
    qint64 end = 0;   ///< what the isolation lets us read: the last stable offset or the high watermark
    int leader = -1;
    std::optional<qint64> stop = std::nullopt; ///< nothing that is wanted is there or after it, so it is not read
    bool isGivenUp = false;                    ///< a batch in quarantine stands at `read.next`
};

/// A wanted partition of which nobody tells where it begins and ends: the broker that leads it is down, say.
struct UnreadPart {
    PartitionId id;
    Error why;
};

struct ReadPlan {
    std::vector<PlannedPart> parts; ///< by stream and partition
    std::vector<UnreadPart> unread; ///< the same; never all of them
    QStringList notes;              ///< sentences for ReadReport::note
    EpochMs made = 0;               ///< nothing in it is older than this
};

/// Resolves a request into exact ranges, once. Positions that no wanted partition has are refused with what there is; where
/// only some have them, the others are read as far as they go, and a note says so. Partitions that do not answer are left out
/// and told; where none answers, that is the error. Blocks for some requests to the cluster,
/// at most until `stop`. `uncommitted` tells the high watermarks of a ReadCommitted read.
[[nodiscard]] Result<ReadPlan> planRead(const ClientPtr &reader, const ClientPtr &uncommitted, const ReadRequest &request, const std::stop_token &stop);

/// The same for some partitions of a request, in a read that goes on already: a position that a partition does not have is
/// no refusal, it is read as far as it goes and a note says so. Every request of it takes at most `timeoutMs`.
[[nodiscard]] Result<ReadPlan> planPlaces(const ClientPtr &reader, const ClientPtr &uncommitted, const std::vector<PartitionPlace> &places, const ReadRequest &request,
                                          int timeoutMs, const std::stop_token &stop);

/// The topics' partitions that a request means; NotFound names what is missing.
[[nodiscard]] Result<std::vector<PartitionPlace>> placesToRead(const ClientPtr &client, const ReadRequest &request, const std::stop_token &stop);

/// "orders/3"
[[nodiscard]] QString nameOf(const PartitionRead &part);

} // namespace connectors::kafka
