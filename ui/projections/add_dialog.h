// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/connection/workspace.h"
#include "models/projection/projection_steps.h"

#include <QDialog>

class QComboBox;
class QLineEdit;
class QPushButton;

namespace ui::widgets {
class Notice;
}

namespace ui::projections {

/// Which projection file, where its events are, and where its tables are.
class AddDialog final : public QDialog
{
    Q_OBJECT

public:
    explicit AddDialog(models::connection::Workspace &workspace, QWidget *parent = nullptr);

Q_SIGNALS:
    void chosen(const models::projection::ProjectionPlace &place);

private:
    void buildLayout();
    void chooseFile();
    void updateButton();
    void accept() override;
    void receiveTarget(const connectors::Result<connectors::ConnectionSpec> &target);

    models::connection::Workspace &m_workspace;
    QLineEdit *m_file;
    QPushButton *m_browse;
    QComboBox *m_source;
    QLineEdit *m_target;
    widgets::Notice *m_notice;
    QPushButton *m_add;
    QPushButton *m_cancel;
};

} // namespace ui::projections
