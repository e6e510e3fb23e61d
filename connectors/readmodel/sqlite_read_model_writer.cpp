// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/readmodel/sqlite_read_model_writer.h"

#include "connectors/readmodel/sqlite_dependants.h"
#include "connectors/readmodel/sqlite_names.h"
#include "connectors/readmodel/sqlite_place.h"
#include "connectors/readmodel/sqlite_rebuilds.h"
#include "connectors/tables/rebuild_order.h"
#include "connectors/tables/stored_cell.h"

#include <QDateTime>

#include <algorithm>

namespace connectors::readmodel {

namespace {

EpochMs now()
{
    return QDateTime::currentMSecsSinceEpoch();
}

/// `?1, ?2 …`
QByteArray placeholders(size_t count)
{
    QByteArrayList list;
    for (size_t i = 1; i <= count; ++i)
        list += '?' + QByteArray::number(static_cast<qint64>(i));
    return list.join(", ");
}

/// The statements of one table beside a live one.
class ShadowTable final
{
public:
    ShadowTable(sqlite::Database &database, const TableSpec &table, const QString &name)
        : m_table(table)
        , m_put(database.prepare("INSERT OR REPLACE INTO " + quoted(name) + " (" + columnList(table) + ", " + PositionColumn + ") VALUES (" + placeholders(table.columns.size() + 1) + ')'))
        , m_remove(database.prepare("DELETE FROM " + quoted(name) + " WHERE (" + keyList(table) + ") = (" + placeholders(table.key.size()) + ')'))
        , m_find(database.prepare("SELECT " + columnList(table) + ", " + PositionColumn + " FROM " + quoted(name) + " WHERE (" + keyList(table) + ") = (" + placeholders(table.key.size()) + ')'))
    {
    }

    void put(const Row &row)
    {
        for (size_t i = 0; i < row.cells.size(); ++i)
            bindCell(m_put, static_cast<int>(i) + 1, m_table.columns[i], row.cells[i]);
        m_put.bind(static_cast<int>(row.cells.size()) + 1, row.position).run();
    }

    void remove(const std::vector<std::string> &key)
    {
        bindKey(m_remove, key);
        m_remove.run();
    }

    [[nodiscard]] std::optional<Row> find(const std::vector<std::string> &key)
    {
        bindKey(m_find, key);
        if (!m_find.step())
            return std::nullopt;
        Row row;
        for (size_t i = 0; i < m_table.columns.size(); ++i) {
            const int column = static_cast<int>(i);
            row.cells.push_back(m_find.isNull(column) ? Cell() : Cell(tables::canonicalCell(m_table.columns[i], m_find.text(column))));
        }
        row.position = m_find.integer(static_cast<int>(m_table.columns.size()));
        m_find.reset();
        return row;
    }

private:
    static void bindCell(sqlite::Statement &statement, int parameter, const ColumnSpec &column, const Cell &cell)
    {
        if (!cell)
            statement.bindNull(parameter);
        else if (column.type == ColumnType::Boolean)
            statement.bind(parameter, qint64{*cell == "true" ? 1 : 0});
        else
            statement.bind(parameter, std::string_view(*cell)); // an INTEGER column makes a whole number of it
    }

    void bindKey(sqlite::Statement &statement, const std::vector<std::string> &key) const
    {
        for (size_t i = 0; i < key.size(); ++i)
            bindCell(statement, static_cast<int>(i) + 1, m_table.columns[m_table.key[i]], key[i]);
    }

    const TableSpec &m_table;
    sqlite::Statement m_put;
    sqlite::Statement m_remove;
    sqlite::Statement m_find;
};

class SqliteReadModelWriter final : public ReadModelWriter
{
public:
    SqliteReadModelWriter(QString path, std::vector<TableSpec> tables)
        : m_path(std::move(path))
        , m_tables(std::move(tables))
    {
    }

    Result<void> begin(const Rebuild &rebuild) override
    {
        return guarded([&] {
            open(sqlite::Database::Access::Create);
            sqlite::Transaction transaction(*m_database, sqlite::Transaction::Kind::Write);
            createRebuildsTable(*m_database);
            tables::requireNoOther(rebuildsIn(*m_database), rebuild, foldedName);
            for (size_t i = 0; i < m_tables.size(); ++i)
                m_database->execute(createTable(m_tables[i], shadowName(rebuild, i)));
            insertRebuild(*m_database, rebuild);
            transaction.commit();
            own(rebuild);
        });
    }

