// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/projections/difference_view.h"

#include "connectors/deliver.h"
#include "ui/projections/difference_table_model.h"
#include "ui/theme/theme.h"
#include "ui/widgets/chart_export.h"
#include "ui/widgets/plain_label.h"
#include "ui/widgets/plain_table.h"
#include "ui/widgets/state_view.h"
#include "ui/widgets/text.h"

#include <QComboBox>
#include <QFileDialog>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace ui::projections {

using connectors::RowDifference;
using models::projection::Projection;
using models::projection::TableDifference;
namespace text = widgets::text;

DifferenceView::DifferenceView(QWidget *parent)
    : QWidget(parent)
    , m_model(new DifferenceTableModel(this))
    , m_kind(new QComboBox(this))
    , m_key(new QLineEdit(this))
    , m_count(widgets::plainLabel(QStringLiteral("difference-count"), this))
    , m_compare(new QPushButton(theme::icon(QStringLiteral("refresh")), tr("Co&mpare again"), this))
    , m_export(new QPushButton(theme::icon(QStringLiteral("export")), tr("E&xport…"), this))
    , m_table(new widgets::PlainTable(m_model, QStringLiteral("difference-table"), tr("What differs between the two tables"), this))
    , m_state(new widgets::StateView(this))
    , m_stack(new QStackedWidget(this))
{
    buildLayout();
    connect(m_kind, &QComboBox::currentIndexChanged, this, &DifferenceView::applyFilter);
    connect(m_key, &QLineEdit::textChanged, this, &DifferenceView::applyFilter);
    connect(m_export, &QPushButton::clicked, this, &DifferenceView::chooseExportFile);
    const auto compare = [this] {
        if (m_projection)
            m_projection->compare();
    };
    connect(m_compare, &QPushButton::clicked, this, compare);
    connect(m_state, &widgets::StateView::buttonClicked, this, compare);
    update();
}

void DifferenceView::buildLayout()
{
    m_kind->setObjectName(QStringLiteral("difference-kind"));
    m_kind->setAccessibleName(tr("Which differences are shown"));
    m_kind->addItem(tr("All differences"));
    m_kind->addItem(tr("Changed"), static_cast<int>(RowDifference::Changed));
    m_kind->addItem(tr("Only before"), static_cast<int>(RowDifference::OnlyOld));
    m_kind->addItem(tr("Only after"), static_cast<int>(RowDifference::OnlyNew));
    m_key->setObjectName(QStringLiteral("difference-key"));
    m_key->setAccessibleName(tr("Show rows whose key contains"));
    m_key->setPlaceholderText(tr("Part of a key…"));
    m_key->setClearButtonEnabled(true);
    m_key->setFixedWidth(220);
    m_compare->setObjectName(QStringLiteral("difference-compare"));
    m_compare->setAccessibleName(tr("Compare the tables again"));
    m_export->setObjectName(QStringLiteral("difference-export"));
    m_export->setAccessibleName(tr("Export the differences that are shown"));
    auto *bar = new QHBoxLayout;
    bar->setSpacing(theme::Spacing);
    bar->addWidget(m_kind);
    bar->addWidget(m_key);
    bar->addWidget(m_count, 1);
    bar->addWidget(m_compare);
    bar->addWidget(m_export);
    m_table->setWidths({14, 20, 24, 18, 30, 30}, DifferenceTableModel::NewColumn);
    auto *content = new QWidget(this);
    auto *contentLayout = new QVBoxLayout(content);
    contentLayout->setContentsMargins(0, 0, 0, 0);
    contentLayout->setSpacing(theme::Spacing);
    contentLayout->addLayout(bar);
    contentLayout->addWidget(m_table, 1);
    m_stack->addWidget(m_state);
    m_stack->addWidget(content);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(theme::Spacing, theme::Spacing, theme::Spacing, theme::Spacing);
    layout->addWidget(m_stack);
}

void DifferenceView::show(Projection *projection)
{
    if (m_projection)
        m_projection->disconnect(this);
    m_projection = projection;
    if (m_projection) {
        connect(m_projection, &Projection::changed, this, &DifferenceView::update);
        connect(m_projection, &Projection::differencesRead, this, &DifferenceView::takeDifferences);
    }
    takeDifferences();
}

void DifferenceView::takeDifferences()
{
    m_model->setDifferences(m_projection && m_projection->differences() ? *m_projection->differences() : std::vector<TableDifference>());
    applyFilter();
    update();
}

void DifferenceView::update()
{
    const auto differences = m_projection ? m_projection->differences() : std::nullopt;
    m_stack->setCurrentIndex(differences ? 1 : 0);
    m_compare->setEnabled(m_projection && !m_projection->isComparing());
    if (differences)
        return;
    const auto status = m_projection ? m_projection->status() : std::nullopt;
    const bool isComparable = status && ((status->nextRebuild() && status->nextRebuild()->state != connectors::RebuildState::Filling) || (status->liveRebuild() && status->knownJobs.contains(status->liveRebuild()->job)));
    if (m_projection && m_projection->isComparing())
        m_state->showLoading(tr("Comparing the tables, row by row"));
    else if (isComparable)
        m_state->showEmpty(tr("Not compared yet"), tr("Both tables are read once, in the order of their keys; nothing is changed."), tr("Compare"), QStringLiteral("search"));
    else
        m_state->showEmpty(tr("Nothing to compare yet"), tr("When the projection has been rebuilt beside the live tables, what it changes is shown here, row by row."), {}, QStringLiteral("search"));
}

void DifferenceView::applyFilter()
{
    const QVariant kind = m_kind->currentData();
    m_model->setFilter(kind.isValid() ? std::optional(static_cast<RowDifference>(kind.toInt())) : std::nullopt, m_key->text().trimmed());
    qint64 before = 0;
    qint64 after = 0;
    qint64 changed = 0;
    qint64 listed = 0;
    for (const TableDifference &each : m_model->differences()) {
        before += each.comparison.onlyOld;
        after += each.comparison.onlyNew;
        changed += each.comparison.changed;
        listed += std::ssize(each.rows);
    }
    QString words = before + after + changed == 0 ? tr("no difference")
                                                  : tr("%1 changed, %2 only before, %3 only after; %4 shown").arg(text::exact(changed), text::exact(before), text::exact(after), text::exact(m_model->shownRows()));
    if (listed < before + after + changed)
        words += QStringLiteral(" ") + tr("(of the first %1)").arg(text::exact(listed));
    m_count->setText(words);
    m_export->setEnabled(m_model->shownRows() > 0);
}

void DifferenceView::chooseExportFile()
{
    auto *dialog = new QFileDialog(this, tr("Export the differences"), QStringLiteral("differences.ndjson"), tr("NDJSON (*.ndjson)"));
    dialog->setObjectName(QStringLiteral("difference-export-dialog"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(QStringLiteral("ndjson"));
    connect(dialog, &QFileDialog::fileSelected, this, [this, bytes = m_model->shownAsNdjson()](const QString &path) {
        connectors::deliver(widgets::writeFile(path, bytes), this, [this, path](const connectors::Result<void> &result) {
            Q_EMIT messageRaised(result ? tr("The differences were written to “%1”.").arg(path) : connectors::describe(result.error()));
        });
    });
    dialog->open();
}

} // namespace ui::projections
