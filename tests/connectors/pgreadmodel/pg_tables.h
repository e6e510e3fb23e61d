// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/pgreadmodel/postgres_read_model.h"
#include "connectors/pgreadmodel/postgres_read_model_writer.h"
#include "tests/support/postgres_server.h"

#include <QCryptographicHash>

namespace tests {

/// A table of orders: text key, and one column of each type.
inline connectors::TableSpec ordersTable(const QString &name = QStringLiteral("orders"))
{
    using connectors::ColumnType;
    return {name,
            {{QStringLiteral("order_id"), ColumnType::Text, {}},
             {QStringLiteral("customer"), ColumnType::Text, {}},
             {QStringLiteral("total"), ColumnType::Numeric, {}},
             {QStringLiteral("events"), ColumnType::BigInt, {}},
             {QStringLiteral("is_paid"), ColumnType::Boolean, {}}},
            {0}};
}

inline connectors::ChangedRow orderRow(const std::string &id, const std::string &customer, qint64 position, const connectors::Cell &total = "1.5")
{
    return {{0, {id}}, connectors::Row{{id, customer, total, "1", "true"}, position}};
}

inline connectors::ChangedRow deletedRow(const std::string &id)
{
    return {{0, {id}}, std::nullopt};
}

inline connectors::Rebuild rebuildOf(const std::vector<connectors::TableSpec> &tables, const QString &job = QStringLiteral("ab12cd34"))
{
    connectors::Rebuild rebuild;
    rebuild.job = job;
    rebuild.projection = QStringLiteral("orders");
    rebuild.definition = QStringLiteral("0123");
    for (const connectors::TableSpec &table : tables)
        rebuild.tables.push_back(table.name);
    rebuild.created = 1'700'000'000'000;
    rebuild.heartbeat = rebuild.created;
    return rebuild;
}

inline connectors::RebuildCheckpoint checkpointAt(qint64 events)
{
    connectors::RebuildCheckpoint checkpoint;
    checkpoint.positions = {{QString(), 0, events, 1'000'000, 0}};
    checkpoint.events = events;
    checkpoint.hash = 0xfedcba9876543210ULL;
    return checkpoint;
}

inline std::unique_ptr<connectors::ReadModelWriter> writerOf(const connectors::ConnectionSpec &spec, const std::vector<connectors::TableSpec> &tables)
{
    auto writer = connectors::pgreadmodel::openPostgresReadModelWriter(spec, {}, tables);
    if (!writer)
        qFatal("%s", qPrintable(writer.error().message));
    return std::move(*writer);
}

inline std::unique_ptr<connectors::ReadModel> modelOf(const connectors::ConnectionSpec &spec)
{
    auto model = connectors::pgreadmodel::openPostgresReadModel(spec, {});
    if (!model)
        qFatal("%s", qPrintable(model.error().message));
    return std::move(*model);
}

/// Without a table: quicker than another database.
inline void empty(connectors::postgres::Database &database)
{
    database.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public; DROP SCHEMA IF EXISTS sales CASCADE");
}

/// The answers to one question, a line a row, with | between columns.
inline QString answerOf(connectors::postgres::Database &database, const QByteArray &sql)
{
    QStringList lines;
    const connectors::postgres::Rows rows = database.query(sql);
    for (int row = 0; row < rows.count(); ++row) {
        QStringList cells;
        for (int column = 0; column < rows.columns(); ++column)
            cells += rows.isNull(row, column) ? QStringLiteral("∅") : rows.string(row, column);
        lines += cells.join(u'|');
    }
    return lines.join(u'\n');
}

/// The message of what went wrong; empty where nothing did.
template<typename T>
QString errorOf(const connectors::Result<T> &result)
{
    return result ? QString() : connectors::describe(result.error());
}

} // namespace tests

#define VERIFY_DONE(result)                                                                                                                               \
    do {                                                                                                                                                  \
        const auto &done = (result);                                                                                                                      \
        QVERIFY2(done.has_value(), qPrintable(tests::errorOf(done)));                                                                                     \
    } while (false)
