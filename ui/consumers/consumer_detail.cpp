// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/consumers/consumer_detail.h"

#include "connectors/deliver.h"
#include "ui/consumers/lag_text.h"
#include "ui/consumers/partition_bar_delegate.h"
#include "ui/consumers/partition_table_model.h"
#include "ui/theme/theme.h"
#include "ui/widgets/chart.h"
#include "ui/widgets/ink_delegate.h"
#include "ui/widgets/plain_label.h"
#include "ui/widgets/text.h"

#include <QClipboard>
#include <QDateTime>
#include <QGuiApplication>
#include <QHeaderView>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QTableView>
#include <QToolButton>
#include <QVBoxLayout>

namespace ui::consumers {

namespace text = widgets::text;
using models::connection::CheckpointEvent;
using models::connection::CheckpointEvents;

namespace {

constexpr connectors::EpochMs EventReadInterval = 500; ///< well below the shortest poll; each poll may move the places
constexpr size_t EventPlaces = 16; ///< the worst so many partitions

QLabel *selectableLabel(const QString &name, QWidget *parent)
{
    QLabel *label = widgets::plainLabel(name, parent);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    return label;
}

QString nothingWatchedText()
{
    return ConsumerDetail::tr("Nothing was watched in this time yet.");
}

} // namespace

ConsumerDetail::ConsumerDetail(models::history::History &history, QWidget *parent)
    : QWidget(parent)
    , m_history(history)
    , m_icon(new QLabel(this))
    , m_name(selectableLabel(QStringLiteral("consumer-name"), this))
    , m_state(selectableLabel(QStringLiteral("consumer-state"), this))
    , m_facts(selectableLabel(QStringLiteral("consumer-facts"), this))
    , m_reset(new QPushButton(theme::icon(QStringLiteral("reset")), tr("&Reset…"), this))
    , m_copy(new QToolButton(this))
    , m_chart(new widgets::Chart(tr("Lag"), widgets::Chart::Unit::Events, this))
    , m_partitions(new PartitionTableModel(this))
    , m_table(new QTableView(this))
    , m_events(this)
{
    setObjectName(QStringLiteral("consumer-detail"));
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, theme::Spacing, 0, 0);
    layout->setSpacing(theme::Spacing);
    buildHeadline(layout);
    m_chart->setObjectName(QStringLiteral("consumer-chart"));
    m_chart->setEmptyText(nothingWatchedText());
    layout->addWidget(m_chart, 1);
    buildPartitions(layout);
    connect(&m_events, &CheckpointEvents::eventsReceived, this, &ConsumerDetail::showEvents);
    connect(&m_events, &CheckpointEvents::readFailed, this, [this] {
        m_eventPlaces.clear(); // the next poll asks again
        m_partitions->setEvents({});
    });
    connect(m_chart, &widgets::Chart::exported, this, &ConsumerDetail::messageRaised);
}

void ConsumerDetail::buildHeadline(QVBoxLayout *layout)
{
    QFont large = m_name->font();
    large.setPointSizeF(large.pointSizeF() * 1.25);
    large.setBold(true);
    m_name->setFont(large);
    QFont bold = m_state->font();
    bold.setBold(true);
    m_state->setFont(bold);
    m_facts->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_reset->setObjectName(QStringLiteral("consumer-reset"));
    m_reset->setAccessibleName(tr("Reset this consumer"));
    m_reset->setAutoDefault(false);
    m_copy->setObjectName(QStringLiteral("consumer-copy"));
    m_copy->setText(tr("Copy as…"));
    m_copy->setIcon(theme::icon(QStringLiteral("copy")));
    m_copy->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_copy->setPopupMode(QToolButton::InstantPopup);
    auto *menu = new QMenu(m_copy);
    menu->addAction(tr("Name"), this, [this] { QGuiApplication::clipboard()->setText(m_consumer); });
    menu->addAction(tr("Command"), this, [this] {
        const auto quoted = [](QString word) -> QString { return u'\'' + word.replace(u'\'', QStringLiteral("'\\''")) + u'\''; };
        QGuiApplication::clipboard()->setText(QStringLiteral("streamgaugectl lag ") + quoted(m_connection ? m_connection->name() : QString())
                                              + QStringLiteral(" --group ") + quoted(m_consumer));
    });
    menu->addAction(tr("Link"), this, [this] {
        const QString name = QString::fromLatin1(QUrl::toPercentEncoding(m_connection ? m_connection->name() : QString()));
        QGuiApplication::clipboard()->setText(QStringLiteral("streamgauge://") + name + QStringLiteral("/consumers/")
                                              + QString::fromLatin1(QUrl::toPercentEncoding(m_consumer)));
    });
    menu->addAction(tr("Markdown"), this, [this] {
        QGuiApplication::clipboard()->setText(QStringLiteral("**%1** %2, %3").arg(m_consumer, m_state->text(), m_facts->text()));
    });
    m_copy->setMenu(menu);
    auto *row = new QHBoxLayout;
    row->setSpacing(theme::Spacing);
    row->addWidget(m_name);
    row->addWidget(m_icon);
    row->addWidget(m_state);
    row->addWidget(m_facts, 1);
    row->addWidget(m_reset);
    row->addWidget(m_copy);
    layout->addLayout(row);
    connect(m_reset, &QPushButton::clicked, this, &ConsumerDetail::resetRequested);
}

