// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/consumer_catalog.h"
#include "connectors/kafka/client.h"
#include "connectors/read_caution.h"

#include <chrono>
#include <map>
#include <mutex>

namespace connectors::kafka {

/// Tells whether the last offset of a partition holds no event: a transaction ends in a control record, which takes an
/// offset and is never delivered, so that a consumer that has read everything stands one short of the end. Reads that one
/// record; the answer for an end never changes, so it is kept. Thread-safe, one reading at a time.
class LastRecord final
{
public:
    /// How many records are read for one answer at most; partitions beyond that are asked about the next time.
    static constexpr size_t MaxReads = 64;

    using Ends = std::map<PartitionId, qint64>;
    /// `client` must report the ends of partitions (clientProperties()). What cannot be read is not told, so false.
    [[nodiscard]] std::map<PartitionId, bool> isNoEvent(const Client &client, const ReadCaution &caution, const Ends &ends,
                                                        std::chrono::milliseconds timeout, const std::stop_token &stop);
    [[nodiscard]] static ClientProperties clientProperties();

private:
    void readWithCare(const Client &client, const ReadCaution &caution, const Ends &ends, std::chrono::milliseconds timeout, const std::stop_token &stop);
    void read(const Client &client, const Ends &ends, std::chrono::milliseconds timeout, const std::stop_token &stop);

    struct Known {
        qint64 end = 0;
        bool isNoEvent = false;
    };
    std::mutex m_mutex;
    std::map<PartitionId, Known> m_known;
};

} // namespace connectors::kafka
