// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/pgreadmodel/session.h"
#include "connectors/postgres/copy.h"
#include "connectors/tables/row_cursor.h"

namespace connectors::pgreadmodel {

/// A column of a table that is there.
struct StoredColumn {
    QString name;
    QString type; ///< its own, or the one that its domain is made of
};
[[nodiscard]] std::vector<StoredColumn> storedColumns(Session &session, const QString &table);

/// Which of the rows, by their place in the order of their keys.
struct RowRange {
    qint64 first = 0;
    qint64 count = -1; ///< −1: all
};

/// The rows of a table in the order of their keys, as COPY streams them: by number where a key is a bigint, else by the bytes of
/// its canonical form, whatever types and collations the table has. A column that it lacks is null everywhere. Uses the session
/// for nothing else as long as it is there. The specification must outlive it.
class CopiedRows final : public tables::RowCursor
{
public:
    CopiedRows(Session &session, const TableSpec &table, const QString &name, const std::vector<StoredColumn> &columns, const RowRange &range = {});
    [[nodiscard]] bool next() override;
    [[nodiscard]] const std::vector<Cell> &row() const override { return m_row; }
    [[nodiscard]] qint64 position() const; ///< 0 where the table does not remember it

private:
    void take(const QByteArray &line);

    const TableSpec &m_table;
    postgres::CopyOut m_copy;
    std::vector<Cell> m_row;
    std::string m_field; ///< the last one: the position
};

} // namespace connectors::pgreadmodel
