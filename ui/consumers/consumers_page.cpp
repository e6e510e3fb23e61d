// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/consumers/consumers_page.h"

#include "ui/consumers/consumer_detail.h"
#include "ui/consumers/consumer_table.h"
#include "ui/consumers/consumer_table_model.h"
#include "ui/consumers/lag_text.h"
#include "ui/consumers/no_consumers.h"
#include "ui/consumers/trends.h"
#include "ui/theme/theme.h"
#include "ui/widgets/state_view.h"
#include "ui/widgets/text.h"

#include <QAction>
#include <QDateTime>
#include <QLabel>
#include <QLineEdit>
#include <QSplitter>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace ui::consumers {

using models::connection::Connection;
using models::connection::Subject;
using models::connection::Workspace;

ConsumersPage::ConsumersPage(Workspace &workspace, models::history::History &history, QWidget *parent)
    : Page(QStringLiteral("consumers"), tr("Consumers"), QStringLiteral("consumers"), parent)
    , m_workspace(workspace)
    , m_model(new ConsumerTableModel(this))
    , m_table(new ConsumerTable(m_model, this))
    , m_detail(new ConsumerDetail(history, this))
    , m_trends(new Trends(workspace, history, this))
    , m_filter(new QLineEdit(this))
    , m_count(new QLabel(this))
    , m_stack(new QStackedWidget(this))
    , m_splitter(new QSplitter(Qt::Vertical, this))
    , m_state(new widgets::StateView(this))
    , m_hint(new widgets::StateView(this))
    , m_detailStack(new QStackedWidget(this))
{
    buildLayout();
    buildCommands();
    m_gate.setSingleShot(true);
    m_gate.setInterval(100);
    connect(&m_gate, &QTimer::timeout, this, [this] {
        setAttentionCount(troubleCount(m_workspace)); // also while another page is shown
        markStale();
    });
    connect(m_trends, &Trends::changed, this, &ConsumersPage::updateRows);
    connect(m_filter, &QLineEdit::textChanged, this, &ConsumersPage::updateRows);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this](const QModelIndex &current) {
        if (current.isValid())
            select(m_model->row(current.row()).connection, m_model->row(current.row()).consumer);
    });
    connect(m_detail, &ConsumerDetail::resetRequested, this, &ConsumersPage::requestReset);
    connect(m_detail, &ConsumerDetail::messageRaised, this, &Page::messageRaised);
    connect(m_detail, &ConsumerDetail::eventRequested, this, [this](const connectors::EventAddress &address) {
        if (m_detail->connection())
            Q_EMIT placeRequested({QStringLiteral("streams"), m_detail->connection()->name(), address.stream, address});
    });
    for (Connection *connection : workspace.connections())
        follow(connection);
    connect(&workspace, &Workspace::connectionOpened, this, &ConsumersPage::follow);
    connect(&workspace, &Workspace::connectionClosed, this, [this] { m_gate.start(); });
}

void ConsumersPage::buildLayout()
{
    m_filter->setObjectName(QStringLiteral("consumer-filter"));
    m_filter->setAccessibleName(tr("Show consumers whose name, or connection's name, contains"));
    m_filter->setPlaceholderText(tr("Name contains…"));
    m_filter->setClearButtonEnabled(true);
    m_filter->setMaximumWidth(280);
    m_filter->addAction(theme::icon(QStringLiteral("filter"), theme::Role::Muted), QLineEdit::LeadingPosition);
    m_count->setObjectName(QStringLiteral("consumer-count"));
    m_count->setTextFormat(Qt::PlainText);
    auto *bar = new QHBoxLayout;
    bar->addWidget(m_filter);
    bar->addWidget(m_count, 1);
    auto *top = new QWidget(this);
    auto *topLayout = new QVBoxLayout(top);
    topLayout->setContentsMargins(0, 0, 0, 0);
    topLayout->setSpacing(theme::Spacing);
    topLayout->addLayout(bar);
    topLayout->addWidget(m_table, 1);
    m_hint->showEmpty(tr("No consumer is opened"), tr("Choose a consumer above to see its history, its partitions and the event it stands at."));
    m_detailStack->addWidget(m_hint);
    m_detailStack->addWidget(m_detail);
    m_splitter->addWidget(top);
    m_splitter->addWidget(m_detailStack);
    m_splitter->setChildrenCollapsible(false);
    m_splitter->setSizes({300, 420});
    m_stack->addWidget(m_splitter);
    m_stack->addWidget(m_state);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(theme::Margin, theme::Margin, theme::Margin, theme::Spacing);
    layout->addWidget(m_stack);
    m_stack->setCurrentWidget(m_state);
    connect(m_state, &widgets::StateView::buttonClicked, &m_workspace, &Workspace::refresh);
}

void ConsumersPage::buildCommands()
{
    auto *filter = new QAction(theme::icon(QStringLiteral("filter")), tr("Filter the consumers"), this);
    filter->setShortcut(QKeySequence::Find);
    filter->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    connect(filter, &QAction::triggered, m_filter, [this] { m_filter->setFocus(Qt::ShortcutFocusReason); });
    auto *reset = new QAction(theme::icon(QStringLiteral("reset")), tr("Reset this consumer…"), this);
    connect(reset, &QAction::triggered, this, &ConsumersPage::requestReset);
    m_commands = {filter, reset};
    addActions(m_commands);
}

