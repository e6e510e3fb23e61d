// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/kafka/read_parts.h"
#include "connectors/kafka/tail_watch.h"

#include <QStringList>

namespace connectors::kafka {

/// Compares what a read has with what the cluster says there is. A part that stands still before the end is told with its
/// position and started anew; a range that cannot come to its end is an error; a topic that is gone, or that has become
/// shorter than what was already read, is one too. Not thread-safe.
class StandstillWatch final
{
public:
    StandstillWatch(std::shared_ptr<ReaderClients> clients, const ReadRequest &request, const ReadPlan &plan);

    /// To be called when nothing is there to be read. Takes up partitions too.
    [[nodiscard]] Result<void> look(ReadParts &parts);
    /// Adds partitions that are new, or answer now; may be called at any time.
    [[nodiscard]] Result<void> takeUp(ReadParts &parts);
    void askNow() { m_watch.askNow(); }
    /// Sentences about how it stands now.
    [[nodiscard]] const QStringList &notes() const { return m_notes; }

private:
    [[nodiscard]] Result<void> judge(ReadParts &parts, ReadPart &part, const ClusterView &view, const ClusterView::Ends &ends);
    [[nodiscard]] Result<void> judgeLength(ReadPart &part, const ClusterView &view, const ClusterView::Ends &ends) const;
    [[nodiscard]] Result<void> judgeStanding(ReadParts &parts, ReadPart &part, qint64 end);

    const bool m_isFollowing;
    TailWatch m_watch;
    qint64 m_seenGeneration = 0;
    ReadPart::Clock::time_point m_answered;
    QStringList m_notes;
    QStringList m_lasting; ///< of them, those that stay true
    qint64 m_heldBack = 0;
};

} // namespace connectors::kafka
