// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/pgreadmodel/session.h"
#include "connectors/postgres/copy.h"
#include "connectors/read_model.h"

namespace connectors::pgreadmodel {

/// The rows of one table that a rebuild writes. New ones come by COPY, straight or, where some may be there already, through a
/// temporary table of this session and one INSERT … ON CONFLICT; keys go as arrays, whatever their number. The session and the
/// specification must outlive it. All throw.
class RowStore final
{
public:
    /// `number`: of the table among those of the session. Makes the temporary table: call it outside a transaction.
    RowStore(Session &session, const TableSpec &table, const QString &name, size_t number);

    /// Inside a transaction. InvalidInput, with the row, where a text cannot be in PostgreSQL: NUL, or no UTF-8.
    void put(const std::vector<const ChangedRow *> &rows, bool isTableEmpty);
    void remove(const std::vector<const ChangedRow *> &rows);
    /// In the order of the keys; null: not there.
    [[nodiscard]] std::vector<std::optional<Row>> find(const std::vector<const RowKey *> &keys);

private:
    void copy(const QByteArray &target, const std::vector<const ChangedRow *> &rows);
    void add(postgres::CopyLine *line, const ColumnSpec &column, const Cell &cell, const RowKey &key) const;
    void requireText(const ColumnSpec &column, const std::string &text, const RowKey &key) const;
    [[nodiscard]] postgres::Parameters keyArrays(const std::vector<const RowKey *> &keys) const;
    [[nodiscard]] QByteArray isSameKey() const;

    postgres::Database &m_database;
    const TableSpec &m_table;
    const QByteArray m_name;
    const QByteArray m_staging;
};

} // namespace connectors::pgreadmodel
