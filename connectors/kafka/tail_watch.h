// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/kafka/read_plan.h"
#include "connectors/kafka/reader_clients.h"

#include <chrono>
#include <set>

namespace connectors::kafka {

/// What the cluster says about a read's partitions, apart from what the read itself gets.
struct ClusterView {
    struct Ends {
        qint64 end = 0; ///< what the isolation lets us read
        qint64 highWatermark = 0;
    };
    qint64 generation = 0; ///< counts the questions that were asked; 0: none yet
    std::chrono::steady_clock::time_point askedAt; ///< what was read later may be beyond its ends
    std::map<PartitionId, Ends> ends; ///< only what was answered
    std::optional<QString> deletedTopic;
    std::optional<Error> problem; ///< why nobody answered, if so
};

/// Partitions that a read takes up on its way.
struct AddedParts {
    std::vector<PlannedPart> parts;
    QStringList notes; ///< what is to be said about them from now on
};

/// Asks on a thread of its own, with the connection's shared handles, so that a question that nobody answers does not hold
/// up what is read: where the ends are, whether the topics are still there, whether they have new partitions. Once every
/// few seconds, as long as it lives; its end does not wait for an answer.
class TailWatch final
{
public:
    TailWatch(std::shared_ptr<ReaderClients> clients, ReadRequest request, const ReadPlan &plan);
    ~TailWatch();
    TailWatch(const TailWatch &) = delete;
    TailWatch &operator=(const TailWatch &) = delete;

    [[nodiscard]] ClusterView view() const; ///< the latest
    /// Each once: partitions that are new, from their start, and those that did not answer when the read began, from where it
    /// was to begin in them.
    [[nodiscard]] AddedParts takeAdded();
    /// Do not wait for the next time.
    void askNow();

private:
    struct Shared;
    static void watch(const std::shared_ptr<Shared> &shared, const std::stop_token &stop);
    struct Places {
        std::vector<PartitionPlace> known;
        std::vector<PartitionPlace> added;
        std::vector<PartitionPlace> back; ///< did not answer when the read began
    };
    [[nodiscard]] static Places placesIn(const ClusterMetadata &metadata, const Shared &shared);
    static void askOnce(Shared &shared, const std::stop_token &stop);
    static void askEnds(Shared &shared, const Result<ClusterMetadata> &metadata, const std::vector<PartitionPlace> &places, const std::stop_token &stop);
    static void takeNew(Shared &shared, const std::vector<PartitionPlace> &places, const std::stop_token &stop);
    static void takeBack(Shared &shared, const std::vector<PartitionPlace> &places, const std::stop_token &stop);
    static void lookForTopics(Shared &shared, const std::vector<PartitionPlace> &places);

    const std::shared_ptr<Shared> m_shared;
    std::stop_source m_stop;
};

} // namespace connectors::kafka
