// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/kafka/clients.h"

namespace connectors::kafka {

Clients::Clients(ClientConfig config, std::shared_ptr<const ReadCaution> caution)
    : m_config(std::move(config))
    , m_caution(std::move(caution))
    , m_shares{std::make_shared<TrafficCounter>(), m_config.token.isGiven() ? std::make_shared<TokenProvider>(m_config.token) : nullptr}
{
}

Result<ClientPtr> Clients::shared(Isolation isolation)
{
    const std::lock_guard lock(m_mutex);
    ClientPtr &client = m_shared[static_cast<size_t>(isolation)];
    if (!client) {
        const Result<ClientPtr> made = own(isolation);
        if (!made)
            return made;
        client = *made;
    }
    return client;
}

Result<ClientPtr> Clients::own(Isolation isolation, const ClientProperties &extra) const
{
    return Client::create(m_config, isolation, m_shares, extra);
}

Result<ClientPtr> Clients::ownProducer(const ClientProperties &extra) const
{
    return Client::createProducer(m_config, m_shares, extra);
}

} // namespace connectors::kafka
