// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/remote/quarantine.h"

#include <QLocale>

#include <algorithm>
#include <csignal>
#include <cstring>
#include <limits>
#include <utility>

namespace connectors::remote {

namespace {

/// More is no accident, but somebody who makes it up.
constexpr size_t MostBatches = 1000;

/// Signals that a process brings on itself.
bool isOwnFault(int signal)
{
    return signal == SIGABRT || signal == SIGSEGV || signal == SIGBUS || signal == SIGILL || signal == SIGFPE;
}

} // namespace

Quarantine::Quarantine(qint64 memoryLimit)
    : m_memoryLimit(memoryLimit)
{
}

void Quarantine::begin()
{
    m_announced.reset();
    m_isHeard = m_isCautious;
}

void Quarantine::hear(const Announcement &announcement)
{
    if (!m_isHeard)
        return;
    if (announcement.place)
        noteSurvival(m_batches, m_announced, *announcement.place);
    m_announced = announcement.place;
    m_wasAlone = announcement.isAlone;
}

bool Quarantine::learnFromDeath(int signal)
{
    m_isCautious = true;
    const auto place = std::exchange(m_announced, std::nullopt);
    if (!place)
        return false;
    const bool isSure = (m_wasAlone && isOwnFault(signal)) || m_suspect == place;
    m_suspect = isSure ? std::nullopt : place;
    return isSure && quarantine(*place, signal);
}

/// False: there are too many.
bool Quarantine::quarantine(const EventAddress &place, int signal)
{
    if (QuarantinedBatch *batch = endingUnknown(place)) {
        constexpr qint64 Last = std::numeric_limits<qint64>::max();
        while (batch->next <= place.position && batch->next < Last)
            batch->next += std::min(batch->next - batch->from, Last - batch->next);
        return true;
    }
    if (m_batches.size() >= MostBatches)
        return false;
    m_batches.push_back({place.stream, place.partition, place.position, place.position + 1, false, reason(signal)});
    return true;
}

/// The batch whose end is looked for at that place.
QuarantinedBatch *Quarantine::endingUnknown(const EventAddress &place)
{
    const auto found = std::find_if(m_batches.begin(), m_batches.end(), [&place](const QuarantinedBatch &batch) {
        return !batch.isEndKnown && batch.stream == place.stream && batch.partition == place.partition && batch.from <= place.position
            && place.position <= batch.next;
    });
    return found == m_batches.end() ? nullptr : &*found;
}

QString Quarantine::reason(int signal) const
{
    if (signal == SIGABRT && m_memoryLimit > 0)
        return QStringLiteral("exceeds the limit (takes more than %1 to read)").arg(QLocale::c().formattedDataSize(m_memoryLimit));
    if (signal == 0)
        return QStringLiteral("ends the process that reads it");
    return QStringLiteral("ends the process that reads it (signal %1, %2)").arg(QString::number(signal), QString::fromLocal8Bit(strsignal(signal)));
}

} // namespace connectors::remote
