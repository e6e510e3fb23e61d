// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/session/system_tags.h"
#include "connectors/connector.h"

namespace session {

/// A connector that tells with its identity how the system is tagged elsewhere; in all else the one it was made of.
class TaggedConnector final : public connectors::Connector
{
public:
    TaggedConnector(std::shared_ptr<connectors::Connector> connector, connectors::ConnectionSpec spec, std::shared_ptr<SystemTags> tags)
        : m_connector(std::move(connector)), m_spec(std::move(spec)), m_tags(std::move(tags))
    {
    }

    QFuture<connectors::Result<connectors::SystemIdentity>> identify(std::stop_token stop) override;
    connectors::Traffic traffic() const override { return m_connector->traffic(); }
    connectors::StreamCatalog *streamCatalog() override { return m_connector->streamCatalog(); }
    connectors::EventReader *eventReader() override { return m_connector->eventReader(); }
    connectors::EventWriter *eventWriter() override { return m_connector->eventWriter(); }
    connectors::ConsumerCatalog *consumerCatalog() override { return m_connector->consumerCatalog(); }
    connectors::DeadLetterSource *deadLetterSource() override { return m_connector->deadLetterSource(); }
    connectors::SnapshotSource *snapshotSource() override { return m_connector->snapshotSource(); }
    QString whyNot(connectors::Ability ability) const override { return m_connector->whyNot(ability); }
    connectors::ProcessHealth *processHealth() override { return m_connector->processHealth(); }

private:
    const std::shared_ptr<connectors::Connector> m_connector;
    const connectors::ConnectionSpec m_spec;
    const std::shared_ptr<SystemTags> m_tags;
};

} // namespace session
