// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/connection_factory.h"

#include <QHash>

#include <mutex>

namespace session {

/// Makes connectors of the systems that are built in. Holds the secrets of this run in memory, by connection name; they
/// were asked for, or came from the keyring. Thread-safe.
class SessionFactory final : public connectors::ConnectionFactory
{
public:
    void setCredentials(const QString &connectionName, const connectors::Credentials &credentials);
    [[nodiscard]] connectors::Credentials credentials(const QString &connectionName) const;

    [[nodiscard]] connectors::Result<std::shared_ptr<connectors::Connector>> open(const connectors::ConnectionSpec &spec) override;
    [[nodiscard]] connectors::Result<std::unique_ptr<connectors::CheckpointWriter>> openCheckpointWriter(
        const connectors::ConnectionSpec &spec) override;

private:
    mutable std::mutex m_mutex;
    QHash<QString, connectors::Credentials> m_credentials;
};

} // namespace session
