// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/connector.h"

#include <atomic>

namespace connectors {

/// What all threads and handles of one connection have asked of its system.
class TrafficCounter final
{
public:
    void add(qint64 requests, qint64 bytes)
    {
        m_requests += requests;
        m_bytes += bytes;
    }
    [[nodiscard]] Traffic traffic() const { return {m_requests, m_bytes}; }

private:
    std::atomic<qint64> m_requests = 0;
    std::atomic<qint64> m_bytes = 0;
};

} // namespace connectors
