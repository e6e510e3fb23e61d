// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/connector.h"

#include <chrono>
#include <memory>

namespace models::connection {

/// Lets connectors go away from the GUI thread: what a client library still does when it is closed (reads that end, sockets, a
/// flush) takes seconds on a network that swallows everything. Thread-safe.
class ConnectorCloser final
{
public:
    ConnectorCloser();
    /// Waits for those that are being closed, at most 5 s; one that takes longer goes on on its own thread. Connectors that are
    /// let go later are closed where that happens.
    ~ConnectorCloser();
    ConnectorCloser(const ConnectorCloser &) = delete;
    ConnectorCloser &operator=(const ConnectorCloser &) = delete;

    /// The same connector: whoever holds the last of these, on whichever thread, it is destroyed on a thread of its own.
    [[nodiscard]] std::shared_ptr<connectors::Connector> guard(std::shared_ptr<connectors::Connector> connector) const;
    [[nodiscard]] int closingCount() const;

private:
    struct State;
    static void letGo(const std::shared_ptr<State> &state, std::shared_ptr<connectors::Connector> connector);
    const std::shared_ptr<State> m_state; ///< shared with the connectors, which may outlive this
};

} // namespace models::connection
