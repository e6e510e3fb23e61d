// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/projections/difference_table_model.h"

#include "ui/projections/cell_words.h"
#include "ui/theme/theme.h"
#include "ui/widgets/text.h"

#include <QJsonDocument>
#include <QJsonObject>

namespace ui::projections {

using connectors::Cell;
using connectors::DifferentRow;
using connectors::RowDifference;
using connectors::TableSpec;
using models::projection::TableDifference;
namespace text = widgets::text;

namespace {

QString kindWord(RowDifference kind)
{
    switch (kind) {
    case RowDifference::OnlyOld: return DifferenceTableModel::tr("only before");
    case RowDifference::OnlyNew: return DifferenceTableModel::tr("only after");
    case RowDifference::Changed: return DifferenceTableModel::tr("changed");
    }
    return {};
}

const std::vector<Cell> &sideOf(const DifferentRow &row)
{
    return row.before.empty() ? row.after : row.before;
}

/// Texts, so that no number loses a digit.
QJsonValue cellsJson(const TableSpec &table, const std::vector<Cell> &cells)
{
    if (cells.empty())
        return QJsonValue::Null;
    QJsonObject object;
    for (size_t i = 0; i < table.columns.size(); ++i)
        object[table.columns[i].name] = cells[i] ? QJsonValue(QString::fromStdString(*cells[i])) : QJsonValue(QJsonValue::Null);
    return object;
}

} // namespace

void DifferenceTableModel::setDifferences(std::vector<TableDifference> differences)
{
    beginResetModel();
    m_differences = std::move(differences);
    rebuildLines();
    endResetModel();
}

void DifferenceTableModel::setFilter(std::optional<RowDifference> kind, const QString &key)
{
    beginResetModel();
    m_kind = kind;
    m_key = key;
    rebuildLines();
    endResetModel();
}

bool DifferenceTableModel::isShown(const TableSpec &table, const DifferentRow &row) const
{
    return (!m_kind || row.difference == *m_kind) && (m_key.isEmpty() || keyWords(table, sideOf(row)).contains(m_key, Qt::CaseInsensitive));
}

void DifferenceTableModel::rebuildLines()
{
    m_lines.clear();
    m_shownRows = 0;
    for (size_t t = 0; t < m_differences.size(); ++t) {
        const TableDifference &each = m_differences[t];
        for (size_t r = 0; r < each.rows.size(); ++r) {
            const DifferentRow &row = each.rows[r];
            if (!isShown(each.table, row))
                continue;
            ++m_shownRows;
            if (row.difference != RowDifference::Changed)
                m_lines.push_back({t, r, -1});
            for (size_t c = 0; row.difference == RowDifference::Changed && c < each.table.columns.size(); ++c) {
                if (row.before[c] != row.after[c])
                    m_lines.push_back({t, r, static_cast<int>(c)});
            }
        }
    }
}

QByteArray DifferenceTableModel::shownAsNdjson() const
{
    QByteArray lines;
    for (const TableDifference &each : m_differences) {
        for (const DifferentRow &row : each.rows) {
            if (!isShown(each.table, row))
                continue;
            const QJsonObject object{{QStringLiteral("table"), each.table.name}, {QStringLiteral("difference"), kindWord(row.difference)},
                                     {QStringLiteral("old"), cellsJson(each.table, row.before)}, {QStringLiteral("new"), cellsJson(each.table, row.after)}};
            lines += QJsonDocument(object).toJson(QJsonDocument::Compact);
            lines += '\n';
        }
    }
    return lines;
}

int DifferenceTableModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_lines.size());
}

int DifferenceTableModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QString DifferenceTableModel::text(const Line &line, int column) const
{
    const TableDifference &each = m_differences[line.table];
    const DifferentRow &row = each.rows[line.row];
    const auto side = [&](const std::vector<Cell> &cells) {
        if (cells.empty())
            return QStringLiteral("–");
        return line.column < 0 ? rowWords(each.table, cells) : cellWord(cells[static_cast<size_t>(line.column)]);
    };
    switch (column) {
    case KindColumn: return kindWord(row.difference);
    case TableColumn: return text::untrusted(each.table.name, 80);
    case KeyColumn: return keyWords(each.table, sideOf(row));
    case NameColumn: return line.column < 0 ? tr("whole row") : text::untrusted(each.table.columns[static_cast<size_t>(line.column)].name, 80);
    case OldColumn: return side(row.before);
    case NewColumn: return side(row.after);
    default: return {};
    }
}

QVariant DifferenceTableModel::data(const QModelIndex &index, int role) const
{
    const Line &line = m_lines[static_cast<size_t>(index.row())];
    if (role == Qt::DisplayRole)
        return text(line, index.column());
    if (role == Qt::ToolTipRole)
        return text::toolTip(text(line, index.column()));
    const bool isValue = index.column() == OldColumn || index.column() == NewColumn;
    if (role == Qt::ForegroundRole && isValue)
        return theme::color(index.column() == OldColumn ? theme::Role::Warning : theme::Role::Ok);
    return {};
}

QVariant DifferenceTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case KindColumn: return tr("Difference");
    case TableColumn: return tr("Table");
    case KeyColumn: return tr("Key");
    case NameColumn: return tr("Column");
    case OldColumn: return tr("Before");
    case NewColumn: return tr("After");
    default: return {};
    }
}

} // namespace ui::projections
