// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/pgreadmodel/postgres_read_model.h"

#include "connectors/pgreadmodel/copied_rows.h"
#include "connectors/pgreadmodel/rebuild_records.h"
#include "connectors/pgreadmodel/table_losses.h"
#include "connectors/pgreadmodel/table_names.h"
#include "connectors/postgres/transaction.h"
#include "connectors/tables/rebuild_order.h"
#include "connectors/tables/table_comparison.h"

#include <QStorageInfo>

#include <algorithm>

namespace connectors::pgreadmodel {

using postgres::Parameters;
using postgres::Rows;
using postgres::Transaction;

namespace {

class PostgresReadModel final : public ReadModel
{
public:
    PostgresReadModel(ConnectionSpec spec, postgres::Options options)
        : m_spec(std::move(spec))
        , m_options(std::move(options))
    {
    }

    Result<QString> systemId() override
    {
        return guarded([this] {
            Session &there = session();
            const qint64 database = there.database().query("SELECT oid FROM pg_database WHERE datname = current_database()").integer(0, 0);
            return QStringLiteral("postgresql:%1/%2/%3").arg(clusterId()).arg(database).arg(there.schema().value_or(QString()));
        });
    }

    Result<std::vector<Rebuild>> rebuilds() override
    {
        return guarded([this] { return rebuildsIn(session()); });
    }

    Result<std::vector<LiveTable>> look(const std::vector<TableSpec> &tables) override
    {
        return guarded([&] {
            requireNames(tables);
            std::vector<LiveTable> live;
            live.reserve(tables.size());
            for (const TableSpec &table : tables)
                live.push_back(lookAt(table));
            return live;
        });
    }

    /// Only where the server is on this very machine and lets the user see where its data are.
    Result<std::optional<qint64>> freeBytes() override
    {
        return guarded([this]() -> std::optional<qint64> {
            static constexpr const char *Folder = "SELECT setting FROM pg_settings WHERE name = 'data_directory' AND host(inet_server_addr()) IN ('127.0.0.1', '::1')";
            if (!std::all_of(m_spec.hosts.begin(), m_spec.hosts.end(), postgres::isThisMachine))
                return std::nullopt;
            const Rows folder = session().database().query(Folder);
            const QStorageInfo storage(folder.count() == 1 ? folder.string(0, 0) : QString());
            return folder.count() == 1 && storage.isValid() ? std::optional<qint64>(storage.bytesAvailable()) : std::nullopt;
        });
    }

    Result<TableComparison> compare(const Rebuild &rebuild, const TableSpec &table, size_t index, qsizetype sample, const std::stop_token &stop, const ComparisonObserver &observer,
                                    const DifferenceSink &sink) override
    {
        return guarded([&] {
            requireNames({table});
            const bool isSwapped = tables::isOldBeside(rebuild);
            const QString before = isSwapped ? oldName(rebuild, index) : rebuild.tables[index];
            const QString after = isSwapped ? rebuild.tables[index] : shadowName(rebuild, index);
            return compareTables({table, sample, {}, stop, observer, sink}, before, after);
        });
    }

    Result<std::vector<Row>> rows(const TableSpec &table, qint64 first, qsizetype count) override
    {
        return guarded([&] {
            requireNames({table});
            std::vector<Row> rows;
            const std::vector<StoredColumn> columns = storedColumns(session(), table.name);
            if (columns.empty())
                return rows;
            requireKey(table, columns);
            CopiedRows cursor(session(), table, table.name, columns, {first, count});
            while (cursor.next())
                rows.push_back({cursor.row(), cursor.position()});
            return rows;
        });
    }

private:
    Session &session()
    {
        if (!m_session || !m_session->database().isUsable())
            m_session = std::make_unique<Session>(m_spec, m_options, postgres::Database::Access::Look);
        return *m_session;
    }

    /// Of the server's data; where it does not tell, the address must do.
    QString clusterId()
    {
        try {
            return session().database().query("SELECT system_identifier FROM pg_control_system()").string(0, 0);
        } catch (const postgres::SqlError &) {
            return m_spec.hosts.join(u',');
        }
    }

