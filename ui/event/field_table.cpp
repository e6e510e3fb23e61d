// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/event/field_table.h"

#include "ui/theme/theme.h"
#include "ui/widgets/text.h"

#include <QHeaderView>
#include <QTableWidget>

namespace ui::event {

QTableWidget *makeFieldTable(const QString &objectName, const QString &accessibleName, const QStringList &titles, QWidget *parent)
{
    auto *table = new QTableWidget(0, static_cast<int>(titles.size()), parent);
    table->setObjectName(objectName);
    table->setAccessibleName(accessibleName);
    table->setHorizontalHeaderLabels(titles);
    table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    table->setSelectionBehavior(QAbstractItemView::SelectRows);
    table->setSelectionMode(QAbstractItemView::SingleSelection);
    table->setTabKeyNavigation(false);
    table->setShowGrid(false);
    table->setWordWrap(false);
    table->verticalHeader()->hide();
    table->verticalHeader()->setDefaultSectionSize(table->fontMetrics().height() + 2 * theme::Unit);
    table->horizontalHeader()->setStretchLastSection(true);
    table->horizontalHeader()->setHighlightSections(false);
    table->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    table->setContextMenuPolicy(Qt::CustomContextMenu);
    return table;
}

QTableWidgetItem *makeFieldItem(const QString &words, const QString &tip, bool isMuted)
{
    auto *item = new QTableWidgetItem(words);
    item->setToolTip(widgets::text::toolTip(tip));
    if (isMuted)
        item->setForeground(theme::color(theme::Role::Muted));
    return item;
}

} // namespace ui::event
