// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/read_caution.h"

#include <utility>

namespace connectors {

namespace {
constexpr std::chrono::milliseconds TurnSlice(50); ///< how long a wait may hold up a stop
}

void noteSurvival(std::vector<QuarantinedBatch> &quarantined, const std::optional<EventAddress> &before, const EventAddress &place)
{
    if (!before || before->stream != place.stream || before->partition != place.partition || before->position >= place.position)
        return;
    for (QuarantinedBatch &batch : quarantined) {
        if (batch.stream == place.stream && batch.partition == place.partition && batch.next == before->position)
            batch.isEndKnown = true;
    }
}

ReadCaution::ReadCaution(bool isOn, std::vector<QuarantinedBatch> quarantined, Announce announce, std::chrono::milliseconds careTime)
    : m_isOn(isOn)
    , m_announce(std::move(announce))
    , m_careUntil(std::chrono::steady_clock::now() + careTime)
    , m_quarantined(std::move(quarantined))
{
}

bool ReadCaution::isOn() const
{
    if (!m_isOn)
        return false;
    const std::lock_guard lock(m_mutex);
    return !m_quarantined.empty() || std::chrono::steady_clock::now() < m_careUntil;
}

std::optional<QuarantinedBatch> ReadCaution::met(const QString &stream, int partition, qint64 from, qint64 to) const
{
    const std::lock_guard lock(m_mutex);
    std::optional<QuarantinedBatch> first;
    for (const QuarantinedBatch &batch : m_quarantined) {
        const bool isMet = batch.stream == stream && batch.partition == partition && batch.from < to && from < batch.next;
        if (isMet && (!first || batch.from < first->from))
            first = batch;
    }
    return first;
}

std::optional<ReadCaution::Turn> ReadCaution::takeTurn(std::chrono::milliseconds patience, const std::stop_token &stop) const
{
    if (!isOn())
        return Turn(nullptr);
    const auto until = std::chrono::steady_clock::now() + patience;
    do {
        if (m_turn.try_lock_for(TurnSlice))
            return Turn(this);
    } while (!stop.stop_requested() && std::chrono::steady_clock::now() < until);
    return std::nullopt;
}

ReadCaution::Turn::Turn(const ReadCaution *caution)
    : m_caution(caution)
{
}

ReadCaution::Turn::Turn(Turn &&other) noexcept
    : m_caution(std::exchange(other.m_caution, nullptr))
{
}

ReadCaution::Turn::~Turn()
{
    if (!m_caution)
        return;
    m_caution->m_announced.reset();
    m_caution->m_announce({std::nullopt, true});
    m_caution->m_turn.unlock();
}

void ReadCaution::Turn::announce(const EventAddress &place) const
{
    if (!m_caution)
        return;
    {
        const std::lock_guard lock(m_caution->m_mutex);
        noteSurvival(m_caution->m_quarantined, std::exchange(m_caution->m_announced, place), place);
    }
    m_caution->m_announce({place, m_caution->m_boldReads == 0});
}

ReadCaution::Bold::Bold(const ReadCaution &caution)
    : m_caution(caution)
{
    ++m_caution.m_boldReads;
}

ReadCaution::Bold::~Bold()
{
    --m_caution.m_boldReads;
}

} // namespace connectors
