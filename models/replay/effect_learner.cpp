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

/// Of one row: its oldest events, its newest, and some between. Few are taken whole.
void addStretches(std::vector<std::pair<size_t, PartitionRead>> &places, const PlanRow &row, qint64 share)
{
    const qint64 to = std::min(*row.before, row.end.value_or(*row.before));
    const qint64 from = std::max(*row.after, row.start.value_or(0));
    const auto add = [&](size_t number, qint64 begin, qint64 end) { places.emplace_back(number, PartitionRead{row.stream, row.partition, begin, end, begin, 0}); };
    const double density = static_cast<double>(std::min(*row.replayed, to - from)) / static_cast<double>(std::max<qint64>(1, to - from));
    const auto wanted = std::llround(std::min(static_cast<double>(to - from), static_cast<double>(share) / density)); // positions: some hold no event
    const auto count = std::min<qint64>(EffectLearner::Stretches, share);
    if (wanted >= to - from)
        return add(0, from, to);
    if (count < 2)
        return add(EffectLearner::Stretches - 1, to - wanted, to);
    const qint64 length = std::max<qint64>(1, wanted / count);
    const qint64 step = (to - from - length) / (count - 1);
    for (qint64 i = 0; i + 1 < count; ++i)
        add(static_cast<size_t>(i), from + i * step, from + i * step + length);
    add(EffectLearner::Stretches - 1, to - length, to);
}

/// What is looked at of each row that is processed again.
std::vector<std::pair<size_t, PartitionRead>> samplePlaces(const Plan &plan)
{
    std::vector<PlanRow> rows;
    for (const PlanRow &row : plan.rows) {
        if (row.isChange() && row.replayed.value_or(0) > 0 && row.after && row.before)
            rows.push_back(row);
    }
    std::sort(rows.begin(), rows.end(), [](const PlanRow &a, const PlanRow &b) { return *a.replayed > *b.replayed; });
    rows.resize(std::min(rows.size(), SamplePlaces));
    std::vector<std::pair<size_t, PartitionRead>> places;
    for (const PlanRow &row : rows)
        addStretches(places, row, std::max<qint64>(1, SampleEvents / static_cast<qint64>(rows.size())));
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
    m_samples = {};
    m_searched = Stretches;
    m_searchedFrom.reset();
    m_learned = {};
    if (!connector->eventReader())
        return finish();
    m_maxBytesPerSecond = countsAsProduction(environment) ? ProductionBytesPerSecond : 0;
    m_places = samplePlaces(plan);
    std::map<QString, std::vector<PartitionRead>> sample;
    for (const auto &[number, place] : m_places)
        sample[place.stream].push_back(place);
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
    request.previewBytes = TablePreviewBytes; // ids and types are all that counts
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
    if (m_isSearching)
        m_searchedFrom = m_samples[--m_searched].begin;
    else
        for (size_t i = Stretches - 1; i-- > 0;) // each search goes on where the one after it began
            if (const auto &later = m_samples[i + 1].begin; later && later < m_samples[i].begin.value_or(*later + 1))
                m_samples[i].begin = later;
    m_isSearching = true;
    searchNext();
}

EffectLearner::Sample &EffectLearner::sampleOf(QStringView stream, int partition, qint64 position)
{
    const auto place = std::find_if(m_places.cbegin(), m_places.cend(), [&](const auto &each) {
        const PartitionRead &read = each.second;
        return read.partition == partition && position >= read.from && position < read.to && read.stream == stream;
    });
    return m_samples[place == m_places.cend() ? 0 : place->first];
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
        Sample &sample = sampleOf(batch.streamOf(row), record.partition, record.position);
        ++sample.events;
        m_ids.insert(id, &sample);
        sample.flows.insert(record.correlationId.isNull() ? id : bytesOf(batch, record.correlationId));
        if (record.time != NoNumber)
            sample.begin = std::min(sample.begin.value_or(record.time), record.time);
    }
}

void EffectLearner::takeEffects(const EventBatch &batch)
{
    for (qsizetype row = 0; row < batch.count(); ++row) {
        const EventRecord &record = batch.record(row);
        if (Sample *cause = m_ids.value(bytesOf(batch, record.causationId)))
            ++cause->effects[QString::fromUtf8(bytesOf(batch, record.eventType))];
    }
}

/// From the newest stretch to the oldest, so that what was found for the newest is whole where the time does not suffice.
void EffectLearner::searchNext()
{
    const auto hasNothingNew = [this](const Sample &sample) { return sample.events == 0 || (m_searchedFrom && sample.begin == m_searchedFrom); };
    while (m_searched > 0 && hasNothingNew(m_samples[m_searched - 1]))
        --m_searched;
    if (m_searched == 0)
        return finish();
    ReadRequest request; // of every stream: who reads a stream may write to any
    if (const auto begin = m_samples[m_searched - 1].begin)
        request.from = AtTime{*begin};
    else
        m_searched = 1; // from the beginning of everything: it serves the older ones too
    if (m_searchedFrom)
        request.to = AtTime{*m_searchedFrom};
    request.search = ExactSearch{SearchField::CausationId, std::vector<QByteArray>(m_ids.keyBegin(), m_ids.keyEnd())};
    start(std::move(request), m_maxBytesPerSecond);
    listen();
}

void EffectLearner::finish()
{
    cancel();
    m_connector.reset(); // a connection that is closed must not stay open for this
    sumUp();
    Q_EMIT learned(m_learned);
}

void EffectLearner::sumUp()
{
    const auto isWithEvents = [](const Sample &sample) { return sample.events > 0; };
    const auto searched = m_samples.cbegin() + static_cast<std::ptrdiff_t>(m_searched);
    m_learned.isNewestOnly = !m_learned.isComplete && std::any_of(searched, m_samples.cend(), isWithEvents);
    m_learned.isComplete = m_learned.isComplete || m_learned.isNewestOnly;
    QSet<QByteArray> flows;
    std::map<QString, qint64> effects;
    for (auto sample = m_learned.isNewestOnly ? searched : m_samples.cbegin(); sample != m_samples.cend(); ++sample) {
        m_learned.sampled += sample->events;
        flows.unite(sample->flows);
        for (const auto &[type, count] : sample->effects)
            effects[type] += count;
    }
    m_learned.traces = flows.size();
    for (const auto &[type, count] : effects)
        m_learned.effects.push_back({type, count});
    std::stable_sort(m_learned.effects.begin(), m_learned.effects.end(), [](const auto &a, const auto &b) { return a.count > b.count; });
}

} // namespace models::replay
