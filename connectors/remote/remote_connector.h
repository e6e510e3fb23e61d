// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/remote/remote_session.h"

namespace connectors::remote {

/// The contract over messages: everything that is asked and answered is bytes on its way. `whenClosed` is called as the
/// connector goes, after its questions have been answered with Cancelled. `health`: of the process at the other end, if there
/// is one; as long as the connector lives.
[[nodiscard]] std::shared_ptr<Connector> makeRemoteConnector(std::shared_ptr<RemoteSession> session, Greeting greeting,
                                                             std::function<void()> whenClosed, ProcessHealth *health = nullptr);

} // namespace connectors::remote
