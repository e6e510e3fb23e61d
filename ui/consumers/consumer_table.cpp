// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/consumers/consumer_table.h"

#include "ui/consumers/consumer_table_model.h"
#include "ui/theme/theme.h"
#include "ui/widgets/ink_delegate.h"
#include "ui/widgets/sparkline_delegate.h"

#include <QClipboard>
#include <QContextMenuEvent>
#include <QGuiApplication>
#include <QHeaderView>
#include <QMenu>

namespace ui::consumers {

ConsumerTable::ConsumerTable(ConsumerTableModel *model, QWidget *parent)
    : QTableView(parent)
    , m_model(model)
{
    setModel(model);
    setObjectName(QStringLiteral("consumer-table"));
    setAccessibleName(tr("Consumers"));
    setSelectionBehavior(QAbstractItemView::SelectRows);
    setSelectionMode(QAbstractItemView::SingleSelection);
    setShowGrid(false);
    setWordWrap(false);
    setTabKeyNavigation(false);
    setItemDelegate(new widgets::InkDelegate(this));
    setItemDelegateForColumn(ConsumerTableModel::TrendColumn, new widgets::SparklineDelegate(this));
    verticalHeader()->hide();
    verticalHeader()->setDefaultSectionSize(28);
    QHeaderView *header = horizontalHeader();
    header->setHighlightSections(false);
    header->setStretchLastSection(false);
    header->setSectionResizeMode(QHeaderView::Interactive);
    for (const int named : {ConsumerTableModel::ConsumerColumn, ConsumerTableModel::ConnectionColumn}) // both may be long
        header->setSectionResizeMode(named, QHeaderView::Stretch);
    header->setMinimumSectionSize(56);
    const int em = fontMetrics().averageCharWidth();
    setColumnWidth(ConsumerTableModel::StateColumn, 28 * em);
    setColumnWidth(ConsumerTableModel::LagColumn, 14 * em);
    setColumnWidth(ConsumerTableModel::TrendColumn, 160);
    setColumnWidth(ConsumerTableModel::TimeLagColumn, 17 * em);
    setColumnWidth(ConsumerTableModel::RateColumn, 12 * em);
    setColumnWidth(ConsumerTableModel::MembersColumn, 12 * em);
    setSortingEnabled(true);
    sortByColumn(ConsumerTableModel::StateColumn, Qt::DescendingOrder);
    connect(this, &QTableView::activated, this, [this](const QModelIndex &index) {
        const ConsumerRow &row = m_model->row(index.row());
        Q_EMIT consumerActivated(row.connection, row.consumer);
    });
}

std::vector<ConsumerRow> ConsumerTable::rowsOnScreen() const
{
    std::vector<ConsumerRow> rows;
    const int first = rowAt(0);
    if (first < 0)
        return rows;
    const int last = rowAt(viewport()->height() - 1);
    for (int row = first; row <= (last < 0 ? m_model->rowCount() - 1 : last); ++row)
        rows.push_back(m_model->row(row));
    return rows;
}

void ConsumerTable::contextMenuEvent(QContextMenuEvent *event)
{
    const QModelIndex index = indexAt(viewport()->mapFrom(this, event->pos()));
    if (!index.isValid())
        return;
    const ConsumerRow row = m_model->row(index.row());
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addAction(theme::icon(QStringLiteral("consumers")), tr("Open this consumer"), this,
                    [this, row] { Q_EMIT consumerActivated(row.connection, row.consumer); });
    menu->addAction(theme::icon(QStringLiteral("copy")), tr("Copy the name"), this, [row] { QGuiApplication::clipboard()->setText(row.consumer); });
    menu->addAction(theme::icon(QStringLiteral("copy")), tr("Copy as command"), this, [row] {
        const auto quoted = [](QString text) -> QString { return u'\'' + text.replace(u'\'', QStringLiteral("'\\''")) + u'\''; };
        QGuiApplication::clipboard()->setText(QStringLiteral("streamgaugectl lag ") + quoted(row.connection) + QStringLiteral(" --group ") + quoted(row.consumer));
    });
    menu->popup(event->globalPos());
}

void ConsumerTable::enterEvent(QEnterEvent *event)
{
    QTableView::enterEvent(event);
    m_model->setOrderHeld(true);
}

void ConsumerTable::leaveEvent(QEvent *event)
{
    QTableView::leaveEvent(event);
    m_model->setOrderHeld(false);
}

} // namespace ui::consumers
