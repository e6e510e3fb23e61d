// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/connection/checkpoint_times.h"

#include <QDateTime>

#include <algorithm>
#include <set>
#include <utility>

namespace models::connection {

namespace {

constexpr size_t PlacesAtOnce = 48;
/// About 2 MB; then it begins anew.
constexpr size_t KeptPlaces = 20'000;
constexpr connectors::EpochMs LongestReadMs = 30'000; ///< then it is given up for the next
constexpr connectors::EpochMs MissingForMs = 60'000;

} // namespace

CheckpointTimes::CheckpointTimes(std::shared_ptr<connectors::Connector> connector, QObject *parent)
    : QObject(parent)
    , m_connector(std::move(connector))
{
    connect(&m_events, &CheckpointEvents::eventsReceived, this, &CheckpointTimes::take);
    // The next answer about consumers asks again.
    connect(&m_events, &CheckpointEvents::readFailed, this, [this] { m_asked.clear(); });
}

std::optional<connectors::EpochMs> CheckpointTimes::timeOf(const QString &stream, int partition, qint64 position) const
{
    const auto found = m_answers.find({stream, partition, position});
    return found == m_answers.end() ? std::nullopt : found->second.time;
}

bool CheckpointTimes::isKnown(const Place &place, connectors::EpochMs now) const
{
    const auto found = m_answers.find(place);
    return found != m_answers.end() && (found->second.time || now - found->second.receivedAt < MissingForMs);
}

void CheckpointTimes::read(const std::vector<connectors::PartitionRead> &places)
{
    const connectors::EpochMs now = QDateTime::currentMSecsSinceEpoch();
    const bool isUnderWay = !m_asked.empty() && now - m_askedAt < LongestReadMs;
    if (isUnderWay || !m_connector->eventReader())
        return;
    std::vector<connectors::PartitionRead> unknown;
    std::set<std::pair<QString, int>> partitions; // one place of each: the answers are told apart by it
    for (const connectors::PartitionRead &place : places) {
        if (unknown.size() == PlacesAtOnce)
            break;
        if (place.from < place.to && !isKnown({place.stream, place.partition, place.from}, now) && partitions.emplace(place.stream, place.partition).second)
            unknown.push_back(place);
    }
    if (unknown.empty())
        return;
    m_askedAt = now;
    m_asked.clear();
    for (const connectors::PartitionRead &place : unknown)
        m_asked.emplace_back(place.stream, place.partition, place.from);
    m_events.read(m_connector, unknown);
}

void CheckpointTimes::take(const std::vector<CheckpointEvent> &events)
{
    if (m_answers.size() + m_asked.size() > KeptPlaces)
        m_answers.clear();
    const connectors::EpochMs now = QDateTime::currentMSecsSinceEpoch();
    for (const Place &place : std::exchange(m_asked, {})) {
        const auto event = std::find_if(events.begin(), events.end(), [&place](const CheckpointEvent &each) {
            return each.stream == std::get<0>(place) && each.address.partition == std::get<1>(place);
        });
        const bool hasTime = event != events.end() && event->time != connectors::NoNumber;
        m_answers[place] = {hasTime ? std::optional(event->time) : std::nullopt, now};
    }
    Q_EMIT changed();
}

void CheckpointTimes::forget()
{
    m_events.cancel();
    m_asked.clear();
    m_answers.clear();
}

} // namespace models::connection
