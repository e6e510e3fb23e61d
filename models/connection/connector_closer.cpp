// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/connection/connector_closer.h"

#include <condition_variable>
#include <mutex>
#include <system_error>
#include <thread>

namespace models::connection {

namespace {

constexpr std::chrono::seconds LongestWait{5};

} // namespace

struct ConnectorCloser::State {
    mutable std::mutex mutex;
    std::condition_variable changed;
    int closing = 0;
    bool isEnding = false;
};

ConnectorCloser::ConnectorCloser()
    : m_state(std::make_shared<State>())
{
}

ConnectorCloser::~ConnectorCloser()
{
    std::unique_lock lock(m_state->mutex);
    m_state->isEnding = true;
    m_state->changed.wait_for(lock, LongestWait, [this] { return m_state->closing == 0; });
}

std::shared_ptr<connectors::Connector> ConnectorCloser::guard(std::shared_ptr<connectors::Connector> connector) const
{
    connectors::Connector *address = connector.get();
    return {address, [state = m_state, connector = std::move(connector)](connectors::Connector *) mutable { letGo(state, std::move(connector)); }};
}

int ConnectorCloser::closingCount() const
{
    const std::lock_guard lock(m_state->mutex);
    return m_state->closing;
}

void ConnectorCloser::letGo(const std::shared_ptr<State> &state, std::shared_ptr<connectors::Connector> connector)
{
    {
        const std::lock_guard lock(state->mutex);
        if (state->isEnding)
            return;
        ++state->closing;
    }
    // In a box of its own, so that no other copy is left here whose end could be the last.
    const auto box = std::make_shared<std::shared_ptr<connectors::Connector>>(std::move(connector));
    const auto close = [state, box] {
        box->reset();
        const std::lock_guard lock(state->mutex);
        --state->closing;
        state->changed.notify_all();
    };
    try {
        std::thread(close).detach();
    } catch (const std::system_error &) { // no thread to be had: here, then
        close();
    }
}

} // namespace models::connection