void ConsumerDetail::buildPartitions(QVBoxLayout *layout)
{
    m_table->setObjectName(QStringLiteral("partition-table"));
    m_table->setAccessibleName(tr("Partitions of this consumer"));
    m_table->setModel(m_partitions);
    m_table->setItemDelegate(new widgets::InkDelegate(m_table));
    m_table->setItemDelegateForColumn(PartitionTableModel::BarColumn, new PartitionBarDelegate(m_table));
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setShowGrid(false);
    m_table->setWordWrap(false);
    m_table->setTabKeyNavigation(false);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(26);
    m_table->horizontalHeader()->setHighlightSections(false);
    m_table->horizontalHeader()->setSectionResizeMode(PartitionTableModel::BarColumn, QHeaderView::Stretch);
    const int em = fontMetrics().averageCharWidth();
    const std::pair<int, int> widths[]{{PartitionTableModel::StreamColumn, 20}, {PartitionTableModel::PartitionColumn, 7}, {PartitionTableModel::MemberColumn, 18},
                                       {PartitionTableModel::InColumn, 9}, {PartitionTableModel::OutColumn, 9}, {PartitionTableModel::LagColumn, 11},
                                       {PartitionTableModel::StateColumn, 30}, {PartitionTableModel::EventColumn, 44}};
    for (const auto &[column, ems] : widths)
        m_table->setColumnWidth(column, ems * em);
    m_table->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(m_table, &QTableView::activated, this, &ConsumerDetail::openEventAt);
    connect(m_table, &QWidget::customContextMenuRequested, this, [this](const QPoint &at) {
        const QModelIndex index = m_table->indexAt(at);
        if (!index.isValid())
            return;
        auto *menu = new QMenu(m_table);
        menu->setAttribute(Qt::WA_DeleteOnClose);
        menu->addAction(theme::icon(QStringLiteral("event")), tr("Open the event at the checkpoint"), this, [this, index] { openEventAt(index); });
        menu->popup(m_table->viewport()->mapToGlobal(at));
    });
    layout->addWidget(m_table, 1);
}

void ConsumerDetail::showConsumer(models::connection::Connection *connection, const QString &consumer)
{
    if (m_connection == connection && m_consumer == consumer)
        return;
    m_connection = connection;
    m_consumer = consumer;
    m_events.cancel();
    m_eventPlaces.clear();
    m_eventsAskedAt = 0;
    m_oldestEvent.reset();
    ++m_generation;
    m_isChartOutstanding = false;
    m_partitions->clear();
    m_chart->setSeries({});
    m_chart->resetZoom();
    m_name->setText(text::untrusted(consumer, 80));
}

void ConsumerDetail::update(const frame::TimeRange &range, bool isLive)
{
    if (!m_connection)
        return;
    const connectors::ConsumerState *state = stateOf(*m_connection, m_consumer);
    if (!state) {
        m_state->setText(tr("no longer there"));
        m_facts->setText(tr("The system does not list this consumer any more. What was watched is kept."));
        m_partitions->clear();
    } else if (isLive) {
        const models::lag::ConsumerLag lag = lagOf(*state);
        readCheckpointEvents(lag);
        m_partitions->setConsumer(lag, state->members, m_connection->consumers().receivedAt, m_connection->throughput().pace().leastGap);
        updateHeadline(*state, lag);
    }
    if (isLive || m_chart->series().empty())
        updateChart(range);
}

models::lag::ConsumerLag ConsumerDetail::lagOf(const connectors::ConsumerState &state) const
{
    models::lag::ConsumerLag lag = models::lag::consumerLag(state);
    return m_connection->isCurrent(m_connection->consumers()) ? lag : models::lag::asUnknown(std::move(lag));
}

void ConsumerDetail::resetZoom()
{
    m_chart->resetZoom();
}

