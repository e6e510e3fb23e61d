// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/connector.h"
#include "models/replay/plan.h"
#include "models/trace/trace_finder.h"

#include <QHash>
#include <QObject>
#include <QSet>
#include <QTimer>

#include <array>
#include <map>

namespace models::replay {

/// What events of the kind that a plan processes again were followed by, as far as the events themselves say it.
struct LearnedEffects {
    struct Effect {
        QString eventType; ///< empty: without a type
        qint64 count = 0;  ///< caused by the events that were looked at
        bool operator==(const Effect &) const = default;
    };
    std::vector<Effect> effects; ///< the most frequent first
    qint64 sampled = 0;          ///< events that were looked at and have an id
    qint64 withoutId = 0;        ///< looked at, but nothing can name them as its cause
    qint64 traces = 0;           ///< flows that these belong to
    bool isNewestOnly = false;   ///< there was no time to search what came after the older ones: those are in none of the numbers
    bool isComplete = true;      ///< false: not all that came after them could be searched in time, so there may be more

    /// How often when so many are processed again.
    [[nodiscard]] qint64 expected(const Effect &effect, qint64 replayed) const;
};

/// Learns what a plan will cause: it takes about 500 of the events that the plan processes again (they have been processed
/// once), in stretches that are spread evenly from the oldest to the newest, and searches everything that came since for
/// events that name one of them as their cause, the newest first. An event does not say who caused it, so where several
/// consumers read a stream, the effects are those of all. Bounded in time; one question at a time, a new one drops the old.
/// Lives on the GUI thread.
class EffectLearner final : public QObject
{
    Q_OBJECT

public:
    static constexpr std::chrono::seconds Longest{15};
    static constexpr size_t Stretches = 5; ///< of each partition at most
    static constexpr qint64 ProductionBytesPerSecond = trace::TraceFinder::ProductionBytesPerSecond;
    /// How much is read at most where that counts as production.
    static constexpr qint64 MostProductionBytes = ProductionBytesPerSecond * Longest.count();

    explicit EffectLearner(QObject *parent = nullptr);
    ~EffectLearner() override;

    void learn(const std::shared_ptr<connectors::Connector> &connector, const Plan &plan, connectors::Environment environment,
               std::chrono::milliseconds longest = Longest);
    void cancel();
    [[nodiscard]] bool isLearning() const { return !m_reads.empty(); }

Q_SIGNALS:
    void learned(const models::replay::LearnedEffects &effects);
    void failed(const connectors::Error &error);

private:
    void start(connectors::ReadRequest request, qint64 maxBytesPerSecond);
    void listen();
    void take(quint64 generation);
    void takeSample(const connectors::EventBatch &batch);
    void takeEffects(const connectors::EventBatch &batch);
    void searchNext();
    void sumUp();
    void finish();

    /// The events of one stretch, over all partitions.
    struct Sample {
        qint64 events = 0;
        QSet<QByteArray> flows;
        std::optional<connectors::EpochMs> begin; ///< of the earliest event; later the earliest of this and all newer samples
        std::map<QString, qint64> effects;
    };
    [[nodiscard]] Sample &sampleOf(QStringView stream, int partition, qint64 position);

    std::shared_ptr<connectors::Connector> m_connector;
    std::vector<connectors::EventChannelPtr> m_reads;
    bool m_isSearching = false; ///< the sample is there, its effects are being read
    qint64 m_maxBytesPerSecond = 0;
    std::vector<std::pair<size_t, connectors::PartitionRead>> m_places; ///< by the number of the stretch
    std::array<Sample, Stretches> m_samples;    ///< the oldest first
    QHash<QByteArray, Sample *> m_ids;
    size_t m_searched = Stretches; ///< all that came after the samples from here on was searched
    std::optional<connectors::EpochMs> m_searchedFrom;
    LearnedEffects m_learned;
    quint64 m_generation = 0;
    QTimer m_longest;
};

} // namespace models::replay