    LiveTable lookAt(const TableSpec &table)
    {
        static constexpr const char *Bytes = "SELECT sum(pg_total_relation_size(relid)) FROM (SELECT relid FROM pg_partition_tree($1::oid::regclass) UNION SELECT $1::oid) parts";
        LiveTable live;
        const qint64 id = session().idOf(table.name);
        if (id == 0)
            return live;
        requireOrdinaryTable(session(), table.name, id);
        live.exists = true;
        live.losses = lossesOf(session(), table, id);
        live.bytes = session().database().query(Bytes, Parameters().add(id)).integer(0, 0);
        live.rows = rowsOf(table.name, id);
        return live;
    }

    /// Counted; of a table that is too large for that, what the server reckons.
    qint64 rowsOf(const QString &table, qint64 id)
    {
        try {
            return session().database().query("SELECT count(*) FROM " + session().qualified(table)).integer(0, 0);
        } catch (const ThrownError &failed) {
            if (failed.error.code != ErrorCode::TimedOut)
                throw;
            return session().database().query("SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = $1::oid", Parameters().add(id)).integer(0, 0);
        }
    }

    /// Both of one moment, each read by a connection of its own.
    TableComparison compareTables(tables::ComparisonRequest request, const QString &before, const QString &after)
    {
        const std::stop_token stop = request.stop;
        Session old(m_spec, m_options, postgres::Database::Access::Look);
        Session fresh(m_spec, m_options, postgres::Database::Access::Look);
        for (Session *const each : {&old, &fresh})
            each->database().setCancelledCheck([stop] { return stop.stop_requested(); });
        const Transaction first(old.database(), Transaction::Kind::Read);
        const QByteArray snapshot = old.database().query("SELECT pg_export_snapshot()").string(0, 0).toLatin1();
        const Transaction second(fresh.database(), Transaction::Kind::Read);
        fresh.database().execute("SET TRANSACTION SNAPSHOT '" + snapshot + '\'');
        for (Session *const each : {&old, &fresh})
            each->database().execute("SET LOCAL statement_timeout = 0"); // as long as there are rows
        const std::vector<StoredColumn> known = storedColumns(old, before);
        const std::vector<StoredColumn> rebuilt = storedColumns(fresh, after);
        if (rebuilt.empty())
            fail(ErrorCode::NotFound, QStringLiteral("The rebuilt table “%1” is gone.").arg(after), QStringLiteral("Drop the rebuild and begin anew."));
        std::vector<QString> notCompared;
        for (const ColumnSpec &column : request.table.columns) {
            request.isCompared.push_back(known.empty() || has(known, column.name));
            if (!request.isCompared.back())
                notCompared.push_back(column.name);
        }
        requireKey(request.table, known);
        CopiedRows rows(fresh, request.table, after, rebuilt);
        const std::unique_ptr<tables::RowCursor> oldRows
            = known.empty() ? std::unique_ptr<tables::RowCursor>(std::make_unique<tables::NoRows>()) : std::make_unique<CopiedRows>(old, request.table, before, known);
        TableComparison comparison = tables::compareRows(*oldRows, rows, request);
        comparison.notCompared = std::move(notCompared);
        return comparison;
    }

    static bool has(const std::vector<StoredColumn> &columns, const QString &name)
    {
        return std::any_of(columns.begin(), columns.end(), [&name](const StoredColumn &each) { return each.name == name; });
    }

    static void requireKey(const TableSpec &table, const std::vector<StoredColumn> &known)
    {
        for (const size_t column : table.key) {
            if (!known.empty() && !has(known, table.columns[column].name))
                fail(ErrorCode::Unsupported, QStringLiteral("The live table “%1” has no column “%2”, which is the key, so its rows have no order.").arg(table.name, table.columns[column].name));
        }
    }

    const ConnectionSpec m_spec;
    const postgres::Options m_options;
    std::unique_ptr<Session> m_session;
};

} // namespace

Result<std::unique_ptr<ReadModel>> openPostgresReadModel(const ConnectionSpec &spec, const Credentials &credentials)
{
    auto options = postgres::optionsOf(spec, credentials);
    if (!options)
        return tl::unexpected(options.error());
    return std::make_unique<PostgresReadModel>(spec, *std::move(options));
}

} // namespace connectors::pgreadmodel
