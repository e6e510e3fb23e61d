// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/kafka/clients.h"

#include <list>

namespace connectors::kafka {

/// What a read needs of its handle, as librdkafka's properties.
struct ReaderProfile {
    Isolation isolation = Isolation::ReadCommitted;
    ClientProperties properties;
    qint64 queueBytes = 0; ///< how much is fetched ahead
    bool operator==(const ReaderProfile &) const = default;

    /// For ranges that are read as fast as they come, at most `maxBytesPerSecond` (0: no limit).
    [[nodiscard]] static ReaderProfile scan(Isolation isolation, qint64 maxBytesPerSecond);
    /// For following what comes.
    [[nodiscard]] static ReaderProfile tail(Isolation isolation);
    /// One batch at a time, and none ahead (ReadCaution).
    [[nodiscard]] static ReaderProfile careful(Isolation isolation);
    /// For single events.
    [[nodiscard]] static ReaderProfile fetch();
};

/// Handles for reads, one a read; some that have been used wait connected for the next, because connecting and logging in
/// takes longer than a short read. Thread-safe.
class ReaderClients final
{
public:
    explicit ReaderClients(std::shared_ptr<Clients> clients);

    [[nodiscard]] Result<ClientPtr> take(const ReaderProfile &profile);
    /// Only one that works, with nothing started on it.
    void giveBack(const ReaderProfile &profile, ClientPtr client);
    [[nodiscard]] Clients &clients() const { return *m_clients; }

private:
    struct Idle {
        ReaderProfile profile;
        ClientPtr client;
    };

    const std::shared_ptr<Clients> m_clients;
    std::mutex m_mutex;
    std::list<Idle> m_idle; ///< the latest given back first
};

} // namespace connectors::kafka
