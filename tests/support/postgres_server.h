// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/connection_spec.h"
#include "connectors/postgres/database.h"
#include "tests/support/require_server.h"

#include <QHash>
#include <QStringList>

#include <memory>

#define REQUIRE_POSTGRES() REQUIRE_SERVER(!tests::postgresUrl().isEmpty(), "STREAMGAUGE_TEST_POSTGRES")

namespace tests {

/// postgresql://user@host:port/database of the server that all tests share; empty where there is none.
[[nodiscard]] QString postgresUrl();
/// A connection to it (or to another one that `url` leads to), to this database.
[[nodiscard]] connectors::ConnectionSpec postgresSpec(const QString &database, const QMap<QString, QString> &properties = {}, const QString &url = postgresUrl());
/// Open, for whatever a test does itself. qFatal where it cannot be opened.
[[nodiscard]] std::unique_ptr<connectors::postgres::Database> postgresDatabase(const connectors::ConnectionSpec &spec);

/// An empty database of its own on the shared server (or on another), dropped with the object, whoever is connected to it.
class FreshDatabase final
{
public:
    explicit FreshDatabase(const QString &url = postgresUrl());
    ~FreshDatabase();
    Q_DISABLE_COPY_MOVE(FreshDatabase)
    [[nodiscard]] const QString &name() const { return m_name; }
    [[nodiscard]] connectors::ConnectionSpec spec(bool mayCreate = false, const QMap<QString, QString> &properties = {}) const;
    [[nodiscard]] std::unique_ptr<connectors::postgres::Database> open() const { return postgresDatabase(spec()); }

private:
    const QString m_url;
    const QString m_name;
};

/// A server of its own, stopped with the object. qFatal where it cannot be started.
class FreshPostgres final
{
public:
    FreshPostgres();
    ~FreshPostgres();
    Q_DISABLE_COPY_MOVE(FreshPostgres)
    [[nodiscard]] QString url() const { return m_addresses.value(QStringLiteral("url")); }
    /// What `tests/servers/postgres start` printed: url, state, ca, other_ca.
    [[nodiscard]] QString address(const QString &name) const { return m_addresses.value(name); }
    void kill() const;    ///< as a crash does
    void restart() const; ///< returns when it answers again

private:
    QHash<QString, QString> m_addresses;
};

} // namespace tests
