// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/projections/add_dialog.h"

#include "connectors/deliver.h"
#include "ui/theme/theme.h"
#include "ui/widgets/notice.h"
#include "ui/widgets/text.h"

#include <QComboBox>
#include <QFileDialog>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>

namespace ui::projections {

using models::connection::Connection;
using models::connection::Workspace;
namespace text = widgets::text;

AddDialog::AddDialog(Workspace &workspace, QWidget *parent)
    : QDialog(parent)
    , m_workspace(workspace)
    , m_file(new QLineEdit(this))
    , m_browse(new QPushButton(tr("&Browse…"), this))
    , m_source(new QComboBox(this))
    , m_target(new QLineEdit(this))
    , m_notice(new widgets::Notice(QStringLiteral("add-projection-notice"), this))
    , m_add(new QPushButton(tr("Add"), this))
    , m_cancel(new QPushButton(tr("Cancel"), this))
{
    setObjectName(QStringLiteral("add-projection"));
    setWindowTitle(tr("Add a projection"));
    setAttribute(Qt::WA_DeleteOnClose);
    for (const Connection *connection : workspace.connections())
        m_source->addItem(text::untrusted(connection->name(), 80), connection->name());
    buildLayout();
    connect(m_browse, &QPushButton::clicked, this, &AddDialog::chooseFile);
    connect(m_add, &QPushButton::clicked, this, &AddDialog::accept);
    connect(m_cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_file, &QLineEdit::textChanged, this, &AddDialog::updateButton);
    connect(m_target, &QLineEdit::textChanged, this, &AddDialog::updateButton);
    if (workspace.connections().isEmpty())
        m_notice->say(theme::Role::Info, tr("Open the connection to the events first."));
    updateButton();
}

void AddDialog::buildLayout()
{
    m_file->setObjectName(QStringLiteral("add-projection-file"));
    m_file->setAccessibleName(tr("Projection file"));
    m_file->setPlaceholderText(tr("/path/to/projection.json"));
    m_file->setMinimumWidth(360);
    m_browse->setObjectName(QStringLiteral("add-projection-browse"));
    m_browse->setAccessibleName(tr("Browse for a projection file"));
    m_source->setObjectName(QStringLiteral("add-projection-source"));
    m_source->setAccessibleName(tr("Connection to the events"));
    m_target->setObjectName(QStringLiteral("add-projection-target"));
    m_target->setAccessibleName(tr("Connection to the tables"));
    m_target->setPlaceholderText(tr("sqlite:/path/to/readmodels.db, or a saved connection"));
    m_add->setObjectName(QStringLiteral("add-projection-add"));
    m_cancel->setObjectName(QStringLiteral("add-projection-cancel"));
    m_add->setDefault(true);
    auto *file = new QHBoxLayout;
    file->setSpacing(theme::Spacing);
    file->addWidget(m_file, 1);
    file->addWidget(m_browse);
    auto *form = new QFormLayout;
    form->setHorizontalSpacing(theme::Margin);
    form->setVerticalSpacing(theme::Spacing);
    form->addRow(tr("Projection &file"), file);
    form->addRow(tr("&Events from"), m_source);
    form->addRow(tr("&Tables in"), m_target);
    if (auto *label = qobject_cast<QLabel *>(form->labelForField(file)))
        label->setBuddy(m_file);
    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(theme::Spacing);
    buttons->addStretch(1);
    buttons->addWidget(m_cancel);
    buttons->addWidget(m_add);
    auto *layout = new QVBoxLayout(this);
    layout->setSpacing(theme::Margin);
    layout->addLayout(form);
    layout->addWidget(m_notice);
    layout->addLayout(buttons);
}

void AddDialog::chooseFile()
{
    auto *dialog = new QFileDialog(this, tr("Choose a projection file"), m_file->text(), tr("Projection files (*.json);;All files (*)"));
    dialog->setObjectName(QStringLiteral("add-projection-file-dialog"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    connect(dialog, &QFileDialog::fileSelected, m_file, &QLineEdit::setText);
    dialog->open();
}

void AddDialog::updateButton()
{
    m_add->setEnabled(!m_file->text().trimmed().isEmpty() && !m_target->text().trimmed().isEmpty() && m_source->count() > 0);
}

void AddDialog::accept()
{
    m_add->setEnabled(false);
    connectors::deliver(m_workspace.opener().find(m_target->text().trimmed()), this, [this](const connectors::Result<connectors::ConnectionSpec> &target) { receiveTarget(target); });
}

void AddDialog::receiveTarget(const connectors::Result<connectors::ConnectionSpec> &target)
{
    updateButton();
    const Connection *source = m_workspace.find(m_source->currentData().toString());
    if (!target)
        return m_notice->say(target.error());
    if (!source)
        return m_notice->say(theme::Role::Warning, tr("The connection to the events is no longer open."));
    Q_EMIT chosen({m_file->text().trimmed(), source->spec(), *target, true});
    QDialog::accept();
}

} // namespace ui::projections
