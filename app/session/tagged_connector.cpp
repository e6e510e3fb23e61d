// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/session/tagged_connector.h"

namespace session {

using namespace connectors;

QFuture<Result<SystemIdentity>> TaggedConnector::identify(std::stop_token stop)
{
    // On a thread of its own: the tags are in a file, and whoever asks may be the window.
    return m_connector->identify(std::move(stop)).then(QtFuture::Launch::Async, [tags = m_tags, spec = m_spec](Result<SystemIdentity> identity) {
        if (identity) {
            tags->learn(spec, identity->systemId);
            identity->otherTag = tags->tagOf(identity->systemId);
        }
        return identity;
    });
}

} // namespace session
