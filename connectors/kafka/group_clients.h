// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/kafka/clients.h"

namespace connectors::kafka {

/// The handles that only questions about consumer groups need, made when first asked for and kept. Thread-safe.
class GroupClients final
{
public:
    explicit GroupClients(std::shared_ptr<Clients> clients) : m_clients(std::move(clients)) { }

    /// Short questions of this isolation.
    [[nodiscard]] const ReadCaution &caution() const { return m_clients->caution(); }
    [[nodiscard]] Result<ClientPtr> shared(Isolation isolation) { return m_clients->shared(isolation); }
    /// For questions to the coordinators of groups. It is the only handle with a group.id, because without one librdkafka
    /// 2.0.2 dies of a null pointer when a broker answers an OffsetFetch with "not coordinator" (tried; any move of a
    /// coordinator does it). As a consumer it is closed at once, before it has a connection: it never asks for the
    /// coordinator of that group, joins nothing and commits nothing.
    [[nodiscard]] Result<ClientPtr> forCoordinators();
    /// The next one is a new one: librdkafka remembers a coordinator for minutes, also one that says it is none any more.
    void forgetCoordinators();
    /// For LastRecord.
    [[nodiscard]] Result<ClientPtr> forLastRecords();

private:
    const std::shared_ptr<Clients> m_clients;
    std::mutex m_mutex;
    ClientPtr m_coordinators;
    ClientPtr m_lastRecords;
};

} // namespace connectors::kafka