    Result<Rebuild> takeOver(const QString &job) override
    {
        return guarded([&] {
            open(sqlite::Database::Access::Write);
            sqlite::Transaction transaction(*m_database, sqlite::Transaction::Kind::Write);
            const Rebuild known = rebuildIn(*m_database, job);
            tables::requireNoOwner(known, now());
            Rebuild next = known;
            ++next.epoch;
            next.heartbeat = now();
            updateRebuild(*m_database, known, next);
            own(next);
            transaction.commit();
            return next;
        });
    }

    Result<std::vector<std::optional<Row>>> load(const std::vector<RowKey> &keys) override
    {
        return guarded([&] {
            const sqlite::Transaction ofOneMoment(*m_database, sqlite::Transaction::Kind::Read);
            requireOwner(*m_database, m_rebuild);
            std::vector<std::optional<Row>> rows;
            rows.reserve(keys.size());
            for (const RowKey &key : keys)
                rows.push_back(m_shadows[key.table]->find(key.parts));
            return rows;
        });
    }

    Result<void> store(std::vector<ChangedRow> rows, const RebuildCheckpoint &checkpoint) override
    {
        return guarded([&] {
            // A table in the order of its keys is written page after page.
            std::sort(rows.begin(), rows.end(), [](const ChangedRow &a, const ChangedRow &b) { return std::tie(a.key.table, a.key.parts) < std::tie(b.key.table, b.key.parts); });
            sqlite::Transaction transaction(*m_database, sqlite::Transaction::Kind::Write);
            Rebuild next = m_rebuild;
            next.checkpoint = checkpoint;
            next.heartbeat = now();
            updateRebuild(*m_database, m_rebuild, next); // first: who is no longer the owner writes nothing
            for (const ChangedRow &each : rows) {
                if (each.row)
                    m_shadows[each.key.table]->put(*each.row);
                else
                    m_shadows[each.key.table]->remove(each.key.parts);
            }
            transaction.commit();
            m_rebuild = std::move(next);
        });
    }

    Result<void> beat() override
    {
        return guarded([&] { advance([](Rebuild &next) { next.heartbeat = now(); }); });
    }

    Result<void> letGo() override
    {
        return guarded([&] { advance([](Rebuild &next) { next.heartbeat = 0; }); });
    }

    Result<void> finishFilling() override
    {
        return guarded([&] {
            advance([](Rebuild &next) {
                next.state = RebuildState::Filled;
                next.heartbeat = 0;
            });
        });
    }

    Result<SwapReport> swap(const QString &job) override
    {
        return guarded([&] {
            return exchange(job, RebuildState::Swapped,
                            [](const Rebuild &rebuild, size_t table) { return std::pair(oldName(rebuild, table), shadowName(rebuild, table)); });
        });
    }

    Result<SwapReport> swapBack(const QString &job) override
    {
        return guarded([&] {
            return exchange(job, RebuildState::SwappedBack,
                            [](const Rebuild &rebuild, size_t table) { return std::pair(shadowName(rebuild, table), oldName(rebuild, table)); });
        });
    }

    Result<void> drop(const QString &job) override
    {
        return guarded([&] {
            open(sqlite::Database::Access::Write);
            sqlite::Transaction transaction(*m_database, sqlite::Transaction::Kind::Write);
            const Rebuild rebuild = rebuildIn(*m_database, job);
            for (size_t i = 0; i < rebuild.tables.size(); ++i) {
                const QString beside = tables::isOldBeside(rebuild) ? oldName(rebuild, i) : shadowName(rebuild, i);
                m_database->execute("DROP TABLE IF EXISTS " + quoted(beside));
            }
            Rebuild before;
            if (const std::optional<Rebuild> other = tables::strandedOther(rebuildsIn(*m_database), rebuild, &before, foldedName))
                updateRebuild(*m_database, before, *other);
            deleteRebuild(*m_database, job);
            if (rebuildsIn(*m_database).empty()) // so that nothing of ours stays behind
                m_database->execute("DROP TABLE streamgauge_rebuilds");
            transaction.commit();
        });
    }

private:
    void open(sqlite::Database::Access access)
    {
        if (m_database)
            return;
        requirePlace(m_path);
        m_database = std::make_unique<sqlite::Database>(m_path, access);
        m_database->execute("PRAGMA cache_size = -65536"); // KiB: most of what a chunk touches
    }

