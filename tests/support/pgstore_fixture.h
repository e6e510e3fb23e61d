// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/pgstore/store_connection.h"
#include "connectors/pgstore/store_writer.h"
#include "connectors/postgres/transaction.h"
#include "tests/support/postgres_server.h"

#include <memory>

namespace tests {

/// An event store in a database of its own, and a connection that writes to it as an application does.
class PgStoreFixture final
{
public:
    explicit PgStoreFixture(const QString &url = postgresUrl())
        : m_database(url)
    {
        m_store = open(connectors::postgres::Database::Access::Write);
    }

    [[nodiscard]] connectors::ConnectionSpec spec(bool mayCreate = false) const { return m_database.spec(mayCreate); }
    [[nodiscard]] connectors::pgstore::StoreConnection &store() { return *m_store; }
    [[nodiscard]] std::unique_ptr<connectors::pgstore::StoreConnection> open(connectors::postgres::Database::Access access) const
    {
        const auto options = connectors::postgres::optionsOf(spec(), {});
        auto opened = connectors::guarded([&] {
            return access == connectors::postgres::Database::Access::Write ? connectors::pgstore::openForWriting(*options, true)
                                                                           : connectors::pgstore::openForLooking(*options);
        });
        if (!opened)
            qFatal("The test's event store: %s", qPrintable(describe(opened.error())));
        return std::move(*opened);
    }

    /// `change` gets a StoreWriter, in a transaction that is committed.
    template<typename Change>
    void change(Change change)
    {
        connectors::postgres::Transaction transaction(m_store->database, connectors::postgres::Transaction::Kind::Write);
        connectors::pgstore::StoreWriter writer(*m_store);
        change(writer);
        transaction.commit();
    }

private:
    FreshDatabase m_database;
    std::unique_ptr<connectors::pgstore::StoreConnection> m_store;
};

} // namespace tests
