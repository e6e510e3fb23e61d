// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/projections/row_view.h"

#include "ui/projections/row_table_model.h"
#include "ui/theme/theme.h"
#include "ui/widgets/plain_label.h"
#include "ui/widgets/plain_table.h"
#include "ui/widgets/text.h"

#include <QComboBox>
#include <QLabel>
#include <QSignalBlocker>
#include <QVBoxLayout>

namespace ui::projections {

using models::projection::Projection;
namespace text = widgets::text;

RowView::RowView(QWidget *parent)
    : QWidget(parent)
    , m_model(new RowTableModel(this))
    , m_table(new QComboBox(this))
    , m_count(widgets::plainLabel(QStringLiteral("projection-rows-count"), this))
    , m_rows(new widgets::PlainTable(m_model, QStringLiteral("projection-rows"), tr("Rows of the live table"), this))
{
    m_table->setObjectName(QStringLiteral("projection-rows-table"));
    m_table->setAccessibleName(tr("Which table's rows are shown"));
    auto *bar = new QHBoxLayout;
    bar->setSpacing(theme::Spacing);
    bar->addWidget(m_table);
    bar->addWidget(m_count, 1);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(theme::Spacing, theme::Spacing, theme::Spacing, theme::Spacing);
    layout->setSpacing(theme::Spacing);
    layout->addLayout(bar);
    layout->addWidget(m_rows, 1);
    connect(m_table, &QComboBox::currentIndexChanged, this, &RowView::showTable);
}

void RowView::show(Projection *projection)
{
    if (m_projection)
        m_projection->disconnect(this);
    m_projection = projection;
    if (m_projection)
        connect(m_projection, &Projection::rowsRead, this, &RowView::update);
    update();
}

void RowView::update()
{
    const bool isThere = m_projection && m_projection->status();
    QStringList names;
    for (const connectors::TableSpec &table : isThere ? m_projection->status()->file.tables : std::vector<connectors::TableSpec>())
        names += text::untrusted(table.name, 80);
    const int current = std::max(0, m_table->currentIndex());
    {
        const QSignalBlocker blocker(m_table);
        m_table->clear();
        m_table->addItems(names);
        m_table->setCurrentIndex(std::min(current, static_cast<int>(names.size()) - 1));
    }
    m_table->setVisible(names.size() > 1);
    showTable();
}

void RowView::showTable()
{
    const auto index = static_cast<size_t>(std::max(0, m_table->currentIndex()));
    if (!m_projection || !m_projection->status() || index >= m_projection->rows().size() || index >= m_projection->status()->live.size()) {
        m_model->setRows({}, {});
        m_count->clear();
        return;
    }
    const auto &status = *m_projection->status();
    const auto &rows = m_projection->rows()[index];
    m_model->setRows(status.file.tables[index], rows);
    const qint64 all = status.live[index].rows;
    m_count->setText(!status.live[index].exists ? tr("The table does not exist yet.")
                         : std::ssize(rows) < all ? tr("the first %1 of %2 rows, by key").arg(text::exact(std::ssize(rows)), text::exact(all))
                                                  : tr("all %1 rows, by key").arg(text::exact(all)));
}

} // namespace ui::projections
