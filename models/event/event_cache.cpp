// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/event/event_cache.h"

#include "connectors/deliver.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace models::event {

using connectors::EventAddress;
using connectors::EventBatchPtr;

namespace {

constexpr size_t MaximumWaiting = 500; ///< more rows than any screen shows; what waits longer has been scrolled away
constexpr size_t EventsAtOnce = 200;
constexpr qint64 BytesAtOnce = 8 * 1024 * 1024;
constexpr int GateMs = 20; ///< so that one scroll step asks once

} // namespace

EventCache::EventCache(QObject *parent)
    : QObject(parent)
{
    m_gate.setSingleShot(true);
    m_gate.setInterval(GateMs);
    connect(&m_gate, &QTimer::timeout, this, &EventCache::fetchNext);
}

EventCache::~EventCache()
{
    m_stop.request_stop();
}

void EventCache::reset(std::shared_ptr<connectors::Connector> connector)
{
    m_stop.request_stop();
    m_stop = {};
    ++m_generation;
    m_gate.stop();
    m_isFetching = false;
    m_connector = std::move(connector);
    m_disposal.take(std::tuple(std::exchange(m_read, {}), std::exchange(m_fetched, {}), std::exchange(m_bySequence, {})));
    m_gone.clear();
    m_paged.clear();
    m_wanted.clear();
    m_pending.clear();
    m_readBytes = 0;
    m_fetchedBytes = 0;
}

void EventCache::keepRead(qint64 first, EventBatchPtr batch)
{
    m_readBytes += batch->memoryBytes();
    m_read.push_back({first, std::move(batch), {}});
    while (m_readBytes > ReadLimitBytes && m_read.size() > 1) {
        m_readBytes -= m_read.front().batch->memoryBytes();
        m_read.pop_front();
    }
    trim();
}

std::optional<CachedEvent> EventCache::find(qint64 sequence) const
{
    if (const auto found = m_bySequence.constFind(sequence); found != m_bySequence.cend())
        return *found;
    const auto after = std::upper_bound(m_read.cbegin(), m_read.cend(), sequence, [](qint64 value, const Unit &unit) { return value < unit.first; });
    if (after == m_read.cbegin())
        return std::nullopt;
    const Unit &unit = *std::prev(after);
    const qint64 row = sequence - unit.first;
    return row < unit.batch->count() ? std::optional(CachedEvent{unit.batch, static_cast<qsizetype>(row)}) : std::nullopt;
}

void EventCache::request(qint64 sequence, const EventAddress &address, qint64 size, qint64 previewBytes)
{
    if (!m_connector || !m_connector->eventReader() || m_pending.contains(sequence) || isGone(sequence))
        return;
    m_pending.insert(sequence);
    m_wanted.push_back({sequence, address, std::clamp<qint64>(size, 0, previewBytes), previewBytes});
    if (m_wanted.size() > MaximumWaiting) {
        m_pending.remove(m_wanted.front().sequence);
        m_wanted.erase(m_wanted.begin());
    }
    if (!m_isFetching && !m_gate.isActive())
        m_gate.start();
}

void EventCache::fetchNext()
{
    if (m_isFetching || m_wanted.empty())
        return;
    std::vector<Wanted> asked;
    std::vector<EventAddress> addresses;
    qint64 bytes = 0;
    const qint64 previewBytes = m_wanted.back().previewBytes;
    while (!m_wanted.empty() && m_wanted.back().previewBytes == previewBytes && asked.size() < EventsAtOnce
           && (asked.empty() || bytes + m_wanted.back().bytes <= BytesAtOnce)) {
        asked.push_back(m_wanted.back());
        addresses.push_back(asked.back().address);
        bytes += asked.back().bytes;
        m_wanted.pop_back();
    }
    m_isFetching = true;
    connectors::deliver(m_connector->eventReader()->fetch(std::move(addresses), previewBytes, m_stop.get_token()), this,
                        [this, asked, connector = m_connector, generation = m_generation](const connectors::Result<EventBatchPtr> &result) {
                            if (generation == m_generation)
                                receive(asked, result);
                        });
}

void EventCache::receive(const std::vector<Wanted> &asked, const connectors::Result<EventBatchPtr> &result)
{
    m_isFetching = false;
    for (const Wanted &wanted : asked)
        m_pending.remove(wanted.sequence);
    if (!result) {
        if (!m_wanted.empty()) // what waits has not been asked for yet
            m_gate.start();
        if (result.error().code != connectors::ErrorCode::Cancelled)
            Q_EMIT failed(result.error());
        return;
    }
    Unit unit{0, *result, {}};
    QList<qint64> answered;
    // Both lists are in the order asked, so one walk finds which are absent.
    qsizetype row = 0;
    for (const Wanted &wanted : asked) {
        answered.push_back(wanted.sequence);
        if (row < unit.batch->count() && unit.batch->address(row) == wanted.address) {
            unit.sequences.push_back(wanted.sequence);
            m_bySequence.insert(wanted.sequence, {unit.batch, row++});
            if (wanted.previewBytes > connectors::TablePreviewBytes)
                m_paged.insert(wanted.sequence);
        } else {
            m_gone.insert(wanted.sequence);
        }
    }
    m_fetchedBytes += unit.batch->memoryBytes();
    m_fetched.push_back(std::move(unit));
    trim();
    if (!m_wanted.empty())
        m_gate.start();
    Q_EMIT received(answered);
}

void EventCache::trim()
{
    while (memoryBytes() > LimitBytes && m_fetched.size() > 1) {
        for (const qint64 sequence : std::as_const(m_fetched.front().sequences)) {
            m_bySequence.remove(sequence);
            m_paged.remove(sequence);
        }
        m_fetchedBytes -= m_fetched.front().batch->memoryBytes();
        m_fetched.pop_front();
    }
}

} // namespace models::event
