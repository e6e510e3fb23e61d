// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/readmodel/sqlite_read_model.h"

#include "connectors/readmodel/sqlite_dependants.h"
#include "connectors/readmodel/sqlite_names.h"
#include "connectors/readmodel/sqlite_place.h"
#include "connectors/readmodel/sqlite_rebuilds.h"
#include "connectors/tables/stored_cell.h"
#include "connectors/tables/table_comparison.h"

#include <QFileInfo>
#include <QMap>
#include <QStorageInfo>

#include <algorithm>

namespace connectors::readmodel {

namespace {

/// Column (folded) → declared type, of a table that is there.
QMap<QString, QString> columnTypes(sqlite::Database &database, const QString &table)
{
    QMap<QString, QString> types;
    sqlite::Statement columns = database.prepare("SELECT name, upper(type) FROM pragma_table_info(?1)");
    columns.bind(1, table);
    while (columns.step())
        types.insert(foldedName(columns.string(0)), columns.string(1));
    return types;
}

/// So that both tables come in one order, whatever types and collations theirs have.
QByteArray orderOf(const ColumnSpec &column, const QString &type)
{
    const QByteArray name = quoted(column.name);
    if (column.type == ColumnType::BigInt)
        return type.contains(u"INT") ? name : "CAST(" + name + " AS INTEGER)";
    if (column.type == ColumnType::Boolean) // canonicalCell() as SQL
        return "CASE WHEN CAST(" + name + " AS TEXT) IN ('1', 't', 'true') THEN 'true' WHEN CAST(" + name + " AS TEXT) IN ('0', 'f', 'false') THEN 'false' ELSE CAST(" + name + " AS TEXT) END COLLATE BINARY";
    const bool isText = type.contains(u"CHAR") || type.contains(u"CLOB") || type.contains(u"TEXT");
    return (isText ? name : "CAST(" + name + " AS TEXT)") + " COLLATE BINARY";
}

class SqliteRowCursor final : public tables::RowCursor
{
public:
    /// `count` −1: all.
    SqliteRowCursor(sqlite::Database &database, const TableSpec &table, const QString &name, qint64 first = 0, qint64 count = -1)
        : m_table(table)
        , m_statement(database.prepare(selectOf(table, name, columnTypes(database, name), first, count)))
        , m_row(table.columns.size())
    {
    }

    bool next() override
    {
        if (!m_statement.step())
            return false;
        for (size_t i = 0; i < m_row.size(); ++i) {
            const int column = static_cast<int>(i);
            m_row[i] = m_statement.isNull(column) ? Cell() : Cell(tables::canonicalCell(m_table.columns[i], m_statement.text(column)));
        }
        return true;
    }
    const std::vector<Cell> &row() const override { return m_row; }
    [[nodiscard]] qint64 position() const { return m_statement.integer(static_cast<int>(m_row.size())); } ///< 0: none

private:
    static QByteArray selectOf(const TableSpec &table, const QString &name, const QMap<QString, QString> &types, qint64 first, qint64 count)
    {
        QByteArrayList columns;
        for (const ColumnSpec &column : table.columns)
            columns += types.contains(foldedName(column.name)) ? quoted(column.name) : QByteArray("NULL");
        QByteArrayList order;
        for (const size_t column : table.key)
            order += orderOf(table.columns[column], types.value(foldedName(table.columns[column].name)));
        columns += types.contains(foldedName(QLatin1String(PositionColumn))) ? PositionColumn : "0";
        return "SELECT " + columns.join(", ") + " FROM " + quoted(name) + " ORDER BY " + order.join(", ") + (count < 0 ? QByteArray() : " LIMIT " + QByteArray::number(count) + " OFFSET " + QByteArray::number(first));
    }

    const TableSpec &m_table;
    sqlite::Statement m_statement;
    std::vector<Cell> m_row;
};

class SqliteReadModel final : public ReadModel
{
public:
    explicit SqliteReadModel(QString path)
        : m_path(std::move(path))
    {
    }

    Result<QString> systemId() override
    {
        const QFileInfo file(m_path);
        return QString(u"sqlite:" + (file.exists() ? file.canonicalFilePath() : file.absoluteFilePath()));
    }

    Result<std::vector<Rebuild>> rebuilds() override
    {
        return guarded([this] { return database() ? rebuildsIn(*database()) : std::vector<Rebuild>(); });
    }

    Result<std::vector<LiveTable>> look(const std::vector<TableSpec> &tables) override
    {
        return guarded([&] {
            std::vector<LiveTable> live;
            live.reserve(tables.size());
            for (const TableSpec &table : tables)
                live.push_back(database() ? lookAt(*database(), table) : LiveTable());
            return live;
        });
    }

    Result<std::optional<qint64>> freeBytes() override
    {
        const QStorageInfo storage(QFileInfo(m_path).absolutePath());
        return storage.isValid() ? std::optional<qint64>(storage.bytesAvailable()) : std::nullopt;
    }

