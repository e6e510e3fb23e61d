// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/connector.h"
#include "models/replay/take_up.h"

#include <QObject>
#include <QTimer>

#include <memory>

namespace models::replay {

/// How often a consumer is looked at after its change; tests make it quick.
struct WatchPace {
    std::chrono::milliseconds whileShown{5'000};
    std::chrono::milliseconds whileHidden{60'000};
    std::chrono::milliseconds longestStill{3'600'000}; ///< without movement; then nobody waits for it any more
    std::chrono::milliseconds longest{86'400'000};     ///< at all: a consumer may never be quick enough to catch up
};

enum class WatchState {
    Watching,
    Settled,         ///< it has caught up, or there is nothing to take up
    GivenUp,         ///< nothing moved for long, or it took too long
    ConnectionClosed
};

/// Asks the system how a consumer takes up its moved checkpoints, one question at a time: every few seconds while somebody
/// looks, seldom else, until there is nothing more to see. It lets go of its connection then. Lives on the GUI thread.
class TakeUpWatch final : public QObject
{
    Q_OBJECT

public:
    /// Looks once it has a connection, see lookThrough().
    TakeUpWatch(QString consumer, TakeUp takeUp, WatchPace pace, QObject *parent = nullptr);
    ~TakeUpWatch() override;
    void lookThrough(std::shared_ptr<connectors::Connector> connector);

    [[nodiscard]] const TakeUp &takeUp() const { return m_takeUp; }
    [[nodiscard]] const std::optional<connectors::Error> &error() const { return m_error; } ///< the newest question failed
    [[nodiscard]] WatchState state() const { return m_state; }

    void setShown(bool isShown);
    /// The user has closed the connection: nothing is asked there any more.
    void closeConnection();

Q_SIGNALS:
    void changed();

private:
    void ask();
    void receive(const connectors::Result<connectors::ConsumerStates> &result);
    void add(const connectors::Result<connectors::ConsumerStates> &result, connectors::EpochMs now);
    void end(WatchState state);

    std::shared_ptr<connectors::Connector> m_connector; ///< null before it has one, and when it has ended
    const QString m_consumer;
    const WatchPace m_pace;
    TakeUp m_takeUp;
    WatchState m_state = WatchState::Watching;
    std::optional<connectors::Error> m_error;
    QTimer m_timer;
    bool m_isShown = false;
    bool m_isOutstanding = false;
    std::stop_source m_stop;
};

} // namespace models::replay
