// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/kafka/client.h"
#include "connectors/read_caution.h"

#include <array>
#include <mutex>

namespace connectors::kafka {

using ClientPtr = std::shared_ptr<Client>;

/// The handles of one connection, made when first asked for; isolation is a property of a handle. Thread-safe; shared by
/// the tasks that use it.
class Clients final
{
public:
    explicit Clients(ClientConfig config, std::shared_ptr<const ReadCaution> caution = std::make_shared<const ReadCaution>());

    /// The handle that short questions of this isolation share. Its ends of partitions are the last stable offsets for
    /// ReadCommitted, the high watermarks for ReadUncommitted.
    [[nodiscard]] Result<ClientPtr> shared(Isolation isolation);
    /// One for the caller alone, e.g. for a read with its own queues.
    [[nodiscard]] Result<ClientPtr> own(Isolation isolation, const ClientProperties &extra = {}) const;
    /// One to write with, for the caller alone.
    [[nodiscard]] Result<ClientPtr> ownProducer(const ClientProperties &extra) const;
    [[nodiscard]] Traffic traffic() const { return m_shares.traffic->traffic(); }
    [[nodiscard]] const ClientConfig &config() const { return m_config; }
    /// For whoever reads records.
    [[nodiscard]] const ReadCaution &caution() const { return *m_caution; }

private:
    const ClientConfig m_config;
    const std::shared_ptr<const ReadCaution> m_caution;
    const ClientShares m_shares;
    std::mutex m_mutex;
    std::array<ClientPtr, 2> m_shared; ///< by isolation
};

} // namespace connectors::kafka