    void own(const Rebuild &rebuild)
    {
        m_rebuild = rebuild;
        m_shadows.clear();
        for (size_t i = 0; i < m_tables.size(); ++i)
            m_shadows.push_back(std::make_unique<ShadowTable>(*m_database, m_tables[i], rebuild.state == RebuildState::Swapped ? rebuild.tables[i] : shadowName(rebuild, i)));
    }

    template<typename Change>
    void advance(Change change)
    {
        sqlite::Transaction transaction(*m_database, sqlite::Transaction::Kind::Write);
        Rebuild next = m_rebuild;
        change(next);
        updateRebuild(*m_database, m_rebuild, next);
        transaction.commit();
        m_rebuild = std::move(next);
    }

    /// `names`: what the live table is called after, and what is now called that becomes live.
    template<typename Names>
    SwapReport exchange(const QString &job, RebuildState state, Names names)
    {
        open(sqlite::Database::Access::Write);
        // Without these two SQLite would lead views, triggers and foreign keys to the old table.
        m_database->execute("PRAGMA foreign_keys = OFF; PRAGMA legacy_alter_table = ON");
        sqlite::Transaction transaction(*m_database, sqlite::Transaction::Kind::Write);
        const Rebuild known = rebuildIn(*m_database, job);
        tables::requireExchangeable(known, state);
        if (m_rebuild.job == job)
            requireOwner(*m_database, m_rebuild);
        Rebuild next = known;
        next.state = state;
        next.epoch = known.epoch + 1;
        next.heartbeat = 0;
        next.swapped = now();
        updateRebuild(*m_database, known, next);
        settleOthers(known, state);
        const std::vector<QString> views = workingViews(*m_database);
        const std::vector<TriggeredWrite> writes = workingWrites(*m_database);
        const std::optional<qint64> dangling = danglingReferences(*m_database);
        SwapReport report;
        for (size_t i = 0; i < known.tables.size(); ++i) {
            const auto [aside, rising] = names(known, i);
            if (state == RebuildState::Swapped && !isThere(rising))
                fail(ErrorCode::Refused, QStringLiteral("The rebuilt table “%1” is gone. Nothing was swapped.").arg(rising), QStringLiteral("Drop the rebuild %1 and begin anew.").arg(job));
            exchangeOne(known.tables[i], aside, rising, writes, &report);
        }
        requireViews(*m_database, views);
        requireWrites(*m_database, writes);
        const std::optional<qint64> danglingNow = danglingReferences(*m_database);
        if (dangling && (!danglingNow || *danglingNow > *dangling))
            fail(ErrorCode::Refused, QStringLiteral("Foreign keys of other tables would lead to rows that are not there. Nothing was swapped."), QStringLiteral("Look at what differs with: streamgaugectl projection diff %1").arg(job));
        transaction.commit();
        return report;
    }

    void settleOthers(const Rebuild &rebuild, RebuildState state)
    {
        Rebuild before;
        if (const std::optional<Rebuild> other = tables::settledOther(rebuildsIn(*m_database), rebuild, state, &before, foldedName))
            updateRebuild(*m_database, before, *other);
    }

    void exchangeOne(const QString &live, const QString &aside, const QString &rising, const std::vector<TriggeredWrite> &writes, SwapReport *report)
    {
        requireNoView(*m_database, live);
        if (!isThere(rising)) // a projection that was new had no table before; what was made on it since goes with it
            return rename(live, aside);
        const std::vector<Dependant> dependants = dependantsOf(*m_database, live);
        for (const Dependant &each : dependants)
            dropDependant(*m_database, each);
        if (isThere(live))
            rename(live, aside);
        rename(rising, live);
        for (const Dependant &each : dependants) {
            recreateDependant(*m_database, each, live, writes);
            report->recreated.push_back(each.kind + u' ' + each.name);
        }
    }

    void rename(const QString &from, const QString &to) { m_database->execute("ALTER TABLE " + quoted(from) + " RENAME TO " + quoted(to)); }

    [[nodiscard]] bool isThere(const QString &table) { return m_database->prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?1 COLLATE NOCASE").bind(1, table).step(); }

    const QString m_path;
    const std::vector<TableSpec> m_tables;
    std::unique_ptr<sqlite::Database> m_database;
    Rebuild m_rebuild;
    std::vector<std::unique_ptr<ShadowTable>> m_shadows;
};

} // namespace

std::unique_ptr<ReadModelWriter> openSqliteReadModelWriter(const ConnectionSpec &spec, std::vector<TableSpec> tables)
{
    return std::make_unique<SqliteReadModelWriter>(spec.path, std::move(tables));
}

} // namespace connectors::readmodel
