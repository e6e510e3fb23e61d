// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/pgstore/store_connection.h"

#include "connectors/pgstore/schema.h"

namespace connectors::pgstore {

using postgres::Database;

namespace {

constexpr int OldestServer = 130000; ///< the first with xid8

void requireUsableServer(Database &database)
{
    if (database.serverVersion() < OldestServer)
        fail(ErrorCode::Unsupported, QStringLiteral("%1 runs PostgreSQL %2; an event store needs 13 or later.").arg(database.place(), database.serverVersionText()),
             QStringLiteral("Use a newer server."));
    if (database.query("SELECT pg_is_in_recovery()").boolean(0, 0))
        fail(ErrorCode::Unsupported, QStringLiteral("%1 is a standby, which does not know what transactions are open on its primary.").arg(database.place()),
             QStringLiteral("Connect to the primary, or name both and set target_session_attrs=read-write."));
}

bool hasStore(Database &database, const QString &schema)
{
    return !database.query("SELECT to_regclass($1)::text", postgres::Parameters().add(QByteArray(postgres::quotedName(schema) + ".store"))).isNull(0, 0);
}

void readFacts(StoreConnection &connection)
{
    if (!hasStore(connection.database, connection.schema))
        fail(ErrorCode::NotFound, QStringLiteral("There is no event store %1.").arg(connection.place()),
             QStringLiteral("Check the database, and the schema (schema=NAME in the address); a store is made by “streamgaugectl append postgresql://…”."));
    postgres::Rows rows;
    try {
        rows = connection.database.query("SELECT uuid, schema_version, lock_number FROM store WHERE id = 1");
    } catch (const postgres::SqlError &failed) {
        if (failed.sqlState != "42703") // no such column
            throw;
    }
    if (rows.count() == 0)
        fail(ErrorCode::Unsupported, QStringLiteral("%1 is not an event store of Streamgauge.").arg(connection.place()),
             QStringLiteral("Name another schema with schema=NAME in the address."));
    if (rows.integer(0, 1) > SchemaVersion)
        fail(ErrorCode::Unsupported,
             QStringLiteral("%1 is of a newer version of Streamgauge (its format is %2, this program knows up to %3).")
                 .arg(connection.place()).arg(rows.integer(0, 1)).arg(SchemaVersion),
             QStringLiteral("Install the newer Streamgauge to open it."));
    connection.storeId = rows.string(0, 0);
    connection.lockNumber = rows.integer(0, 2);
}

} // namespace

StoreConnection::StoreConnection(const postgres::Options &options, Database::Access access, const Database::CancelledCheck &isCancelled)
    : database(options, access, isCancelled)
    , schema(options.schema)
{
    requireUsableServer(database);
    database.execute("SET search_path = " + postgres::quotedName(schema));
}

std::unique_ptr<StoreConnection> openForLooking(const postgres::Options &options, const Database::CancelledCheck &isCancelled)
{
    auto connection = std::make_unique<StoreConnection>(options, Database::Access::Look, isCancelled);
    readFacts(*connection);
    return connection;
}

std::unique_ptr<StoreConnection> openForWriting(const postgres::Options &options, bool mayCreate, const Database::CancelledCheck &isCancelled)
{
    auto connection = std::make_unique<StoreConnection>(options, Database::Access::Write, isCancelled);
    if (mayCreate && !hasStore(connection->database, connection->schema))
        createSchema(connection->database, connection->schema);
    readFacts(*connection);
    return connection;
}

} // namespace connectors::pgstore
