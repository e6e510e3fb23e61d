// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/remote/loopback.h"

#include "connectors/remote/endpoint.h"
#include "connectors/remote/remote_connector.h"

namespace connectors::remote {

namespace {

/// Where the caller's end finds the other one, which is made after it.
struct Line {
    std::mutex mutex;
    std::shared_ptr<Endpoint> endpoint;

    std::shared_ptr<Endpoint> get()
    {
        const std::lock_guard lock(mutex);
        return endpoint;
    }
};

} // namespace

std::shared_ptr<Connector> throughLoopback(std::shared_ptr<Connector> connector)
{
    const auto line = std::make_shared<Line>();
    const auto session = std::make_shared<RemoteSession>([line](const QByteArray &message) {
        if (const auto endpoint = line->get())
            endpoint->receive(message);
    });
    line->endpoint = std::make_shared<Endpoint>(*connector, [weak = std::weak_ptr(session)](const QByteArray &message) {
        if (const auto caller = weak.lock())
            caller->receive(message);
    }, Endpoint::Events::ReadAndAppend);
    Greeting greeting = line->endpoint->greeting();
    return makeRemoteConnector(session, std::move(greeting), [line, connector = std::move(connector)]() mutable {
        std::shared_ptr<Endpoint> endpoint;
        {
            const std::lock_guard lock(line->mutex);
            endpoint.swap(line->endpoint);
        }
        endpoint->close();
        connector.reset();
    });
}

} // namespace connectors::remote
