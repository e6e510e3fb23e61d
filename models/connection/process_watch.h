// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/process_health.h"

#include <QObject>
#include <QTimer>

#include <optional>

namespace models::connection {

/// Looks once a second how the process is that holds a connection. On the GUI thread.
class ProcessWatch final : public QObject
{
    Q_OBJECT

public:
    /// Null where there is no such process; else it must live as long as this.
    explicit ProcessWatch(connectors::ProcessHealth *health, QObject *parent = nullptr);

    /// Null where this process holds the connection itself.
    [[nodiscard]] const std::optional<connectors::ProcessReport> &report() const { return m_report; }
    [[nodiscard]] bool isResponding() const { return !m_report || m_report->state == connectors::ProcessState::Responding; }
    /// Nothing where there is none.
    void restart();

Q_SIGNALS:
    void changed();    ///< the report
    void fellSilent(); ///< after changed()
    void cameBack();   ///< it responds again, or was restarted on demand; after changed()
    void died();       ///< and is started again; after changed()

private:
    void look();

    connectors::ProcessHealth *const m_health;
    std::optional<connectors::ProcessReport> m_report;
    int m_deathsBefore = 0; ///< the one that runs
    QTimer m_timer;
};

} // namespace models::connection
