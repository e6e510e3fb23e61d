// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/session/demo/shop_rules.h"
#include "connectors/eventstore/store_writer.h"

#include <functional>

namespace session::demo {

/// What a consumer of the shop is, and how fast it is at a time.
struct ConsumerRole {
    QString name;
    QString stream;                                                  ///< what it reads: a category or `$all`
    std::function<ShopRules::Reactions(const SeenEvent &)> handler;
    std::function<double(connectors::EpochMs)> eventsPerSecond;      ///< 0: it is stopped and sends no heartbeat
};

/// Reads on from the checkpoint that is stored, so that a reset from outside is taken up, and stores events, dead letters
/// and the new checkpoint together. Handling an event again makes nothing twice.
class ShopConsumer final
{
public:
    ShopConsumer(ConsumerRole role, quint64 seed, connectors::sqlite::Database &database, connectors::eventstore::StoreWriter &writer);

    /// Inside a transaction for writing. Handles what it can in `duration`, at most; returns how many events it made.
    qint64 step(connectors::EpochMs now, connectors::EpochMs duration);
    void heartbeat(connectors::EpochMs now);
    void leave();
    [[nodiscard]] const QString &name() const { return m_role.name; }

private:
    [[nodiscard]] qint64 storedCheckpoint();
    [[nodiscard]] std::vector<SeenEvent> readFrom(qint64 checkpoint, qint64 limit);
    qint64 handle(const SeenEvent &event, connectors::EpochMs now);
    [[nodiscard]] bool isKnown(const QString &eventId);

    ConsumerRole m_role;
    quint64 m_seed;
    connectors::sqlite::Database &m_database;
    connectors::eventstore::StoreWriter &m_writer;
    connectors::sqlite::Statement m_checkpoint;
    connectors::sqlite::Statement m_read;
    connectors::sqlite::Statement m_known;
    connectors::sqlite::Statement m_version;
    double m_allowance = 0; ///< events that may be handled now; a part of one is carried over
};

} // namespace session::demo
