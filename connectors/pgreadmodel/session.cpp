// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/pgreadmodel/session.h"

namespace connectors::pgreadmodel {

namespace {

/// Values as texts that mean the same in every session, and an error instead of rows that a policy hides.
constexpr const char *Settings = "SET search_path = ''; SET row_security = off; SET datestyle = 'ISO'; SET intervalstyle = 'postgres'; "
                                 "SET timezone = 'UTC'; SET extra_float_digits = 1; SET bytea_output = 'hex'";

/// Of the user's search path: where a rebuild is under way; else the first that has tables, as many a user has an empty schema of
/// his own; else the first. Never the one of an event store, which a user may be named like.
constexpr const char *SchemaQuery = R"(
    SELECT s.name FROM unnest(current_schemas(false)) WITH ORDINALITY s(name, place) JOIN pg_catalog.pg_namespace n ON n.nspname = s.name,
    LATERAL (SELECT coalesce(bool_or(c.relname = 'streamgauge_rebuilds'), false) AS has_rebuild, coalesce(bool_or(c.relkind IN ('r', 'p')), false) AS has_tables,
                    count(*) FILTER (WHERE c.relname IN ('store', 'events', 'events_position')) = 3 AS is_store
             FROM pg_catalog.pg_class c WHERE c.relnamespace = n.oid) has
    ORDER BY has_rebuild DESC, is_store, has_tables DESC, s.place LIMIT 1)";

} // namespace

Session::Session(const ConnectionSpec &spec, const postgres::Options &options, postgres::Database::Access access)
    : m_database(options, access)
    , m_wanted(spec.properties.value(QStringLiteral("schema")))
{
    const postgres::Rows found = m_wanted.isEmpty() ? m_database.query(SchemaQuery)
                                                    : m_database.query("SELECT nspname FROM pg_catalog.pg_namespace WHERE nspname = $1", postgres::Parameters().add(m_wanted));
    if (found.count() == 1)
        m_schema = found.string(0, 0);
    m_database.execute(Settings);
}

void Session::requireSchema() const
{
    if (m_schema)
        return;
    const QString what = m_wanted.isEmpty() ? QStringLiteral("%1: the user's search path leads to no schema.").arg(m_database.place())
                                            : QStringLiteral("%1 has no schema “%2”.").arg(m_database.place(), m_wanted.left(80));
    fail(ErrorCode::NotFound, what, QStringLiteral("Name the one in which the tables are: postgresql://user@host/database?schema=NAME."));
}

QByteArray Session::qualified(const QString &name) const
{
    return postgres::quotedName(m_schema.value_or(QString())) + '.' + postgres::quotedName(name);
}

qint64 Session::idOf(const QString &relation)
{
    if (!m_schema)
        return 0;
    const postgres::Rows found = m_database.query("SELECT c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1 AND c.relname = $2",
                                                  postgres::Parameters().add(*m_schema).add(relation));
    return found.count() == 0 ? 0 : found.integer(0, 0);
}

qint64 Session::now()
{
    return m_database.query("SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint").integer(0, 0);
}

} // namespace connectors::pgreadmodel