    Result<TableComparison> compare(const Rebuild &rebuild, const TableSpec &table, size_t index, qsizetype sample, const std::stop_token &stop, const ComparisonObserver &observer,
                                    const DifferenceSink &sink) override
    {
        return guarded([&] {
            sqlite::Database &there = required();
            const bool isSwapped = rebuild.state == RebuildState::Swapped;
            const QString before = isSwapped ? oldName(rebuild, index) : rebuild.tables[index];
            const QString after = isSwapped ? rebuild.tables[index] : shadowName(rebuild, index);
            const sqlite::Transaction both(there, sqlite::Transaction::Kind::Read); // of one moment
            const QMap<QString, QString> known = columnTypes(there, before);
            tables::ComparisonRequest request{table, sample, {}, stop, observer, sink};
            std::vector<QString> notCompared;
            for (const ColumnSpec &column : table.columns) {
                request.isCompared.push_back(known.isEmpty() || known.contains(foldedName(column.name)));
                if (!request.isCompared.back())
                    notCompared.push_back(column.name);
            }
            requireKey(table, known);
            const std::unique_ptr<tables::RowCursor> old = known.isEmpty() ? std::unique_ptr<tables::RowCursor>(std::make_unique<tables::NoRows>()) : std::make_unique<SqliteRowCursor>(there, table, before);
            SqliteRowCursor fresh(there, table, after);
            TableComparison comparison = tables::compareRows(*old, fresh, request);
            comparison.notCompared = std::move(notCompared);
            return comparison;
        });
    }

    Result<std::vector<Row>> rows(const TableSpec &table, qint64 first, qsizetype count) override
    {
        return guarded([&] {
            std::vector<Row> rows;
            if (!database() || columnTypes(*database(), table.name).isEmpty())
                return rows;
            SqliteRowCursor cursor(*database(), table, table.name, first, count);
            while (cursor.next())
                rows.push_back({cursor.row(), cursor.position()});
            return rows;
        });
    }

private:
    /// Null while there is no file.
    sqlite::Database *database()
    {
        if (m_database)
            return m_database.get();
        requirePlace(m_path);
        if (!QFileInfo::exists(m_path))
            return nullptr;
        takeBackHalfWritten();
        m_database = std::make_unique<sqlite::Database>(m_path, sqlite::Database::Access::Look);
        return m_database.get();
    }

    /// A process that was killed while it committed leaves beside the file what its pages were before. Every program that opens the
    /// file puts them back; one that may only read it cannot, and gets nothing. The journal of a living one is left alone.
    void takeBackHalfWritten() const
    {
        if (QFileInfo(m_path + QStringLiteral("-journal")).size() == 0)
            return;
        try {
            std::ignore = sqlite::Database(m_path, sqlite::Database::Access::Write).queryInteger("SELECT count(*) FROM sqlite_master");
        } catch (const ThrownError &) {
            // Looking tells what is wrong.
        }
    }

    sqlite::Database &required()
    {
        if (!database())
            fail(ErrorCode::NotFound, QStringLiteral("%1 does not exist.").arg(m_path), QStringLiteral("Check the path."));
        return *database();
    }

    static void requireKey(const TableSpec &table, const QMap<QString, QString> &known)
    {
        for (const size_t column : table.key) {
            if (!known.isEmpty() && !known.contains(foldedName(table.columns[column].name)))
                fail(ErrorCode::Unsupported, QStringLiteral("The live table “%1” has no column “%2”, which is the key, so it cannot be compared.").arg(table.name, table.columns[column].name));
        }
    }

    static LiveTable lookAt(sqlite::Database &database, const TableSpec &table)
    {
        LiveTable live;
        requireNoView(database, table.name);
        sqlite::Statement there = database.prepare("SELECT name FROM sqlite_master WHERE name = ?1 COLLATE NOCASE AND type = 'table'");
        there.bind(1, table.name);
        if (!there.step())
            return live;
        live.exists = true;
        live.rows = database.queryInteger("SELECT count(*) FROM " + quoted(table.name));
        live.bytes = bytesOf(database, there.string(0));
        live.losses = lossesOf(database, table);
        return live;
    }

    static std::optional<qint64> bytesOf(sqlite::Database &database, const QString &table)
    {
        try {
            sqlite::Statement bytes = database.prepare("SELECT sum(pgsize) FROM dbstat WHERE name = ?1");
            bytes.bind(1, table);
            return bytes.step() ? std::optional(bytes.integer(0)) : std::nullopt;
        } catch (const ThrownError &) {
            return std::nullopt; // an SQLite that was built without it
        }
    }

    const QString m_path;
    std::unique_ptr<sqlite::Database> m_database;
};

} // namespace

std::unique_ptr<ReadModel> openSqliteReadModel(const ConnectionSpec &spec)
{
    return std::make_unique<SqliteReadModel>(spec.path);
}

} // namespace connectors::readmodel
