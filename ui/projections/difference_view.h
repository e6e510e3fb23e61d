// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/projection/projection.h"

#include <QPointer>
#include <QWidget>

class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QStackedWidget;

namespace ui::widgets {
class PlainTable;
class StateView;
}

namespace ui::projections {

class DifferenceTableModel;

/// What a rebuild changes, row by row and cell by cell, with filters and an export.
class DifferenceView final : public QWidget
{
    Q_OBJECT

public:
    explicit DifferenceView(QWidget *parent = nullptr);
    /// Null: nothing.
    void show(models::projection::Projection *projection);

Q_SIGNALS:
    void messageRaised(const QString &message);

private:
    void buildLayout();
    void takeDifferences();
    void update();
    void applyFilter();
    void chooseExportFile();

    QPointer<models::projection::Projection> m_projection;
    DifferenceTableModel *m_model;
    QComboBox *m_kind;
    QLineEdit *m_key;
    QLabel *m_count;
    QPushButton *m_compare;
    QPushButton *m_export;
    widgets::PlainTable *m_table;
    widgets::StateView *m_state;
    QStackedWidget *m_stack;
};

} // namespace ui::projections
