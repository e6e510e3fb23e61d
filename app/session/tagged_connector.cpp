// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/session/tagged_connector.h"

#include "connectors/answer_of.h"

#include <QPromise>

#include <thread>

namespace session {

using namespace connectors;

QFuture<Result<SystemIdentity>> TaggedConnector::identify(std::stop_token stop)
{
    auto promise = std::make_shared<QPromise<Result<SystemIdentity>>>();
    promise->start();
    const QFuture<Result<SystemIdentity>> answer = promise->future();
    // The tags are in a file, and whoever asks may be the window. Not by then(): Qt 6.4 runs what is attached at the very moment
    // of finishing twice, the second time without its promise.
    std::thread([promise, asked = m_connector->identify(std::move(stop)), tags = m_tags, spec = m_spec] {
        Result<SystemIdentity> identity = answerOf(asked);
        if (identity) {
            tags->learn(spec, identity->systemId);
            identity->otherTag = tags->tagOf(identity->systemId);
        }
        promise->addResult(std::move(identity));
        promise->finish();
    }).detach();
    return answer;
}

} // namespace session
