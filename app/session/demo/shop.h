// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/session/demo/shop_consumer.h"

#include <memory>
#include <vector>

namespace session::demo {

/// The shop at work on one store: customers who order and the consumers that do the rest. Time is given from outside,
/// so that hours of history are made in seconds and the same seed and times give the same events. One thread.
class Shop final
{
public:
    /// Goes on where the store's last order was. Throws ThrownError where the store holds events of others.
    Shop(connectors::sqlite::Database &database, quint64 seed, double eventsPerSecond);

    /// Everything that happens in [now, now + duration), inside a transaction of its own or of the caller.
    void step(connectors::EpochMs now, connectors::EpochMs duration);
    void heartbeat(connectors::EpochMs now);
    void leave();
    [[nodiscard]] qint64 eventCount();

private:
    void placeOrders(connectors::EpochMs now, connectors::EpochMs duration);

    connectors::sqlite::Database &m_database;
    quint64 m_seed;
    ShopRules m_rules;
    double m_ordersPerSecond;
    double m_dueOrders = 0;
    quint64 m_lastOrder = 0;
    connectors::eventstore::StoreWriter m_writer;
    std::vector<std::unique_ptr<ShopConsumer>> m_consumers;
};

/// Orders are numbered from here.
inline constexpr quint64 FirstOrder = 1001;
/// How long the mail consumer's day is. It begins slowly and falls behind, then catches up; later it is down for a while.
inline constexpr connectors::EpochMs MailCycleMs = 150'000;
inline constexpr connectors::EpochMs MailSlowMs = 60'000;
inline constexpr connectors::EpochMs MailDownAfterMs = 90'000;
inline constexpr connectors::EpochMs MailDownMs = 30'000;

} // namespace session::demo
