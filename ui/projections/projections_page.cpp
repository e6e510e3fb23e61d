// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/projections/projections_page.h"

#include "connectors/deliver.h"
#include "models/connection/environment.h"
#include "ui/projections/add_dialog.h"
#include "ui/projections/difference_view.h"
#include "ui/projections/projection_table_model.h"
#include "ui/projections/row_view.h"
#include "ui/projections/step_panel.h"
#include "ui/theme/theme.h"
#include "ui/widgets/plain_label.h"
#include "ui/widgets/plain_table.h"
#include "ui/widgets/state_view.h"
#include "ui/widgets/text.h"

#include <QAction>
#include <QLabel>
#include <QPushButton>
#include <QSettings>
#include <QSplitter>
#include <QStackedWidget>
#include <QTabWidget>
#include <QVBoxLayout>

namespace ui::projections {

using connectors::ConnectionSpec;
using connectors::Result;
using models::projection::Projection;
using models::projection::ProjectionSession;
using models::projection::ProjectionStage;
namespace text = widgets::text;

namespace {

constexpr std::chrono::milliseconds ReadInterval{10'000};

} // namespace

ProjectionsPage::ProjectionsPage(models::connection::Workspace &workspace, ProjectionSession &session, QWidget *parent)
    : Page(QStringLiteral("projections"), tr("Projections"), QStringLiteral("projections"), parent)
    , m_workspace(workspace)
    , m_session(session)
    , m_model(new ProjectionTableModel(session, this))
    , m_count(widgets::plainLabel(QStringLiteral("projections-count"), this))
    , m_add(new QPushButton(theme::icon(QStringLiteral("add")), tr("&Add…"), this))
    , m_remove(new QPushButton(theme::icon(QStringLiteral("remove")), tr("&Remove from the list"), this))
    , m_table(new widgets::PlainTable(m_model, QStringLiteral("projections-table"), tr("Projections"), this))
    , m_step(new StepPanel(this))
    , m_differences(new DifferenceView(this))
    , m_rows(new RowView(this))
    , m_tabs(new QTabWidget(this))
    , m_splitter(new QSplitter(Qt::Vertical, this))
    , m_stack(new QStackedWidget(this))
    , m_state(new widgets::StateView(this))
{
    buildLayout();
    buildCommands();
    connectParts();
    m_timer.setInterval(ReadInterval);
    connect(&m_timer, &QTimer::timeout, this, [this] {
        m_session.refresh();
        m_model->refreshAges();
    });
    update();
}

void ProjectionsPage::buildLayout()
{
    m_add->setObjectName(QStringLiteral("projections-add"));
    m_add->setAccessibleName(tr("Add a projection"));
    m_remove->setObjectName(QStringLiteral("projections-remove"));
    m_remove->setAccessibleName(tr("Remove the projection from the list"));
    m_remove->setToolTip(tr("Only from this list: its file and its tables stay as they are."));
    for (QPushButton *button : {m_add, m_remove})
        button->setAutoDefault(false);
    auto *bar = new QHBoxLayout;
    bar->setSpacing(theme::Spacing);
    bar->addWidget(m_count, 1);
    bar->addWidget(m_remove);
    bar->addWidget(m_add);
    m_table->setWidths({22, 8, 32, 10, 12, 8, 15, 15, 16, 20}, ProjectionTableModel::TargetColumn);
    m_tabs->setObjectName(QStringLiteral("projection-tabs"));
    m_tabs->addTab(m_differences, tr("&Difference"));
    m_tabs->addTab(m_rows, tr("Ro&ws"));
    auto *lower = new QWidget(this);
    auto *lowerLayout = new QVBoxLayout(lower);
    lowerLayout->setContentsMargins(0, 0, 0, 0);
    lowerLayout->setSpacing(theme::Spacing);
    lowerLayout->addWidget(m_step);
    lowerLayout->addWidget(m_tabs, 1);
    m_splitter->addWidget(m_table);
    m_splitter->addWidget(lower);
    m_splitter->setChildrenCollapsible(false);
    m_splitter->setSizes({180, 480});
    auto *content = new QWidget(this);
    auto *contentLayout = new QVBoxLayout(content);
    contentLayout->setContentsMargins(0, 0, 0, 0);
    contentLayout->setSpacing(theme::Spacing);
    contentLayout->addLayout(bar);
    contentLayout->addWidget(m_splitter, 1);
    m_stack->addWidget(m_state);
    m_stack->addWidget(content);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(theme::Margin, theme::Margin, theme::Margin, theme::Spacing);
    layout->addWidget(m_stack);
}

void ProjectionsPage::buildCommands()
{
    auto *add = new QAction(theme::icon(QStringLiteral("add")), tr("Add a projection"), this);
    connect(add, &QAction::triggered, this, &ProjectionsPage::openAddDialog);
    auto *rebuild = new QAction(theme::icon(QStringLiteral("refresh")), tr("Rebuild the projection"), this);
    connect(rebuild, &QAction::triggered, m_step, [this] { m_step->findChild<QPushButton *>(QStringLiteral("projection-rebuild"))->click(); });
    m_commands = {add, rebuild};
    addActions(m_commands);
}

void ProjectionsPage::connectParts()
{
    connect(m_add, &QPushButton::clicked, this, &ProjectionsPage::openAddDialog);
    connect(m_remove, &QPushButton::clicked, this, &ProjectionsPage::removeSelected);
    connect(m_state, &widgets::StateView::buttonClicked, this, &ProjectionsPage::openAddDialog);
    connect(m_differences, &DifferenceView::messageRaised, this, &ProjectionsPage::messageRaised);
    connect(&m_session, &ProjectionSession::listChanged, this, &ProjectionsPage::update);
    connect(&m_session, &ProjectionSession::projectionChanged, this, [this](const Projection *projection) {
        if (projection == selected())
            Q_EMIT targetEnvironmentChanged();
        markStale();
    });
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this](const QModelIndex &current) { select(m_model->projection(current.row())); });
}

