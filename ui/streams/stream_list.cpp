// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/streams/stream_list.h"

#include "ui/theme/theme.h"

#include <QHeaderView>
#include <QLineEdit>
#include <QToolButton>
#include <QTreeView>
#include <QVBoxLayout>

namespace ui::streams {

StreamList::StreamList(const models::connection::Workspace &workspace, QWidget *parent)
    : QWidget(parent)
    , m_model(workspace)
    , m_filter(new QLineEdit(this))
    , m_internal(new QToolButton(this))
    , m_tree(new QTreeView(this))
{
    m_filter->setObjectName(QStringLiteral("stream-filter"));
    m_filter->setAccessibleName(tr("Show streams whose name contains"));
    m_filter->setPlaceholderText(tr("Name contains…"));
    m_filter->setClearButtonEnabled(true);
    m_internal->setObjectName(QStringLiteral("stream-internal"));
    m_internal->setAccessibleName(tr("Show internal streams"));
    m_internal->setToolTip(tr("Show internal streams too: a broker's own topics, a store's single streams."));
    m_internal->setText(tr("Internal"));
    m_internal->setCheckable(true);
    m_tree->setObjectName(QStringLiteral("stream-tree"));
    m_tree->setAccessibleName(tr("Connections and their streams"));
    m_tree->setModel(&m_model);
    m_tree->setUniformRowHeights(true);
    m_tree->setIndentation(3 * theme::Unit);
    m_tree->setAllColumnsShowFocus(true);
    m_tree->header()->setStretchLastSection(false);
    m_tree->header()->setMinimumSectionSize(40);
    m_tree->header()->setSectionResizeMode(StreamTreeModel::NameColumn, QHeaderView::Stretch);
    m_tree->setTextElideMode(Qt::ElideMiddle);
    // Numbers are short (text::number()): the rest of the width is for the names.
    const QFontMetrics metrics = m_tree->fontMetrics();
    m_tree->setColumnWidth(StreamTreeModel::DepthColumn, metrics.horizontalAdvance(tr("999.9 k")) + theme::Spacing);
    m_tree->setColumnWidth(StreamTreeModel::RateColumn, metrics.horizontalAdvance(tr("99.9 k/s")) + theme::Spacing);
    auto *bar = new QHBoxLayout;
    bar->setSpacing(theme::Unit);
    bar->addWidget(m_filter, 1);
    bar->addWidget(m_internal);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(theme::Spacing);
    layout->addLayout(bar);
    layout->addWidget(m_tree, 1);
    connect(m_filter, &QLineEdit::textChanged, this, &StreamList::applyFilter);
    connect(m_internal, &QToolButton::toggled, this, &StreamList::applyFilter);
    connect(m_internal, &QToolButton::toggled, this, &StreamList::internalToggled);
    connect(&m_model, &QAbstractItemModel::modelReset, this, &StreamList::showCurrent);
    connect(m_tree->selectionModel(), &QItemSelectionModel::currentChanged, this, [this](const QModelIndex &current) {
        if (m_isShowingCurrent || !current.isValid())
            return;
        m_connection = current.data(StreamTreeModel::ConnectionRole).toString();
        m_stream = current.data(StreamTreeModel::StreamRole).toString();
        Q_EMIT streamChosen(m_connection, m_stream);
    });
    update();
}

void StreamList::update()
{
    m_model.update();
}

void StreamList::applyFilter()
{
    m_model.setFilter(m_filter->text(), m_internal->isChecked());
}

bool StreamList::isWithInternal() const
{
    return m_internal->isChecked();
}

void StreamList::setWithInternal(bool isWithInternal)
{
    m_internal->setChecked(isWithInternal);
}

void StreamList::setCurrent(const QString &connection, const QString &stream)
{
    m_connection = connection;
    m_stream = stream;
    m_model.setKept(connection, stream);
    showCurrent();
}

void StreamList::showCurrent()
{
    m_isShowingCurrent = true;
    m_tree->expandAll();
    for (int row = 0; row < m_model.rowCount(); ++row)
        m_tree->setFirstColumnSpanned(row, {}, true); // a connection has a name and no numbers
    m_tree->setCurrentIndex(m_connection.isEmpty() ? QModelIndex() : m_model.find(m_connection, m_stream));
    m_isShowingCurrent = false;
}

} // namespace ui::streams
