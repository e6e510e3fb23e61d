// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/position.h"
#include "connectors/result.h"

#include <QFuture>

#include <stop_token>
#include <vector>

namespace connectors {

/// [start, end) of one partition. A value that could not be read is null, never 0.
struct PartitionExtent {
    int partition = 0;
    std::optional<qint64> start;
    std::optional<qint64> safeHead; ///< after the last event that is committed and visible in order
    std::optional<qint64> end;
    std::optional<EpochMs> firstTime; ///< only when asked for
    std::optional<EpochMs> lastTime;
    std::optional<qint64> events; ///< counted where positions have gaps in the stream; null: end − start
    bool operator==(const PartitionExtent &) const = default;
};

struct StreamInfo {
    QString stream;
    QString kind; ///< "topic", "eventStream", "category"
    bool isInternal = false;
    std::vector<PartitionExtent> partitions;
    std::optional<qint64> retentionMs;    ///< null: not told; -1: for ever
    std::optional<qint64> retentionBytes; ///< of one partition
    QString cleanupPolicy;                ///< "delete", "compact", "compact,delete"; empty where the system has none
    std::optional<qint64> bytes;
    bool operator==(const StreamInfo &) const = default;
};

struct StreamListRequest {
    std::vector<QString> streams; ///< empty: all
    bool withInternal = false;
    bool withExtents = true; ///< start and end of every partition
    bool withTimes = false;  ///< first and last time; one small read a partition
    bool withConfig = false; ///< retention and cleanup policy
};

/// What could be read, and what could not. `problems` not empty means: partial.
struct StreamList {
    std::vector<StreamInfo> streams; ///< sorted by name
    std::vector<Error> problems;
};

/// The first position at or after a time in one partition; null where no event is that late.
struct TimePosition {
    int partition = 0;
    std::optional<qint64> position;
    bool operator==(const TimePosition &) const = default;
};

class StreamCatalog
{
public:
    virtual ~StreamCatalog() = default;
    [[nodiscard]] virtual QFuture<Result<StreamList>> listStreams(StreamListRequest request, std::stop_token stop) = 0;
    [[nodiscard]] virtual QFuture<Result<std::vector<TimePosition>>> positionsAt(QString stream, EpochMs time, std::stop_token stop) = 0;
};

} // namespace connectors
