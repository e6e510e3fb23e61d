// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/connection/process_watch.h"

namespace models::connection {

namespace {
constexpr std::chrono::milliseconds LookInterval{1'000};
}

ProcessWatch::ProcessWatch(connectors::ProcessHealth *health, QObject *parent)
    : QObject(parent)
    , m_health(health)
{
    if (!m_health)
        return;
    m_report = m_health->processReport();
    m_deathsBefore = m_report->deaths;
    connect(&m_timer, &QTimer::timeout, this, &ProcessWatch::look);
    m_timer.start(LookInterval);
}

void ProcessWatch::restart()
{
    if (m_health)
        m_health->restartProcess();
}

void ProcessWatch::look()
{
    const connectors::ProcessReport before = std::exchange(*m_report, m_health->processReport());
    if (*m_report == before)
        return;
    const bool wasResponding = before.state == connectors::ProcessState::Responding;
    const bool isAnother = m_report->startedAt != before.startedAt;
    const bool isRestarted = isAnother && m_deathsBefore == m_report->deaths;
    if (isAnother)
        m_deathsBefore = m_report->deaths;
    Q_EMIT changed();
    if (m_report->deaths > before.deaths)
        Q_EMIT died();
    if (wasResponding && !isResponding())
        Q_EMIT fellSilent();
    else if (isResponding() && (!wasResponding || isRestarted))
        Q_EMIT cameBack();
}

} // namespace models::connection