void ConsumerDetail::updateHeadline(const connectors::ConsumerState &state, const models::lag::ConsumerLag &lag)
{
    const theme::Role role = stateRole(lag.worst);
    m_icon->setPixmap(theme::icon(stateIcon(lag.worst), role).pixmap(QSize(20, 20), devicePixelRatioF()));
    m_state->setText(stateWord(lag.worst));
    QPalette colored = palette();
    colored.setColor(QPalette::WindowText, theme::color(role));
    m_state->setPalette(colored);
    QStringList facts;
    facts += tr("lag %1").arg(lagWords(lag));
    if (m_oldestEvent && lag.totalLag.value_or(0) > 0)
        facts += tr("oldest %1").arg(text::duration(QDateTime::currentMSecsSinceEpoch() - *m_oldestEvent));
    if (lag.lost > 0)
        facts += tr("%1 lost").arg(text::exact(lag.lost));
    if (state.members)
        facts += state.members->size() == 1 ? tr("1 member") : tr("%Ln members", nullptr, static_cast<int>(state.members->size()));
    if (state.problem)
        facts += text::error(*state.problem).replace(u'\n', u' ');
    if (!m_connection->isCurrent(m_connection->consumers()))
        facts += tr("not read for %1").arg(text::duration(QDateTime::currentMSecsSinceEpoch() - m_connection->consumers().receivedAt));
    m_facts->setText(facts.join(QStringLiteral(" · ")));
    m_facts->setToolTip(text::toolTip(m_facts->text() + u'\n' + stateExplanation(lag.worst)));
    const QString why = m_connection->connector()->whyNot(connectors::Ability::CheckpointChange);
    m_reset->setEnabled(why.isEmpty());
    m_reset->setToolTip(why.isEmpty() ? tr("Plan to move this consumer's checkpoints. Nothing changes before you approve the plan.") : text::toolTip(why));
}

void ConsumerDetail::updateChart(const frame::TimeRange &range)
{
    if (!m_connection->identity() || m_isChartOutstanding)
        return;
    const connectors::EpochMs now = QDateTime::currentMSecsSinceEpoch();
    m_chart->setTimeWindow(range.begin(now), range.end(now)); // first: it may end a zoom
    models::history::SeriesQuery query;
    query.name = m_consumer;
    query.from = m_chart->isZoomed() ? m_chart->visibleFrom() : range.begin(now);
    query.to = m_chart->isZoomed() ? m_chart->visibleTo() : range.end(now);
    query.pixels = m_chart->plotPixels();
    m_isChartOutstanding = true;
    connectors::deliver(m_history.query(m_connection->identity()->systemId, query), this,
                        [this, generation = m_generation](const connectors::Result<models::history::SeriesByName> &result) {
                            if (generation != m_generation)
                                return;
                            m_isChartOutstanding = false;
                            if (!result) {
                                m_chart->setEmptyText(text::error(result.error()));
                                return;
                            }
                            m_chart->setEmptyText(nothingWatchedText()); // an earlier failure is over
                            const auto line = result->find(QString());
                            m_chart->setSeries({{tr("lag"), 0, line == result->end() ? std::vector<widgets::ChartPoint>() : line->second}});
                        });
}

void ConsumerDetail::readCheckpointEvents(const models::lag::ConsumerLag &lag)
{
    std::vector<const models::lag::PartitionLag *> worst;
    for (const models::lag::PartitionLag &partition : lag.partitions)
        if (partition.checkpoint && partition.start && partition.end && std::max(*partition.checkpoint, *partition.start) < *partition.end)
            worst.push_back(&partition);
    std::sort(worst.begin(), worst.end(), [](const auto *a, const auto *b) { return a->lag.value_or(0) > b->lag.value_or(0); });
    worst.resize(std::min(worst.size(), EventPlaces));
    std::vector<connectors::PartitionRead> places;
    for (const auto *partition : worst) {
        connectors::PartitionRead place;
        place.stream = partition->stream;
        place.partition = partition->partition;
        place.from = std::max(*partition->checkpoint, *partition->start);
        place.to = *partition->end;
        places.push_back(place);
    }
    const auto isSamePlace = [](const connectors::PartitionRead &a, const connectors::PartitionRead &b) {
        return a.stream == b.stream && a.partition == b.partition && a.from == b.from;
    };
    if (std::equal(places.begin(), places.end(), m_eventPlaces.begin(), m_eventPlaces.end(), isSamePlace))
        return; // a stopped consumer stands at the same events
    m_oldestEvent.reset(); // it was that of places left since
    const connectors::EpochMs now = QDateTime::currentMSecsSinceEpoch();
    if (now - m_eventsAskedAt < EventReadInterval)
        return;
    m_eventPlaces = places;
    m_eventsAskedAt = now;
    if (!places.empty())
        m_events.read(m_connection->connector(), places);
}

void ConsumerDetail::showEvents(const std::vector<CheckpointEvent> &events)
{
    m_partitions->setEvents(events);
    m_oldestEvent.reset();
    for (const CheckpointEvent &event : events)
        if (event.time != connectors::NoNumber)
            m_oldestEvent = std::min(m_oldestEvent.value_or(event.time), event.time);
    if (const auto *state = m_connection ? stateOf(*m_connection, m_consumer) : nullptr)
        updateHeadline(*state, lagOf(*state));
}

void ConsumerDetail::openEventAt(const QModelIndex &index)
{
    if (!index.isValid())
        return;
    if (const CheckpointEvent *event = m_partitions->eventOf(index.row())) {
        Q_EMIT eventRequested(event->address);
        return;
    }
    const models::lag::PartitionLag &partition = m_partitions->partition(index.row());
    if (partition.checkpoint)
        Q_EMIT eventRequested({partition.stream, partition.partition, *partition.checkpoint});
}

} // namespace ui::consumers
