// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/connection/heartbeat.h"

#include "connectors/deliver.h"

namespace models::connection {

namespace {
// Together less than the 10 s within which a dead end has to be noticed.
constexpr std::chrono::seconds Pause{4};
constexpr std::chrono::seconds Patience{5};
}

Heartbeat::Heartbeat(connectors::Connector &connector, QObject *parent)
    : QObject(parent)
    , m_connector(connector)
{
    m_pause.setSingleShot(true);
    m_deadline.setSingleShot(true);
    connect(&m_pause, &QTimer::timeout, this, &Heartbeat::ask);
    connect(&m_deadline, &QTimer::timeout, this, [this] {
        Q_EMIT missed({connectors::ErrorCode::TimedOut, QStringLiteral("The system has not answered for %1 s.").arg(Patience.count()),
                       QStringLiteral("Check whether it runs and whether the network lets it through; it is asked again by itself."), true});
    });
}

Heartbeat::~Heartbeat()
{
    m_stop.request_stop();
}

void Heartbeat::start()
{
    m_isRunning = true;
    restart();
}

void Heartbeat::restart()
{
    if (m_isRunning && !m_isOutstanding)
        m_pause.start(Pause);
}

void Heartbeat::stop()
{
    m_isRunning = false;
    m_pause.stop();
    m_deadline.stop();
}

void Heartbeat::ask()
{
    m_isOutstanding = true;
    m_deadline.start(Patience);
    connectors::deliver(m_connector.identify(m_stop.get_token()), this, [this](const connectors::Result<connectors::SystemIdentity> &identity) {
        receive(identity ? std::nullopt : std::optional(identity.error()));
    });
}

void Heartbeat::receive(const std::optional<connectors::Error> &error)
{
    m_isOutstanding = false;
    m_deadline.stop();
    if (!m_isRunning)
        return;
    m_pause.start(Pause);
    if (error)
        Q_EMIT missed(*error);
    else
        Q_EMIT answered();
}

} // namespace models::connection
