// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/readmodel/sqlite_read_model.h"
#include "connectors/readmodel/sqlite_read_model_writer.h"
#include "tests/support/verify_done.h"

#include <QDateTime>
#include <QStringList>
#include <QTemporaryDir>
#include <QTest>

#include <sqlite3.h>

namespace tests {

using connectors::Cell;
using connectors::ChangedRow;
using connectors::ColumnType;
using connectors::Rebuild;
using connectors::ReadModel;
using connectors::ReadModelWriter;
using connectors::TableSpec;

/// orders(id text, total numeric, status text, events bigint), by id.
inline TableSpec ordersTable(const QString &name = QStringLiteral("orders"))
{
    return {name, {{QStringLiteral("id"), ColumnType::Text, {}}, {QStringLiteral("total"), ColumnType::Numeric, {}}, {QStringLiteral("status"), ColumnType::Text, {}},
                   {QStringLiteral("events"), ColumnType::BigInt, {}}}, {0}};
}

inline ChangedRow changedRow(std::vector<std::string> key, std::vector<Cell> cells, qint64 position = 1, size_t table = 0)
{
    return {{table, std::move(key)}, connectors::Row{std::move(cells), position}};
}

inline ChangedRow orderRow(const char *id, const char *total, const char *status = "placed", qint64 position = 1)
{
    return changedRow({id}, {Cell(id), Cell(total), Cell(status), Cell("1")}, position);
}

inline connectors::RebuildCheckpoint checkpointAt(qint64 next)
{
    connectors::RebuildCheckpoint checkpoint;
    checkpoint.positions = {{QStringLiteral("orders"), 0, next, 100, 0}};
    checkpoint.events = next;
    checkpoint.hash = 0xf0f0'0000'0000'0001ULL;
    return checkpoint;
}

/// An SQLite file with an application's tables, and rebuilds of them.
class ReadModelFixture final
{
public:
    [[nodiscard]] QString path() const { return m_folder.filePath(QStringLiteral("shop.db")); }
    [[nodiscard]] QString folder() const { return m_folder.path(); }
    [[nodiscard]] static connectors::ConnectionSpec specOf(const QString &path)
    {
        connectors::ConnectionSpec spec;
        spec.name = path;
        spec.kind = connectors::SystemKind::EventStoreSqlite;
        spec.path = path;
        return spec;
    }
    [[nodiscard]] std::unique_ptr<ReadModel> model() const { return connectors::readmodel::openSqliteReadModel(specOf(path())); }
    [[nodiscard]] std::unique_ptr<ReadModelWriter> writer(std::vector<TableSpec> tables = {ordersTable()}) const
    {
        return connectors::readmodel::openSqliteReadModelWriter(specOf(path()), std::move(tables));
    }
    [[nodiscard]] static Rebuild rebuild(const QString &job = QStringLiteral("11111111"), const std::vector<QString> &tables = {QStringLiteral("orders")})
    {
        Rebuild rebuild;
        rebuild.job = job;
        rebuild.projection = QStringLiteral("order_summary");
        rebuild.version = 2;
        rebuild.definition = QStringLiteral("abc");
        rebuild.tables = tables;
        rebuild.created = QDateTime::currentMSecsSinceEpoch();
        rebuild.heartbeat = rebuild.created;
        return rebuild;
    }

    /// As another program would.
    void execute(const QByteArray &sql) const
    {
        const QString words = run(sql, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
        if (words.startsWith(u'!'))
            qFatal("%s: %s", sql.constData(), qPrintable(words));
    }
    /// "o-1 12.5|o-2 null"; with ! before them the error's words where it cannot be read.
    [[nodiscard]] QString query(const QByteArray &sql) const { return run(sql, SQLITE_OPEN_READONLY); }
    /// All that is in the file: a difference means that something was changed.
    [[nodiscard]] QString schema() const { return query("SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name"); }
    [[nodiscard]] Rebuild stored(const QString &job = QStringLiteral("11111111")) const
    {
        const auto rebuilds = model()->rebuilds();
        for (const Rebuild &each : rebuilds.value_or(std::vector<Rebuild>())) {
            if (each.job == job)
                return each;
        }
        return {};
    }
    /// No sign of life for long.
    void forget() const { execute("UPDATE streamgauge_rebuilds SET heartbeat = 1"); }

    /// Filled beside the live ones: orders o-1 with 1.5 and o-3 with 3.
    void fill(const QString &job = QStringLiteral("11111111"), std::vector<ChangedRow> rows = {orderRow("o-1", "1.5"), orderRow("o-3", "3")}) const
    {
        const auto filling = writer();
        const bool isFilled = filling->begin(rebuild(job)) && filling->store(std::move(rows), checkpointAt(10)) && filling->finishFilling();
        if (!isFilled)
            qFatal("The tables cannot be filled.");
    }

private:
    [[nodiscard]] QString run(const QByteArray &sql, int flags) const
    {
        sqlite3 *database = nullptr;
        const auto takeRow = [](void *lines, int count, char **cells, char **) {
            QStringList row;
            for (int i = 0; i < count; ++i)
                row += cells[i] ? QString::fromUtf8(cells[i]) : QStringLiteral("null");
            *static_cast<QStringList *>(lines) += row.join(u' ');
            return 0;
        };
        QStringList lines;
        int code = sqlite3_open_v2(path().toUtf8().constData(), &database, flags, nullptr);
        sqlite3_busy_timeout(database, 10'000);
        if (code == SQLITE_OK)
            code = sqlite3_exec(database, sql.constData(), takeRow, &lines, nullptr);
        const QString words = code == SQLITE_OK ? lines.join(u'|') : QString(u'!' + QString::fromUtf8(sqlite3_errmsg(database)));
        sqlite3_close(database);
        return words;
    }

    QTemporaryDir m_folder;
};

} // namespace tests