void ProjectionsPage::showEvent(QShowEvent *event)
{
    m_session.refresh();
    m_timer.start();
    Page::showEvent(event);
}

void ProjectionsPage::hideEvent(QHideEvent *event)
{
    m_timer.stop();
    Page::hideEvent(event);
}

void ProjectionsPage::refresh()
{
    m_session.refresh();
}

void ProjectionsPage::refreshWhenShown()
{
    update();
}

Projection *ProjectionsPage::selected() const
{
    return m_model->projection(m_table->currentIndex().row());
}

void ProjectionsPage::update()
{
    const int count = m_model->rowCount();
    m_stack->setCurrentIndex(count > 0 ? 1 : 0);
    if (count == 0)
        m_state->showEmpty(tr("No projection yet"),
                           tr("A projection file says what each event type does to a row of a read model. Add one, and its tables can be rebuilt beside the live ones, "
                              "compared row by row, put in place, and taken back."),
                           tr("Add a projection…"), QStringLiteral("projections"));
    m_count->setText(count == 1 ? tr("1 projection") : tr("%1 projections").arg(count));
    for (int row = 0; row < count && !m_wanted.isEmpty(); ++row) {
        if (m_model->projection(row)->name() == m_wanted) {
            m_wanted.clear();
            m_table->selectRow(row);
        }
    }
    if (count > 0 && !m_table->currentIndex().isValid())
        m_table->selectRow(0);
    m_remove->setEnabled(selected() && !selected()->isBusy());
}

void ProjectionsPage::select(Projection *projection)
{
    m_step->show(projection);
    m_differences->show(projection);
    m_rows->show(projection);
    m_remove->setEnabled(projection && !projection->isBusy());
    Q_EMIT placeChanged();
    Q_EMIT targetEnvironmentChanged();
}

void ProjectionsPage::goTo(const frame::Place &place)
{
    m_wanted = place.object;
    update();
}

frame::Place ProjectionsPage::place() const
{
    const Projection *projection = selected();
    return {id(), {}, projection ? projection->name() : QString(), {}};
}

std::optional<connectors::Environment> ProjectionsPage::targetEnvironment() const
{
    const Projection *projection = selected();
    const bool isChanging = projection && (projection->stage() == ProjectionStage::Reviewing || projection->stage() == ProjectionStage::Applying);
    return isChanging ? std::optional(projection->plan()->environment) : std::nullopt;
}

void ProjectionsPage::openAddDialog()
{
    auto *dialog = new AddDialog(m_workspace, this);
    connect(dialog, &AddDialog::chosen, this, [this](const models::projection::ProjectionPlace &place) {
        const Projection *added = m_session.add(place);
        if (const int row = m_model->rowOf(added); row >= 0)
            m_table->selectRow(row);
    });
    dialog->open();
}

void ProjectionsPage::removeSelected()
{
    if (const Projection *projection = selected()) {
        select(nullptr);
        m_session.remove(projection);
    }
}

void ProjectionsPage::saveTo(QSettings &settings) const
{
    QStringList kept;
    for (const auto &each : m_session.projections()) {
        if (each->place().isRemembered)
            kept += QStringList{each->place().path, each->place().source.name, each->place().target.name};
    }
    settings.setValue(QStringLiteral("projections/list"), kept);
}

void ProjectionsPage::restoreFrom(const QSettings &settings)
{
    const QStringList kept = settings.value(QStringLiteral("projections/list")).toStringList();
    for (qsizetype i = 0; i + 2 < kept.size(); i += 3)
        addRemembered(kept[i], kept[i + 1], kept[i + 2]);
}

/// Both connections as they are saved or written now.
void ProjectionsPage::addRemembered(const QString &path, const QString &source, const QString &target)
{
    auto &opener = m_workspace.opener();
    connectors::deliver(opener.find(source), this, [this, &opener, path, target](const Result<ConnectionSpec> &from) {
        if (!from)
            return;
        connectors::deliver(opener.find(target), this, [this, path, from = *from](const Result<ConnectionSpec> &to) {
            if (to)
                m_session.add({path, from, *to, true});
        });
    });
}

} // namespace ui::projections
