// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/readmodel/sqlite_read_model_writer.h"

#include "connectors/readmodel/sqlite_dependants.h"
#include "connectors/readmodel/sqlite_names.h"
#include "connectors/readmodel/sqlite_place.h"
#include "connectors/readmodel/sqlite_rebuilds.h"
#include "connectors/tables/stored_cell.h"

#include <QDateTime>

#include <algorithm>

namespace connectors::readmodel {

namespace {

EpochMs now()
{
    return QDateTime::currentMSecsSinceEpoch();
}

bool isSameTable(const Rebuild &one, const Rebuild &other)
{
    return std::any_of(one.tables.begin(), one.tables.end(), [&other](const QString &table) {
        return std::any_of(other.tables.begin(), other.tables.end(), [&table](const QString &its) { return foldedName(its) == foldedName(table); });
    });
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
            requireNoOther(rebuild);
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
            if (now() - known.heartbeat < LeaseMs && known.heartbeat <= now()) {
                fail(ErrorCode::Refused, QStringLiteral("The tables of the rebuild %1 of “%2” are being written: the last sign of life was %3 s ago.").arg(job, known.projection).arg((now() - known.heartbeat) / 1000),
                     QStringLiteral("If its process is gone, try again in %1 s.").arg(LeaseMs / 1000), true);
            }
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
            return exchange(job, RebuildState::Swapped, QStringLiteral("swapped"), {RebuildState::Filled, RebuildState::SwappedBack},
                            [](const Rebuild &rebuild, size_t table) { return std::pair(oldName(rebuild, table), shadowName(rebuild, table)); });
        });
    }

    Result<SwapReport> swapBack(const QString &job) override
    {
        return guarded([&] {
            return exchange(job, RebuildState::SwappedBack, QStringLiteral("swapped back"), {RebuildState::Swapped},
                            [](const Rebuild &rebuild, size_t table) { return std::pair(shadowName(rebuild, table), oldName(rebuild, table)); });
        });
    }

    Result<void> drop(const QString &job) override
    {
        return guarded([&] {
            open(sqlite::Database::Access::Write);
            sqlite::Transaction transaction(*m_database, sqlite::Transaction::Kind::Write);
            const Rebuild rebuild = rebuildIn(*m_database, job);
            const bool isOldBeside = rebuild.state == RebuildState::Swapped || rebuild.state == RebuildState::Replaced;
            for (size_t i = 0; i < rebuild.tables.size(); ++i) {
                const QString beside = isOldBeside ? oldName(rebuild, i) : shadowName(rebuild, i);
                m_database->execute("DROP TABLE IF EXISTS " + quoted(beside));
            }
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
    }

    void own(const Rebuild &rebuild)
    {
        m_rebuild = rebuild;
        m_shadows.clear();
        for (size_t i = 0; i < m_tables.size(); ++i)
            m_shadows.push_back(std::make_unique<ShadowTable>(*m_database, m_tables[i], rebuild.state == RebuildState::Swapped ? rebuild.tables[i] : shadowName(rebuild, i)));
    }

    void requireNoOther(const Rebuild &wanted)
    {
        for (const Rebuild &other : rebuildsIn(*m_database)) {
            const bool isUnfinished = other.state == RebuildState::Filling || other.state == RebuildState::Filled;
            if (isUnfinished && isSameTable(other, wanted)) {
                fail(ErrorCode::Refused, QStringLiteral("“%1” is being rebuilt already, by the rebuild %2.").arg(other.projection, other.job),
                     QStringLiteral("Go on with it (projection resume %1), swap it, or drop it (projection drop %1).").arg(other.job));
            }
        }
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
    SwapReport exchange(const QString &job, RebuildState state, const QString &word, const std::vector<RebuildState> &allowed, Names names)
    {
        open(sqlite::Database::Access::Write);
        // Without these two SQLite would lead views, triggers and foreign keys to the old table.
        m_database->execute("PRAGMA foreign_keys = OFF; PRAGMA legacy_alter_table = ON");
        sqlite::Transaction transaction(*m_database, sqlite::Transaction::Kind::Write);
        const Rebuild known = rebuildIn(*m_database, job);
        if (std::find(allowed.begin(), allowed.end(), known.state) == allowed.end())
            fail(ErrorCode::Refused, QStringLiteral("The rebuild %1 cannot be %2 as it stands.").arg(job, word), QStringLiteral("See how it stands with: streamgaugectl projection list CONNECTION"));
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

    /// One rebuild at a time is the live one of its tables; whoever writes for another one is fenced out.
    void settleOthers(const Rebuild &rebuild, RebuildState state)
    {
        const RebuildState from = state == RebuildState::Swapped ? RebuildState::Swapped : RebuildState::Replaced;
        std::optional<Rebuild> other;
        for (Rebuild &each : rebuildsIn(*m_database)) {
            if (each.job != rebuild.job && each.state == from && isSameTable(each, rebuild) && (!other || other->swapped < each.swapped))
                other = std::move(each);
        }
        if (!other)
            return;
        Rebuild next = *other;
        next.state = from == RebuildState::Swapped ? RebuildState::Replaced : RebuildState::Swapped;
        ++next.epoch;
        next.heartbeat = 0;
        updateRebuild(*m_database, *other, next);
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
