// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/projections/cell_words.h"

#include "ui/widgets/text.h"

#include <QStringList>

#include <algorithm>

namespace ui::projections {

using connectors::Cell;
using connectors::TableSpec;
namespace text = widgets::text;

QString cellWord(const Cell &cell)
{
    return cell ? text::untrusted(QString::fromUtf8(cell->data(), static_cast<qsizetype>(std::min<size_t>(cell->size(), 1'000)))) : QStringLiteral("NULL");
}

QString keyWords(const TableSpec &table, const std::vector<Cell> &cells)
{
    QStringList words;
    for (const size_t column : table.key)
        words += cellWord(cells[column]);
    return words.join(QStringLiteral(", "));
}

QString rowWords(const TableSpec &table, const std::vector<Cell> &cells)
{
    QStringList words;
    for (size_t i = 0; i < table.columns.size(); ++i) {
        if (std::find(table.key.begin(), table.key.end(), i) == table.key.end())
            words += text::untrusted(table.columns[i].name, 60) + u'=' + cellWord(cells[i]);
    }
    return words.join(QStringLiteral(", "));
}

} // namespace ui::projections
