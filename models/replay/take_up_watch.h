// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/connector.h"
#include "models/replay/take_up.h"

#include <QObject>
#include <QTimer>

#include <memory>

namespace models::replay {

/// Asks the system every few seconds how a consumer takes up its moved checkpoints, one question at a time, until it has
/// caught up or the watch is destroyed. Lives on the GUI thread.
class TakeUpWatch final : public QObject
{
    Q_OBJECT

public:
    TakeUpWatch(std::shared_ptr<connectors::Connector> connector, QString consumer, TakeUp takeUp, std::chrono::milliseconds interval,
                QObject *parent = nullptr);
    ~TakeUpWatch() override;

    [[nodiscard]] const TakeUp &takeUp() const { return m_takeUp; }
    [[nodiscard]] const std::optional<connectors::Error> &error() const { return m_error; } ///< the newest question failed
    [[nodiscard]] bool isWatching() const { return m_timer.isActive() || m_isOutstanding; }

Q_SIGNALS:
    void changed();

private:
    void ask();
    void receive(const connectors::Result<connectors::ConsumerStates> &result);

    const std::shared_ptr<connectors::Connector> m_connector;
    const QString m_consumer;
    TakeUp m_takeUp;
    std::optional<connectors::Error> m_error;
    QTimer m_timer;
    bool m_isOutstanding = false;
    std::stop_source m_stop;
};

} // namespace models::replay
