// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QMap>
#include <QString>
#include <QStringList>

namespace connectors {

enum class Environment {
    Untagged, ///< counts as production
    Production,
    Staging,
    Development,
    AssumedDevelopment ///< the demo, or every advertised address is loopback and nothing else is known
};

/// True where the stricter rules hold (typed confirmation, reason, read limit).
[[nodiscard]] constexpr bool countsAsProduction(Environment environment)
{
    return environment == Environment::Production || environment == Environment::Untagged;
}

enum class SystemKind { Kafka, EventStoreSqlite, EventStorePostgres };

/// One system to talk to, as parsed from a URL or a profile. Holds no secret: secrets travel in Credentials.
struct ConnectionSpec {
    QString name;                        ///< what the user calls it; the URL without properties where there is no profile, but for `via`
    SystemKind kind = SystemKind::Kafka;
    QStringList hosts;                   ///< "host:port", IPv6 in brackets; empty for files
    QString path;                        ///< sqlite: the file's; PostgreSQL: the database
    QMap<QString, QString> properties;   ///< the client library's own names, allow-listed by the connector
    Environment environment = Environment::Untagged;
    QString userName;                    ///< name used on the system, empty when none
    bool mayCreate = false;              ///< event stores: only `append` and `--demo-store` create one, and only they append
    QString via;                         ///< from which machine: `ssh:…`, `exec:NAME`; empty: from this one

    bool operator==(const ConnectionSpec &) const = default;
};

/// The variable that may hold the password of a command's connection. No process that is started inherits it.
inline constexpr const char *PasswordVariable = "STREAMGAUGE_PASSWORD";

/// Secrets of one connection, in memory only. Never logged, never written, never put on a command line.
struct Credentials {
    QString password;
    QString clientSecret;      ///< OAUTHBEARER client credentials
    QString tokenCommand;      ///< from a profile only, never from a URL; run without a shell
    QString keyPassword;       ///< of the client certificate's key
};

} // namespace connectors
