// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/connector.h"
#include "tests/support/answered.h"

#include <QPromise>

#include <deque>

namespace tests {

/// A connection that has consumers, and the events that it is given; answers at once. One thread only.
class FakeConsumerConnector final : public connectors::Connector, public connectors::ConsumerCatalog
{
public:
    connectors::ConsumerStates states;
    std::optional<connectors::Error> error; ///< every question about consumers fails so
    bool isRefusing = false;                ///< nobody is there
    bool isMute = false;                    ///< whether it is there is not answered any more
    QString whyNoReset;
    connectors::EventReader *reader = nullptr; ///< of the events that they read
    connectors::ProcessHealth *process = nullptr;

    QFuture<connectors::Result<connectors::SystemIdentity>> identify(std::stop_token) override
    {
        if (isMute) {
            m_unanswered.emplace_back().start();
            return m_unanswered.back().future();
        }
        if (isRefusing)
            return answered<connectors::SystemIdentity>(connectors::failure(connectors::ErrorCode::CannotConnect, QStringLiteral("refused")));
        connectors::SystemIdentity identity;
        identity.systemId = QStringLiteral("fake-consumers");
        return answered<connectors::SystemIdentity>(identity);
    }
    [[nodiscard]] connectors::Traffic traffic() const override { return {}; }
    connectors::ConsumerCatalog *consumerCatalog() override { return this; }
    connectors::EventReader *eventReader() override { return reader; }
    connectors::ProcessHealth *processHealth() override { return process; }
    [[nodiscard]] QString whyNot(connectors::Ability) const override { return whyNoReset; }
    QFuture<connectors::Result<std::vector<connectors::ConsumerSummary>>> listConsumers(std::stop_token) override
    {
        return answered<std::vector<connectors::ConsumerSummary>>(std::vector<connectors::ConsumerSummary>());
    }
    QFuture<connectors::Result<connectors::ConsumerStates>> consumerStates(connectors::ConsumerStateRequest request, std::stop_token) override
    {
        if (error)
            return answered<connectors::ConsumerStates>(tl::unexpected(*error));
        connectors::ConsumerStates told = states;
        for (connectors::ConsumerState &state : told.consumers)
            if (!request.withMembers)
                state.members.reset();
        return answered<connectors::ConsumerStates>(std::move(told));
    }

    /// A consumer that stands at `checkpoint` of [0, end) in partitions 0, 1 …
    void add(const QString &consumer, connectors::ConsumerActivity activity, const std::vector<std::optional<qint64>> &checkpoints, qint64 end)
    {
        connectors::ConsumerState state;
        state.summary = {consumer, QStringLiteral("group"), activity};
        state.members.emplace();
        if (activity == connectors::ConsumerActivity::Active)
            state.members->push_back({QStringLiteral("m-1"), QStringLiteral("pod-1"), QStringLiteral("/10.0.0.1"), {{QStringLiteral("orders"), 0}}});
        int partition = 0;
        for (const std::optional<qint64> &checkpoint : checkpoints) {
            connectors::ConsumerPosition position;
            position.stream = QStringLiteral("orders");
            position.partition = partition++;
            position.checkpoint = checkpoint;
            position.start = 0;
            position.end = end;
            state.positions.push_back(position);
        }
        states.consumers.push_back(std::move(state));
    }

private:
    std::deque<QPromise<connectors::Result<connectors::SystemIdentity>>> m_unanswered;
};

} // namespace tests
