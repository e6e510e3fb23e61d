// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/replay/effect_learner.h"


#include <QCoreApplication>
#include <QPointer>

#include <algorithm>
#include <cmath>
#include <utility>

namespace models::replay {

using namespace connectors;

namespace {

constexpr qint64 SampleEvents = 500;
constexpr size_t SamplePlaces = 50;
constexpr qsizetype LongestText = 500;

QByteArray bytesOf(const EventBatch &batch, Slice slice)
{
    const auto text = batch.text(slice);
    return {text.data(), static_cast<qsizetype>(std::min<size_t>(text.size(), LongestText))};
}

/// The newest events of each row that are processed again, by stream.
std::map<QString, std::vector<PartitionRead>> samplePlaces(const Plan &plan)
{
    std::vector<PlanRow> rows;
    for (const PlanRow &row : plan.rows) {
        if (row.isChange() && row.replayed.value_or(0) > 0 && row.after && row.before)
            rows.push_back(row);
    }
    std::sort(rows.begin(), rows.end(), [](const PlanRow &a, const PlanRow &b) { return *a.replayed > *b.replayed; });
    rows.resize(std::min(rows.size(), SamplePlaces));
    std::map<QString, std::vector<PartitionRead>> places;
    for (const PlanRow &row : rows) {
        PartitionRead place;
        place.stream = row.stream;
        place.partition = row.partition;
        place.to = std::min(*row.before, row.end.value_or(*row.before));
        const qint64 share = std::max<qint64>(1, SampleEvents / static_cast<qint64>(rows.size()));
        place.from = std::max({*row.after, row.start.value_or(0), place.to - share});
        place.next = place.from;
        places[row.stream].push_back(place);
    }
    return places;
}

} // namespace

qint64 LearnedEffects::expected(const Effect &effect, qint64 replayed) const
{
    return sampled == 0 ? 0 : std::llround(static_cast<double>(effect.count) / static_cast<double>(sampled) * static_cast<double>(replayed));
}

EffectLearner::EffectLearner(QObject *parent)
    : QObject(parent)
{
    m_longest.setSingleShot(true);
    connect(&m_longest, &QTimer::timeout, this, [this] {
        m_learned.isComplete = false;
        finish();
    });
}

EffectLearner::~EffectLearner()
{
    cancel();
}

void EffectLearner::cancel()
{
    ++m_generation;
    for (const EventChannelPtr &read : std::exchange(m_reads, {})) {
        read->setWakeup({});
        read->cancel();
    }
    m_longest.stop();
}

void EffectLearner::learn(const std::shared_ptr<Connector> &connector, const Plan &plan, Environment environment, std::chrono::milliseconds longest)
{
    cancel();
    m_connector = connector;
    m_isSearching = false;
    m_ids.clear();
    m_flows.clear();
    m_begin.reset();
    m_counts.clear();
    m_learned = {};
    if (!connector->eventReader())
        return finish();
    m_maxBytesPerSecond = countsAsProduction(environment) ? ProductionBytesPerSecond : 0;
    auto sample = samplePlaces(plan);
    // Several are read at once, and the system is to bear no more for that.
    const qint64 rate = m_maxBytesPerSecond == 0 ? 0 : std::max<qint64>(1, m_maxBytesPerSecond / std::max<qint64>(1, static_cast<qint64>(sample.size())));
    for (auto &[stream, places] : sample) {
        ReadRequest request;
        request.streams = {stream};
        request.ranges = std::move(places);
        start(std::move(request), rate);
    }
    if (m_reads.empty())
        return finish();
    m_longest.start(longest);
    listen();
}

void EffectLearner::start(ReadRequest request, qint64 maxBytesPerSecond)
{
    request.maxBytesPerSecond = maxBytesPerSecond;
    m_reads.push_back(m_connector->eventReader()->read(std::move(request)));
}

void EffectLearner::listen()
{
    const quint64 generation = ++m_generation;
    for (const EventChannelPtr &read : std::vector<EventChannelPtr>(m_reads)) {
        // Called on the connector's thread: only the application's object is certain to be there.
        read->setWakeup([self = QPointer<EffectLearner>(this), generation] {
            const auto deliver = [self, generation] {
                if (self)
                    self->take(generation);
            };
            QMetaObject::invokeMethod(QCoreApplication::instance(), deliver, Qt::QueuedConnection);
        });
    }
}

void EffectLearner::take(quint64 generation)
{
    if (generation != m_generation || m_reads.empty())
        return;
    for (const EventChannelPtr &read : m_reads) {
        while (const EventBatchPtr batch = read->tryPop())
            m_isSearching ? takeEffects(*batch) : takeSample(*batch);
    }
    if (!std::all_of(m_reads.begin(), m_reads.end(), [](const EventChannelPtr &read) { return read->isFinished(); }))
        return;
    for (const EventChannelPtr &read : std::exchange(m_reads, {})) {
        if (const auto result = read->result(); !result) {
            cancel();
            m_connector.reset();
            Q_EMIT failed(result.error());
            return;
        }
    }
    if (m_isSearching || m_ids.isEmpty())
        finish();
    else
        searchEffects();
}

void EffectLearner::takeSample(const EventBatch &batch)
{
    for (qsizetype row = 0; row < batch.count(); ++row) {
        const EventRecord &record = batch.record(row);
        const QByteArray id = bytesOf(batch, record.eventId);
        if (id.isEmpty()) {
            ++m_learned.withoutId;
            continue;
        }
        ++m_learned.sampled;
        m_ids.insert(id);
        m_flows.insert(record.correlationId.isNull() ? id : bytesOf(batch, record.correlationId));
        if (record.time != NoNumber)
            m_begin = std::min(m_begin.value_or(record.time), record.time);
    }
}

void EffectLearner::takeEffects(const EventBatch &batch)
{
    for (qsizetype row = 0; row < batch.count(); ++row)
        ++m_counts[QString::fromUtf8(bytesOf(batch, batch.record(row).eventType))];
}

void EffectLearner::searchEffects()
{
    m_isSearching = true;
    ReadRequest request; // of every stream: who reads a stream may write to any
    if (m_begin)
        request.from = AtTime{*m_begin};
    request.search = ExactSearch{SearchField::CausationId, std::vector<QByteArray>(m_ids.cbegin(), m_ids.cend())};
    start(std::move(request), m_maxBytesPerSecond);
    listen();
}

void EffectLearner::finish()
{
    cancel();
    m_connector.reset(); // a connection that is closed must not stay open for this
    m_learned.traces = m_flows.size();
    for (const auto &[type, count] : m_counts)
        m_learned.effects.push_back({type, count});
    std::stable_sort(m_learned.effects.begin(), m_learned.effects.end(), [](const auto &a, const auto &b) { return a.count > b.count; });
    Q_EMIT learned(m_learned);
}

} // namespace models::replay
