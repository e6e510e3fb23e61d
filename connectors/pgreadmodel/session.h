// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/postgres/database.h"

namespace connectors::pgreadmodel {

/// One connection to the schema in which read models are: the one that the address names (`schema=`), else of the user's search
/// path the one with a rebuild under way, else the first that has tables and is no event store. Live tables, those beside them and the table of rebuilds are all there. Names that the server writes are
/// whole in this session, as its own search path is empty. Throws as postgres::Database does.
class Session final
{
public:
    Session(const ConnectionSpec &spec, const postgres::Options &options, postgres::Database::Access access);

    [[nodiscard]] postgres::Database &database() { return m_database; }
    /// Null: there is none of that name, or the search path leads nowhere.
    [[nodiscard]] const std::optional<QString> &schema() const { return m_schema; }
    /// Throws NotFound without a schema.
    void requireSchema() const;
    /// `"schema"."name"`.
    [[nodiscard]] QByteArray qualified(const QString &name) const;
    /// pg_class.oid of a table, a view or whatever has the name; 0: nothing has.
    [[nodiscard]] qint64 idOf(const QString &relation);
    /// The server's clock.
    [[nodiscard]] qint64 now();

private:
    postgres::Database m_database;
    const QString m_wanted;
    std::optional<QString> m_schema;
};

} // namespace connectors::pgreadmodel
