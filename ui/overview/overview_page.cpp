// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/overview/overview_page.h"

#include "ui/consumers/consumer_table.h"
#include "ui/consumers/consumer_table_model.h"
#include "ui/consumers/lag_text.h"
#include "ui/consumers/no_consumers.h"
#include "ui/consumers/trends.h"
#include "ui/overview/overview_charts.h"
#include "ui/theme/theme.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/notice.h"
#include "ui/widgets/plain_label.h"
#include "ui/widgets/state_view.h"
#include "ui/widgets/text.h"

#include <QDateTime>
#include <QLabel>
#include <QSet>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <algorithm>

namespace ui::overview {

using consumers::ConsumerRow;
using models::connection::Connection;
using models::connection::Subject;
using models::connection::Workspace;
namespace text = widgets::text;

namespace {

constexpr size_t ShownRows = 50; ///< "worst now" is not the whole list; that is the Consumers page

} // namespace

OverviewPage::OverviewPage(Workspace &workspace, models::history::History &history, QWidget *parent)
    : Page(QStringLiteral("overview"), tr("Overview"), QStringLiteral("overview"), parent)
    , m_workspace(workspace)
    , m_charts(new OverviewCharts(workspace, history, this))
    , m_model(new consumers::ConsumerTableModel(this))
    , m_table(new consumers::ConsumerTable(m_model, this))
    , m_trends(new consumers::Trends(workspace, history, this))
    , m_headlineIcon(new QLabel(this))
    , m_headline(widgets::plainLabel(QStringLiteral("overview-headline"), this))
    , m_throughput(new widgets::ElidedLabel(QStringLiteral("overview-throughput"), this))
    , m_notice(new widgets::Notice(QStringLiteral("overview-unread"), this))
    , m_stack(new QStackedWidget(this))
    , m_state(new widgets::StateView(this))
{
    buildLayout();
    m_gate.setSingleShot(true);
    m_gate.setInterval(100);
    connect(&m_gate, &QTimer::timeout, this, [this] {
        setAttentionCount(consumers::troubleCount(m_workspace)); // also while another page is shown
        markStale();
    });
    connect(m_trends, &consumers::Trends::changed, this, &OverviewPage::updateTable);
    connect(m_charts, &OverviewCharts::messageRaised, this, &Page::messageRaised);
    connect(&history, &models::history::History::recorded, &m_gate, qOverload<>(&QTimer::start));
    connect(m_table, &consumers::ConsumerTable::consumerActivated, this, [this](const QString &connection, const QString &consumer) {
        Q_EMIT placeRequested({QStringLiteral("consumers"), connection, consumer, {}});
    });
    connect(m_state, &widgets::StateView::buttonClicked, &m_workspace, &Workspace::refresh);
    for (Connection *connection : workspace.connections())
        follow(connection);
    connect(&workspace, &Workspace::connectionOpened, this, &OverviewPage::follow);
    connect(&workspace, &Workspace::connectionClosed, this, [this] { m_gate.start(); });
}

void OverviewPage::buildLayout()
{
    QFont bold = m_headline->font();
    bold.setPointSizeF(bold.pointSizeF() * 1.15);
    bold.setBold(true);
    m_headline->setFont(bold);
    m_table->setObjectName(QStringLiteral("worst-now"));
    m_table->setAccessibleName(tr("What is worst now"));
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_throughput->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    auto *headRow = new QHBoxLayout;
    headRow->setSpacing(theme::Spacing);
    headRow->addWidget(m_headlineIcon);
    headRow->addWidget(m_headline);
    headRow->addWidget(m_throughput, 1);
    m_stack->addWidget(m_table);
    m_stack->addWidget(m_state);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(theme::Margin, theme::Margin, theme::Margin, theme::Spacing);
    layout->setSpacing(theme::Spacing);
    layout->addWidget(m_charts, 3);
    layout->addLayout(headRow);
    layout->addWidget(m_notice);
    layout->addWidget(m_stack, 4);
    m_stack->setCurrentWidget(m_state);
}

QList<QAction *> OverviewPage::commands() const
{
    return m_charts->commands();
}

void OverviewPage::follow(Connection *connection)
{
    connect(connection, &Connection::consumersReceived, &m_gate, qOverload<>(&QTimer::start), Qt::UniqueConnection);
    connect(connection, &Connection::deadLettersReceived, &m_gate, qOverload<>(&QTimer::start), Qt::UniqueConnection);
    connect(connection, &Connection::stateChanged, &m_gate, qOverload<>(&QTimer::start), Qt::UniqueConnection);
    connect(connection, &Connection::silencePassed, &m_gate, qOverload<>(&QTimer::start), Qt::UniqueConnection);
    connect(&connection->checkpointTimes(), &models::connection::CheckpointTimes::changed, &m_gate, qOverload<>(&QTimer::start), Qt::UniqueConnection);
    if (isVisible())
        watch(true);
    m_gate.start();
}

void OverviewPage::watch(bool isWatching)
{
    const std::vector<Subject> all{Subject::Consumers, Subject::Streams, Subject::DeadLetters};
    for (Connection *connection : m_workspace.connections())
        connection->watch(this, isWatching ? all : std::vector<Subject>{});
}

void OverviewPage::showEvent(QShowEvent *event)
{
    watch(true);
    Page::showEvent(event);
}

void OverviewPage::hideEvent(QHideEvent *event)
{
    watch(false);
    Page::hideEvent(event);
}

void OverviewPage::setTimeRange(const frame::TimeRange &range)
{
    m_trends->setTimeRange(range);
    m_charts->resetZoom(); // also where it is the same again
    Page::setTimeRange(range);
}

void OverviewPage::refreshWhenShown()
{
    if (!isLive())
        return;
    m_charts->update(timeRange());
    m_trends->update();
    updateTable();
    updateThroughput();
}

void OverviewPage::updateTable()
{
    const connectors::EpochMs now = QDateTime::currentMSecsSinceEpoch();
    std::vector<ConsumerRow> rows;
    for (const Connection *connection : m_workspace.connections()) {
        for (ConsumerRow &row : consumers::rowsOf(*connection, now)) {
            row.trend = m_trends->trend(connection, row.consumer);
            rows.push_back(std::move(row));
        }
    }
    updateHeadline(rows);
    const auto worstFirst = [](const ConsumerRow &a, const ConsumerRow &b) {
        const auto rank = [](const ConsumerRow &row) { return std::tuple(row.lag.worst, row.lag.totalLag.value_or(-1), row.ratePerSecond.value_or(0)); };
        return rank(a) > rank(b);
    };
    if (rows.size() > ShownRows) {
        std::partial_sort(rows.begin(), rows.begin() + ShownRows, rows.end(), worstFirst);
        rows.resize(ShownRows);
    }
    m_table->setColumnHidden(consumers::ConsumerTableModel::ConnectionColumn, m_workspace.connections().size() < 2);
    const bool hasRows = !rows.empty();
    m_model->setRows(std::move(rows));
    if (isVisible())
        consumers::readTimeLags(m_workspace, m_table->rowsOnScreen());
    updateState(hasRows);
}

void OverviewPage::updateHeadline(const std::vector<ConsumerRow> &rows)
{
    int trouble = 0;
    int behind = 0;
    int stale = 0;
    int all = 0;
    m_lag = {};
    QSet<QString> counted;
    for (const Connection *connection : m_workspace.systems())
        counted.insert(connection->name());
    for (const ConsumerRow &row : rows) {
        if (!counted.contains(row.connection))
            continue; // the same consumer, under another name of its system
        ++all;
        m_lag.add(row.lag.sum);
        trouble += consumers::isTrouble(row.lag.worst) ? 1 : 0;
        behind += row.lag.worst == models::lag::LagState::Lagging ? 1 : 0;
        stale += row.staleForMs ? 1 : 0;
    }
    QString words;
    QString icon = QStringLiteral("ok");
    auto role = theme::Role::Ok;
    if (all == 0) {
        icon.clear();
    } else if (stale > 0) {
        words = tr("%1 of %2 consumers could not be read: what is shown is old").arg(text::exact(stale), text::exact(all));
        icon = QStringLiteral("unknown");
        role = theme::Role::Warning;
    } else if (trouble > 0) {
        words = tr("%1 of %2 consumers want attention").arg(text::exact(trouble), text::exact(all));
        icon = QStringLiteral("warning");
        role = theme::Role::Error;
    } else if (behind > 0) {
        words = tr("No consumer has stopped; %1 of %2 have events waiting").arg(text::exact(behind), text::exact(all));
        icon = QStringLiteral("info");
        role = theme::Role::Info;
    } else {
        words = all == 1 ? tr("The one consumer keeps up") : tr("All %Ln consumers keep up", nullptr, all);
    }
    m_headline->setText(words);
    m_headlineIcon->setPixmap(icon.isEmpty() ? QPixmap() : theme::icon(icon, role).pixmap(QSize(20, 20), devicePixelRatioF()));
}

void OverviewPage::updateThroughput()
{
    std::optional<double> in;
    std::optional<double> out;
    bool isAnySilent = false;
    for (const Connection *connection : m_workspace.systems()) {
        if (connection->silence() || connection->error()) { // its last rates are no longer true
            isAnySilent = isAnySilent || connection->throughput().in() || connection->throughput().out();
            continue;
        }
        if (connection->throughput().in())
            in = in.value_or(0) + *connection->throughput().in();
        if (connection->throughput().out())
            out = out.value_or(0) + *connection->throughput().out();
    }
    const auto known = [isAnySilent](double rate) { return isAnySilent ? tr("%1 + ?").arg(text::rate(rate)) : text::rate(rate); };
    const QString unknown = QStringLiteral("?");
    QStringList words;
    if (in || isAnySilent)
        words += tr("%1 events/s written").arg(in ? known(*in) : unknown);
    if (out || isAnySilent)
        words += tr("%1 events/s read").arg(out ? known(*out) : unknown);
    if (m_lag.counted > 0 || m_lag.otherCount() > 0)
        words += tr("total lag %1").arg(consumers::sumWords(m_lag));
    if (const QString letters = deadLetterWords(); !letters.isEmpty())
        words += letters;
    m_throughput->setText(words.join(QStringLiteral("  ·  ")));
}

/// A queue whose depth is not known is not empty.
QString OverviewPage::deadLetterWords() const
{
    std::optional<qint64> letters;
    int unknown = 0;
    for (const Connection *connection : m_workspace.systems()) {
        for (const connectors::DeadLetterQueue &queue : connection->deadLetterQueues().value) {
            if (queue.depth)
                letters = letters.value_or(0) + *queue.depth;
            else
                ++unknown;
        }
    }
    if (!letters && unknown == 0)
        return {};
    const QString number = text::number(letters);
    const QString unread = unknown == 1 ? tr("1 queue unknown") : tr("%1 queues unknown").arg(text::exact(unknown));
    return unknown > 0 ? tr("%1 dead letters + %2").arg(number, unread) : tr("%1 dead letters").arg(number);
}

/// Beside the consumers of the connections that answer.
void OverviewPage::showUnread()
{
    constexpr qsizetype NamedErrors = 3;
    const auto errors = consumers::unreadConnections(m_workspace);
    QStringList lines;
    for (const widgets::NamedError &each : errors)
        if (lines.size() < NamedErrors)
            lines += tr("%1: %2").arg(each.name, text::untrusted(each.error.message, 160));
    if (std::ssize(errors) > NamedErrors)
        lines += tr("and %1 more connections").arg(text::exact(std::ssize(errors) - NamedErrors));
    m_notice->say(theme::Role::Warning, lines.join(u'\n'));
}

void OverviewPage::updateState(bool hasRows)
{
    if (hasRows) {
        m_stack->setCurrentWidget(m_table);
        return showUnread();
    }
    m_notice->clear();
    m_stack->setCurrentWidget(m_state);
    consumers::showNoConsumers(*m_state, m_workspace);
}

} // namespace ui::overview
