// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/projection/projection.h"

#include <QPointer>
#include <QWidget>

class QComboBox;
class QLabel;

namespace ui::widgets {
class PlainTable;
}

namespace ui::projections {

class RowTableModel;

/// The first rows of a projection's live tables.
class RowView final : public QWidget
{
    Q_OBJECT

public:
    explicit RowView(QWidget *parent = nullptr);
    /// Null: nothing.
    void show(models::projection::Projection *projection);

private:
    void update();
    void showTable();

    QPointer<models::projection::Projection> m_projection;
    RowTableModel *m_model;
    QComboBox *m_table;
    QLabel *m_count;
    widgets::PlainTable *m_rows;
};

} // namespace ui::projections
