// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTableView>

namespace ui::widgets {

/// A table of rows as all pages show them: whole rows are selected, no grid, no editing, Tab leaves it, Ctrl+C copies what
/// is selected as tab-separated text.
class PlainTable final : public QTableView
{
    Q_OBJECT

public:
    PlainTable(QAbstractItemModel *model, const QString &objectName, const QString &accessibleName, QWidget *parent = nullptr);

    /// Widths in average characters, from the first column on; the column that takes the rest.
    void setWidths(std::initializer_list<int> characters, int stretchColumn);

protected:
    void keyPressEvent(QKeyEvent *event) override;

private:
    void copySelection() const;
};

} // namespace ui::widgets