void ConsumersPage::follow(Connection *connection)
{
    connect(connection, &Connection::consumersReceived, &m_gate, qOverload<>(&QTimer::start), Qt::UniqueConnection);
    connect(connection, &Connection::stateChanged, &m_gate, qOverload<>(&QTimer::start), Qt::UniqueConnection);
    connect(connection, &Connection::silencePassed, &m_gate, qOverload<>(&QTimer::start), Qt::UniqueConnection);
    connect(&connection->checkpointTimes(), &models::connection::CheckpointTimes::changed, &m_gate, qOverload<>(&QTimer::start), Qt::UniqueConnection);
    if (isVisible())
        watch(true);
    m_gate.start();
}

void ConsumersPage::watch(bool isWatching)
{
    for (Connection *connection : m_workspace.connections())
        connection->watch(this, isWatching ? std::vector<Subject>{Subject::Consumers} : std::vector<Subject>{});
}

void ConsumersPage::showEvent(QShowEvent *event)
{
    watch(true);
    Page::showEvent(event);
}

void ConsumersPage::hideEvent(QHideEvent *event)
{
    watch(false);
    Page::hideEvent(event);
}

void ConsumersPage::setTimeRange(const frame::TimeRange &range)
{
    m_trends->setTimeRange(range);
    m_detail->resetZoom(); // also where it is the same again
    Page::setTimeRange(range);
}

void ConsumersPage::refreshWhenShown()
{
    if (isLive()) {
        m_trends->update();
        updateRows();
    }
    m_detail->update(timeRange(), isLive());
}

void ConsumersPage::updateRows()
{
    const connectors::EpochMs now = QDateTime::currentMSecsSinceEpoch();
    std::vector<ConsumerRow> rows;
    size_t all = 0;
    for (Connection *connection : m_workspace.connections()) {
        for (ConsumerRow &row : rowsOf(*connection, now)) {
            ++all;
            if (!row.consumer.contains(m_filter->text(), Qt::CaseInsensitive) && !connection->name().contains(m_filter->text(), Qt::CaseInsensitive))
                continue;
            row.trend = m_trends->trend(connection, row.consumer);
            rows.push_back(std::move(row));
        }
    }
    const auto shown = static_cast<qint64>(rows.size());
    m_count->setText(m_filter->text().isEmpty() ? tr("all %1").arg(widgets::text::exact(shown))
                                                : tr("%1 of %2").arg(widgets::text::exact(shown), widgets::text::exact(static_cast<qint64>(all))));
    m_table->setColumnHidden(ConsumerTableModel::ConnectionColumn, m_workspace.connections().size() < 2);
    m_model->setRows(std::move(rows));
    if (isVisible())
        readTimeLags(m_workspace, m_table->rowsOnScreen());
    updateState(all > 0);
    if (!m_wanted.object.isEmpty() && m_model->rowOf(m_wanted.connection, m_wanted.object) >= 0)
        goTo(std::exchange(m_wanted, {}));
    else if (m_wanted.object.isEmpty() && m_detail->consumer().isEmpty() && m_model->rowCount() > 0)
        m_table->selectRow(0); // the first is the worst
}

void ConsumersPage::updateState(bool hasRows)
{
    if (hasRows) {
        m_stack->setCurrentWidget(m_splitter);
        return;
    }
    m_stack->setCurrentWidget(m_state);
    showNoConsumers(*m_state, m_workspace);
}

void ConsumersPage::select(const QString &connectionName, const QString &consumer)
{
    Connection *connection = m_workspace.find(connectionName);
    if (!connection || (m_detail->connection() == connection && m_detail->consumer() == consumer))
        return;
    m_detail->showConsumer(connection, consumer);
    m_detailStack->setCurrentWidget(m_detail);
    m_detail->update(timeRange(), true);
    Q_EMIT placeChanged();
}

void ConsumersPage::goTo(const frame::Place &place)
{
    if (place.object.isEmpty()) {
        if (m_workspace.connections().size() > 1)
            m_filter->setText(place.connection);
        return;
    }
    m_filter->clear();
    frame::Place wanted = place;
    if (wanted.connection.isEmpty())
        for (const Connection *connection : m_workspace.connections())
            if (stateOf(*connection, wanted.object))
                wanted.connection = connection->name();
    updateRows();
    const int row = m_model->rowOf(wanted.connection, wanted.object);
    if (row < 0) {
        m_wanted = wanted;
        return;
    }
    m_table->setCurrentIndex(m_model->index(row, 0));
    m_table->scrollTo(m_model->index(row, 0));
}

frame::Place ConsumersPage::place() const
{
    return {id(), m_detail->connection() ? m_detail->connection()->name() : QString(), m_detail->consumer(), {}};
}

void ConsumersPage::requestReset()
{
    if (m_detail->connection() && !m_detail->consumer().isEmpty())
        Q_EMIT placeRequested({QStringLiteral("replay"), m_detail->connection()->name(), m_detail->consumer(), {}});
}

} // namespace ui::consumers
