// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/tables/table_comparison.h"

#include "connectors/tables/stored_cell.h"
#include "connectors/thrown_error.h"

#include <QCryptographicHash>

#include <array>

namespace connectors::tables {

namespace {

constexpr qint64 RowsBetweenLooks = 10'000;

/// One of the two, a row at a time, with its key checked against the one before.
class Side final
{
public:
    Side(RowCursor &cursor, const TableSpec &table)
        : m_cursor(cursor)
        , m_table(table)
    {
    }

    void advance()
    {
        if (m_hasRow)
            m_lastKey = keyOf(m_cursor.row());
        m_hasRow = m_cursor.next();
        if (!m_hasRow)
            return;
        if (count++ > 0 && compareWithLast() <= 0) {
            fail(ErrorCode::Unsupported, QStringLiteral("The rows of “%1” cannot be put into the order of their keys, or a key is there twice.").arg(m_table.name),
                 QStringLiteral("Check that the table's primary key is the one that the projection file names."));
        }
    }
    [[nodiscard]] bool hasRow() const { return m_hasRow; }
    [[nodiscard]] const std::vector<Cell> &row() const { return m_cursor.row(); }
    qint64 count = 0;

private:
    [[nodiscard]] std::vector<Cell> keyOf(const std::vector<Cell> &row) const
    {
        std::vector<Cell> key;
        key.reserve(m_table.key.size());
        for (const size_t column : m_table.key)
            key.push_back(row[column]);
        return key;
    }

    [[nodiscard]] int compareWithLast() const
    {
        for (size_t i = 0; i < m_table.key.size(); ++i) {
            if (const int order = compareKeyCells(m_table.columns[m_table.key[i]], row()[m_table.key[i]], m_lastKey[i]); order != 0)
                return order;
        }
        return 0;
    }

    RowCursor &m_cursor;
    const TableSpec &m_table;
    std::vector<Cell> m_lastKey;
    bool m_hasRow = false;
};

class Comparer final
{
public:
    explicit Comparer(const ComparisonRequest &request)
        : m_request(request)
    {
        m_result.changedInColumn.resize(request.table.columns.size());
    }

    TableComparison run(RowCursor &before, RowCursor &after)
    {
        Side old(before, m_request.table);
        Side fresh(after, m_request.table);
        old.advance();
        fresh.advance();
        bool isWanted = true;
        while (isWanted && (old.hasRow() || fresh.hasRow())) {
            lookUp(old.count + fresh.count);
            const int order = !old.hasRow() ? 1 : !fresh.hasRow() ? -1 : orderOf(old.row(), fresh.row());
            if (order >= 0)
                addToHash(fresh.row());
            isWanted = take(order, old, fresh);
            if (order <= 0)
                old.advance();
            if (order >= 0)
                fresh.advance();
        }
        m_result.oldRows = old.count;
        m_result.newRows = fresh.count;
        m_result.hash = m_hash.result();
        return std::move(m_result);
    }

private:
    void lookUp(qint64 rows)
    {
        if (rows - m_lookedAt < RowsBetweenLooks)
            return;
        m_lookedAt = rows;
        if (m_request.stop.stop_requested())
            fail(ErrorCode::Cancelled, QStringLiteral("Comparing “%1” was cancelled.").arg(m_request.table.name));
        if (m_request.observer)
            m_request.observer(rows);
    }

    [[nodiscard]] int orderOf(const std::vector<Cell> &before, const std::vector<Cell> &after) const
    {
        for (const size_t column : m_request.table.key) {
            if (const int order = compareKeyCells(m_request.table.columns[column], before[column], after[column]); order != 0)
                return order;
        }
        return 0;
    }

    /// False: nobody wants more.
    [[nodiscard]] bool take(int order, const Side &old, const Side &fresh)
    {
        if (order < 0)
            return note(RowDifference::OnlyOld, &m_result.onlyOld, old.row(), {});
        if (order > 0)
            return note(RowDifference::OnlyNew, &m_result.onlyNew, {}, fresh.row());
        bool isChanged = false;
        for (size_t i = 0; i < m_request.table.columns.size(); ++i) {
            const bool isDifferent = m_request.isCompared[i] && old.row()[i] != fresh.row()[i];
            m_result.changedInColumn[i] += isDifferent ? 1 : 0;
            isChanged = isChanged || isDifferent;
        }
        return !isChanged || note(RowDifference::Changed, &m_result.changed, old.row(), fresh.row());
    }

    [[nodiscard]] bool note(RowDifference kind, qint64 *count, const std::vector<Cell> &before, const std::vector<Cell> &after)
    {
        const bool isSampled = (*count)++ < m_request.sample;
        if (!isSampled && !m_request.sink)
            return true;
        DifferentRow row{kind, before, after};
        const bool isWanted = !m_request.sink || m_request.sink(row);
        if (isSampled)
            m_result.sample.push_back(std::move(row));
        return isWanted;
    }

    /// Each cell with its length before it, so that no two rows can look alike.
    void addToHash(const std::vector<Cell> &row)
    {
        m_line.clear();
        for (const Cell &cell : row) {
            m_line += cell ? QByteArray::number(static_cast<qint64>(cell->size())) : QByteArray("-");
            m_line += ':';
            if (cell)
                m_line.append(cell->data(), static_cast<qsizetype>(cell->size()));
        }
        m_hash.addData(m_line);
    }

    const ComparisonRequest &m_request;
    TableComparison m_result;
    QCryptographicHash m_hash{QCryptographicHash::Sha256};
    QByteArray m_line;
    qint64 m_lookedAt = 0;
};

} // namespace

TableComparison compareRows(RowCursor &before, RowCursor &after, const ComparisonRequest &request)
{
    return Comparer(request).run(before, after);
}

} // namespace connectors::tables
