// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/connector.h"
#include "tests/support/answered.h"

#include <atomic>

namespace tests {

/// A connection whose events are those of a batch, which can be exchanged for another. Everything is answered at once.
class BatchConnector final : public connectors::Connector, public connectors::EventReader
{
public:
    explicit BatchConnector(connectors::EventBatchPtr batch)
        : m_batch(std::move(batch))
    {
    }

    void exchange(connectors::EventBatchPtr batch) { m_batch = std::move(batch); }
    [[nodiscard]] int pages() const { return m_asked; } ///< so many were asked for

    QFuture<connectors::Result<connectors::SystemIdentity>> identify(std::stop_token) override { return answered<connectors::SystemIdentity>(connectors::SystemIdentity()); }
    [[nodiscard]] connectors::Traffic traffic() const override { return {}; }
    connectors::EventReader *eventReader() override { return this; }
    [[nodiscard]] QString whyNot(connectors::Ability) const override { return {}; }

    connectors::EventChannelPtr read(connectors::ReadRequest request) override
    {
        auto channel = std::make_shared<connectors::EventChannel>();
        std::ignore = channel->push(connectors::previewsOf(m_batch, request.previewBytes));
        channel->finish(connectors::ReadReport());
        return channel;
    }
    QFuture<connectors::Result<connectors::EventBatchPtr>> fetch(std::vector<connectors::EventAddress> addresses, qint64 previewBytes, std::stop_token) override
    {
        return answered<connectors::EventBatchPtr>(eventsAt(addresses, previewBytes));
    }
    QFuture<connectors::Result<connectors::EventPage>> fetchPage(connectors::PageRequest request, std::stop_token) override
    {
        ++m_asked;
        return answered<connectors::EventPage>(
            m_pages.page(request, [&]() -> connectors::Result<connectors::EventBatchPtr> { return eventsAt({request.address}, 0); }));
    }

private:
    [[nodiscard]] connectors::EventBatchPtr eventsAt(const std::vector<connectors::EventAddress> &addresses, qint64 previewBytes) const
    {
        connectors::EventBatchBuilder builder;
        for (const connectors::EventAddress &address : addresses)
            for (qsizetype row = 0; row < m_batch->count(); ++row)
                if (m_batch->address(row) == address)
                    builder.addFrom(*m_batch, row, previewBytes);
        return builder.take();
    }

    connectors::EventBatchPtr m_batch;
    connectors::EventPages m_pages;
    std::atomic<int> m_asked = 0;
};

} // namespace tests
