// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/connector.h"

namespace models::trace {

/// The parts of a connection that a search is to read, newest first: the last 20,000 events of every partition, then windows
/// eight times as long before them. Blocks on the connection's catalog when it is made.
class ReadWindows final
{
public:
    static constexpr qint64 FirstWindow = 20'000;

    /// Bounds by time are resolved with the catalog; a partition whose extent is unknown is told in the problems.
    [[nodiscard]] static connectors::Result<ReadWindows> plan(connectors::StreamCatalog &catalog, const std::vector<QString> &streams,
                                                              const connectors::PositionSpec &from, const connectors::PositionSpec &to,
                                                              std::stop_token stop);

    /// The next window of every partition that has one; empty at the end.
    [[nodiscard]] std::vector<connectors::PartitionRead> takeNext();
    /// Starts again from the newest.
    void rewind();
    /// All that is wanted: `next` is where the range begins as long as nothing was read.
    [[nodiscard]] const std::vector<connectors::PartitionRead> &wanted() const { return m_wanted; }
    [[nodiscard]] qint64 total() const;
    [[nodiscard]] const std::vector<connectors::Error> &problems() const { return m_problems; }

private:
    std::vector<connectors::PartitionRead> m_wanted;
    std::vector<qint64> m_left; ///< by partition: [from, left) is still to come
    std::vector<connectors::Error> m_problems;
    qint64 m_window = FirstWindow;
};

} // namespace models::trace
