// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/connector.h"

#include <QObject>
#include <QTimer>

namespace models::connection {

/// Asks a system that has answered nothing for 4 s whether it is still there, and tells when it says nothing for 5 s more: a
/// connection whose other end is gone looks open, and the next poll may be a minute away. On the GUI thread.
class Heartbeat final : public QObject
{
    Q_OBJECT

public:
    /// The connector must outlive this.
    explicit Heartbeat(connectors::Connector &connector, QObject *parent = nullptr);
    ~Heartbeat() override;

    void start();
    /// It has answered something else just now.
    void restart();
    void stop();

Q_SIGNALS:
    void missed(const connectors::Error &error); ///< once for each question
    void answered();

private:
    void ask();
    void receive(const std::optional<connectors::Error> &error);

    connectors::Connector &m_connector;
    QTimer m_pause;
    QTimer m_deadline;
    bool m_isRunning = false;
    bool m_isOutstanding = false;
    std::stop_source m_stop;
};

} // namespace models::connection
