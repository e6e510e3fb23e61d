// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/aggregates/aggregates_page.h"

#include "ui/aggregates/aggregate_bar.h"
#include "ui/aggregates/aggregate_events.h"
#include "ui/aggregates/state_panel.h"
#include "ui/theme/theme.h"
#include "ui/widgets/state_view.h"
#include "ui/widgets/text.h"

#include <QAction>
#include <QSettings>
#include <QSplitter>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <algorithm>

namespace ui::aggregates {

using models::aggregate::AggregateEvent;
using models::aggregate::AggregateView;
using models::connection::Connection;
using models::connection::Workspace;
namespace text = ui::widgets::text;

AggregatesPage::AggregatesPage(Workspace &workspace, models::job::JobList &jobs, models::aggregate::UpcastSource upcasts, QWidget *parent)
    : Page(QStringLiteral("aggregates"), tr("Aggregates"), QStringLiteral("aggregates"), parent)
    , m_workspace(workspace)
    , m_view(jobs, std::move(upcasts))
    , m_bar(new AggregateBar(this))
    , m_stack(new QStackedWidget(this))
    , m_state(new widgets::StateView(this))
    , m_content(new QSplitter(Qt::Horizontal))
    , m_events(new AggregateEvents)
    , m_panel(new StatePanel)
{
    m_panel->setView(&m_view);
    m_content->setObjectName(QStringLiteral("aggregates-splitter"));
    m_content->setChildrenCollapsible(false);
    m_content->addWidget(m_events);
    m_content->addWidget(m_panel);
    m_content->setStretchFactor(0, 1);
    m_content->setStretchFactor(1, 1);
    m_content->setSizes({560, 540});
    m_stack->addWidget(m_state);
    m_stack->addWidget(m_content);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(theme::Margin, theme::Margin, theme::Margin, theme::Margin);
    column->setSpacing(theme::Spacing);
    column->addWidget(m_bar);
    column->addWidget(m_stack, 1);
    buildCommands();
    connectParts();
    updateConnections();
    showState();
}

AggregatesPage::~AggregatesPage() = default;

void AggregatesPage::buildCommands()
{
    const auto add = [this](const char *name, const char *icon, const QString &words, const QKeySequence &shortcut, const std::function<void()> &act) {
        auto *action = new QAction(theme::icon(QLatin1String(icon)), words, this);
        action->setObjectName(QLatin1String(name));
        action->setShortcut(shortcut);
        action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
        addAction(action);
        connect(action, &QAction::triggered, this, act);
        m_commands.append(action);
    };
    add("action-aggregate-open", "aggregates", tr("Open an aggregate by its id"), QKeySequence::Find, [this] { m_bar->focusLine(); });
    add("action-aggregate-version", "forward", tr("Go to a version of the aggregate"), QKeySequence(Qt::CTRL | Qt::Key_G), [this] { m_panel->focusSlider(); });
    add("action-aggregate-verify", "ok", tr("Verify the snapshots of the aggregate"), {}, [this] { m_view.verify(); });
}

void AggregatesPage::connectParts()
{
    connect(m_bar, &AggregateBar::openRequested, this, &AggregatesPage::openTyped);
    connect(m_bar, &AggregateBar::cancelRequested, &m_view, &AggregateView::cancel);
    connect(m_bar, &AggregateBar::connectionChosen, this, &AggregatesPage::updateKnown);
    connect(m_state, &widgets::StateView::buttonClicked, this, &AggregatesPage::nextStep);
    for (auto signal : {&AggregateView::openingStarted, &AggregateView::opened})
        connect(&m_view, signal, this, &AggregatesPage::showAll);
    for (auto signal : {&AggregateView::stateReceived, &AggregateView::verificationStarted, &AggregateView::verified})
        connect(&m_view, signal, m_panel, &StatePanel::update);
    connect(&m_view, &AggregateView::stateReceived, this, [this] { m_events->setVersion(m_view.version()); });
    const auto showVersion = [this](qint64 version) {
        m_view.showVersion(version);
        m_panel->update();
        m_events->setVersion(version);
    };
    connect(m_panel, &StatePanel::versionChosen, this, showVersion);
    connect(m_events, &AggregateEvents::versionChosen, this, showVersion);
    connect(m_panel, &StatePanel::verifyRequested, &m_view, &AggregateView::verify);
    connect(m_panel, &StatePanel::cancelRequested, &m_view, &AggregateView::cancel);
    connect(m_panel, &StatePanel::messageRaised, this, &AggregatesPage::messageRaised);
    connect(m_events, &AggregateEvents::eventRequested, this, [this](qint64 version) {
        const AggregateEvent &event = m_view.history()->at(version);
        Q_EMIT placeRequested({QStringLiteral("streams"), m_connection, event.stream, connectors::EventAddress{event.stream, 0, event.position}});
    });
    connect(m_events, &AggregateEvents::traceRequested, this, [this](qint64 version) {
        const AggregateEvent &event = m_view.history()->at(version);
        Q_EMIT placeRequested({QStringLiteral("traces"), m_connection, event.correlationId.isEmpty() ? event.eventId : event.correlationId,
                               connectors::EventAddress{event.stream, 0, event.position}});
    });
    connect(&m_workspace, &Workspace::connectionOpened, this, [this](const Connection *opened) {
        markStale();
        const bool isAwaited = !m_id.isEmpty() && !m_view.connector() && (m_connection.isEmpty() || m_connection == opened->name());
        if (isAwaited && models::aggregate::whyNoAggregates(*opened->connector()).isEmpty())
            open(opened->name(), m_id, m_wanted);
    });
    connect(&m_workspace, &Workspace::connectionChanged, this, [this] { markStale(); });
    connect(&m_workspace, &Workspace::connectionClosed, this, [this](const Connection *closed) {
        if (closed->name() == m_connection) {
            m_view.close();
            m_connection.clear();
            m_id.clear();
        }
        QMetaObject::invokeMethod(this, [this] { showAll(); }, Qt::QueuedConnection); // it is in the workspace still
    });
}

void AggregatesPage::goTo(const frame::Place &place)
{
    if (place.object.isEmpty())
        return;
    updateConnections();
    const QString connection = place.connection.isEmpty() ? m_bar->connection() : place.connection;
    if (connection == m_connection && place.object == m_id && m_view.history()) {
        const auto &events = m_view.history()->events;
        const auto found = std::find_if(events.cbegin(), events.cend(), [&place](const AggregateEvent &event) { return place.address && event.position == place.address->position; });
        if (found != events.cend())
            return m_view.showVersion(found - events.cbegin() + 1);
        if (!place.address)
            return;
    }
    open(connection, place.object, place.address);
}

frame::Place AggregatesPage::place() const
{
    std::optional<connectors::EventAddress> address;
    if (m_view.history() && m_view.version() > 0 && !isNewestShown()) {
        const AggregateEvent &event = m_view.history()->at(m_view.version());
        address = connectors::EventAddress{event.stream, 0, event.position};
    }
    return {id(), m_connection, m_id, address};
}

void AggregatesPage::refresh()
{
    if (m_id.isEmpty())
        return;
    const frame::Place here = place();
    open(here.connection, here.object, here.address);
}

bool AggregatesPage::isNewestShown() const
{
    return m_view.history() && m_view.version() == m_view.history()->versions();
}

void AggregatesPage::openTyped()
{
    open(m_bar->connection(), m_bar->aggregate(), std::nullopt);
    Q_EMIT placeChanged();
}

void AggregatesPage::open(const QString &connection, const QString &id, const std::optional<connectors::EventAddress> &address)
{
    m_connection = connection;
    m_id = id;
    m_wanted = address;
    m_bar->setConnection(connection);
    m_bar->setAggregate(id);
    const Connection *found = m_workspace.find(connection);
    if (!found) {
        m_view.close();
        return showAll();
    }
    if (address)
        m_view.openAt(found->connector(), id, address->position);
    else
        m_view.open(found->connector(), id);
}

void AggregatesPage::refreshWhenShown()
{
    showAll();
}

void AggregatesPage::updateConnections()
{
    m_bar->setConnections(m_workspace.connections());
    for (const Connection *connection : m_workspace.connections())
        connect(connection, &Connection::streamsReceived, this, &AggregatesPage::updateKnown, Qt::UniqueConnection);
    updateKnown();
}

/// Cheap to know: what was opened here, and how the streams of the store's categories begin.
void AggregatesPage::updateKnown()
{
    QStringList known = m_opened;
    if (const Connection *connection = m_workspace.find(m_bar->connection()))
        for (const connectors::StreamInfo &stream : connection->streams().value.streams) {
            const bool isGroup = stream.stream.endsWith(u"-*");
            if (!stream.stream.startsWith(u'$'))
                known += isGroup ? stream.stream.chopped(1) : stream.stream;
        }
    m_bar->setKnown(known);
}

void AggregatesPage::showAll()
{
    if (m_view.history() && !m_opened.contains(m_id))
        m_opened += m_id;
    updateConnections();
    m_bar->setOpening(m_view.isOpening());
    m_events->setHistory(m_view.history());
    m_events->setVersion(m_view.version());
    m_panel->update();
    showState();
}

void AggregatesPage::showState()
{
    m_stack->setCurrentWidget(m_view.history() ? static_cast<QWidget *>(m_content) : m_state);
    if (m_view.history())
        return;
    if (m_view.isOpening())
        m_state->showLoading(tr("Reading the events of %1").arg(text::untrusted(m_id, 100)));
    else if (m_view.error())
        m_state->showError(tr("The aggregate could not be opened"), *m_view.error(), tr("Try again"));
    else
        showNothingOpen();
}

void AggregatesPage::showNothingOpen()
{
    if (!m_bar->connection().isEmpty()) {
        m_state->showEmpty(tr("Which aggregate?"),
                           tr("Type the id of one above, such as the name of its stream. You see all its events, what it was after each of them, and what each has changed. "
                              "“Open the aggregate” in the menu of an event leads here too."),
                           tr("Look for it in Streams"), QStringLiteral("aggregates"));
        return;
    }
    QStringList reasons;
    for (const Connection *connection : m_workspace.connections())
        reasons += QStringLiteral("%1: %2").arg(text::untrusted(connection->name(), 60), text::untrusted(models::aggregate::whyNoAggregates(*connection->connector()), 300));
    m_state->showEmpty(tr("No event store is open"), tr("Aggregates are kept by event stores. Open one with ＋ above.") + u'\n' + reasons.join(u'\n'), {}, QStringLiteral("aggregates"));
}

void AggregatesPage::nextStep()
{
    if (m_view.error())
        return refresh();
    Q_EMIT placeRequested({QStringLiteral("streams"), m_bar->connection(), {}, {}});
}

void AggregatesPage::saveTo(QSettings &settings) const
{
    settings.setValue(QStringLiteral("aggregates/splitter"), m_content->saveState());
}

void AggregatesPage::restoreFrom(const QSettings &settings)
{
    m_content->restoreState(settings.value(QStringLiteral("aggregates/splitter")).toByteArray());
}

} // namespace ui::aggregates
