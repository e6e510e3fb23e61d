// SPDX-License-Identifier: GPL-3.0-or-later
// What the Traces page searches, and how it tells what it found.
#include "ui/traces/traces_page.h"

#include "ui/event/event_panel.h"
#include "ui/traces/search_bar.h"
#include "ui/traces/search_words.h"
#include "ui/traces/trace_exporter.h"
#include "ui/traces/trace_view.h"
#include "ui/widgets/state_view.h"
#include "ui/widgets/text.h"

#include <QDateTime>
#include <QListView>
#include <QStackedWidget>

#include <algorithm>

namespace ui::traces {

using models::connection::Connection;
using models::trace::TraceEvent;
using models::trace::TraceRequest;
namespace text = ui::widgets::text;

namespace {

constexpr int ListedStreams = 10;

/// What was asked for, else the first event without a cause: the panel has something to show at once.
int firstChosen(const models::trace::GraphScene &scene, const TraceRequest &asked)
{
    const auto &events = scene.trace().events;
    const auto found = std::find_if(events.cbegin(), events.cend(), [&asked](const TraceEvent &each) {
        const std::optional<connectors::EventAddress> &wanted = asked.address ? asked.address : asked.seenAt;
        return wanted ? each.address == *wanted : !asked.text.isEmpty() && each.eventId == asked.text.trimmed();
    });
    if (found != events.cend())
        return static_cast<int>(found - events.cbegin());
    for (const qint32 root : scene.graph().roots())
        if (scene.graph().eventOf(root) >= 0)
            return scene.graph().eventOf(root);
    return 0;
}

} // namespace

/// Looking for recent flows without being asked is for systems that it cannot disturb.
bool TracesPage::mayReadAtOnce() const
{
    const auto isHarmless = [](const Connection *connection) { return !connectors::countsAsProduction(connection->environment()); };
    return !m_workspace.connections().isEmpty() && std::all_of(m_workspace.connections().cbegin(), m_workspace.connections().cend(), isHarmless);
}

void TracesPage::lookForRecentFlows()
{
    m_finder.findRecentFlows(!m_isLookingUnasked);
    showState();
}

/// As long as there is nothing to choose from: a system that was empty a moment ago may have flows now.
void TracesPage::lookUnasked()
{
    if (!isVisible() || m_flows.rowCount() > 0 || m_asked != TraceRequest() || m_finder.isFindingRecentFlows() || !mayReadAtOnce())
        return;
    m_isLookingUnasked = true;
    lookForRecentFlows();
}

void TracesPage::showRecentFlows(const std::vector<models::trace::FlowSummary> &flows)
{
    m_flows.setSeen(flows);
    if (isVisible())
        watchConnections();
    const bool isUnasked = std::exchange(m_isLookingUnasked, false);
    if (m_asked != TraceRequest())
        return;
    // Nobody has asked for anything yet, so the page shows what it can do, on the largest flow.
    const auto largest = std::max_element(flows.cbegin(), flows.cend(), [](const auto &a, const auto &b) { return a.events < b.events; });
    if (isUnasked && isVisible() && largest != flows.cend() && !m_bar->isBeingTyped())
        search(largest->request, Reach::InRange);
    else
        showState();
}

void TracesPage::search(TraceRequest request, Reach reach)
{
    request.from.reset();
    request.to.reset();
    m_asked = request;
    m_asked.isPatient = false;
    m_reach = reach;
    m_isRangeNew = false;
    m_hasShownPart = false;
    if (reach == Reach::InRange) {
        const connectors::EpochMs now = QDateTime::currentMSecsSinceEpoch();
        request.from = timeRange().begin(now);
        if (!timeRange().isMoving())
            request.to = timeRange().end(now);
    }
    m_bar->setRequest(m_asked);
    m_bar->setSearching(true);
    m_exporter->setTrace(nullptr, {});
    m_view->setScene(nullptr, false);
    m_panel->clear(tr("Choose an event in the graph, in time or in the list to read it here."));
    m_finder.find(request);
    if (const models::job::Job *job = m_finder.job())
        connect(job, &models::job::Job::changed, this, &TracesPage::showProgress);
    showState();
}

/// The button of whatever state is shown: back in time, on where the search stopped, or the first step.
void TracesPage::searchFurther()
{
    if (m_asked == TraceRequest()) {
        lookForRecentFlows();
        return;
    }
    TraceRequest request = m_asked;
    const bool wasCut = m_finder.found() && !m_finder.found()->trace().isComplete();
    request.isPatient = wasCut;
    search(request, wasInRange() && !wasCut && !m_finder.error() ? Reach::Everywhere : m_reach);
}

void TracesPage::showProgress()
{
    if (m_finder.isSearching())
        m_finder.found() ? showNotice() : showState();
}

void TracesPage::showFound()
{
    m_bar->setSearching(m_finder.isSearching());
    const models::trace::GraphScenePtr &scene = m_finder.found();
    if (scene && !scene->trace().events.empty()) {
        m_view->setScene(scene, std::exchange(m_hasShownPart, true));
        m_exporter->setTrace(scene->joined(), m_finder.sources());
    }
    if (scene && !m_finder.isSearching()) {
        m_flows.addOpened(models::trace::summaryOf(scene->trace(), m_asked));
        m_flows.setFoundBeside(scene->trace().otherFlows, m_asked);
        const QModelIndex row = m_flows.index(std::max(0, m_flows.rowOf(models::trace::summaryOf(scene->trace(), m_asked).name)));
        m_list->setCurrentIndex(row);
        if (m_view->currentEvent() < 0)
            chooseAsked();
    }
    showState();
    showNotice();
}

/// The event that one comes from, where there is one.
void TracesPage::chooseAsked()
{
    if (const models::trace::GraphScenePtr &scene = m_finder.found(); scene && !scene->trace().events.empty())
        m_view->setCurrentEvent(firstChosen(*scene, m_asked));
}

void TracesPage::showNotice()
{
    const models::trace::GraphScenePtr &scene = m_finder.found();
    if (!scene || scene->trace().events.empty())
        return;
    if (m_finder.isSearching()) {
        const auto *job = m_finder.job();
        m_bar->setFinding(tr("Searching, this is what is known so far: %1 events read.").arg(text::number(job ? job->done() : 0)), {}, {});
        return;
    }
    const models::trace::Trace &trace = scene->trace();
    const QString wayOn = !trace.isComplete() ? tr("Search on") : wasInRange() ? tr("Search all times") : QString();
    const QString words = foundText(trace, m_asked) + u' ' + searchOutcome(trace, searchedRange(), scene->joined()->numbers.missing, m_finder.wasCancelled());
    m_bar->setFinding(words, searchDetails(trace, 30).join(u'\n'), wayOn);
}

bool TracesPage::wasInRange() const
{
    return m_finder.request().from || m_finder.request().to;
}

QString TracesPage::searchedRange() const
{
    if (!wasInRange())
        return {};
    const QString range = frame::textOf(timeRange());
    const bool isExtended = m_finder.found() && m_finder.found()->trace().isRangeExtended;
    return isExtended ? tr("%1 and an hour around what is known of the flow").arg(range) : range;
}

void TracesPage::showState()
{
    const models::trace::GraphScenePtr &scene = m_finder.found();
    const bool hasEvents = scene && !scene->trace().events.empty();
    m_stack->setCurrentIndex(hasEvents ? 1 : 0);
    if (hasEvents)
        return;
    if (m_workspace.connections().isEmpty()) {
        m_state->showEmpty(tr("No connection is open"), tr("Open one to search its traces here."), {}, QStringLiteral("traces"));
    } else if (m_finder.isSearching()) {
        const auto *job = m_finder.job();
        QString words = tr("Searching for %1").arg(nameOf(m_asked));
        if (job && job->done() > 0)
            words += job->total() > 0 ? tr(": %1 of %2 events").arg(text::number(job->done()), text::number(std::max(job->done(), job->total())))
                                      : tr(": %1 events").arg(text::number(job->done()));
        m_state->showLoading(words);
    } else if (m_finder.error()) {
        m_state->showError(tr("%1 could not be searched").arg(nameOf(m_asked)), *m_finder.error(), tr("Try again"));
    } else if (scene) {
        showNothingFound(scene->trace());
    } else if (m_finder.isFindingRecentFlows()) {
        m_state->showLoading(tr("Looking for recent flows"));
    } else {
        m_state->showEmpty(tr("Which flow do you want to see?"),
                           tr("Type anything that is known above: an order number, a correlation or event id, a key, any text of an event, or a place "
                              "such as orders/3@1204. Or choose one of the flows on the left."),
                           m_flows.rowCount() == 0 ? tr("Look for recent flows") : QString(), QStringLiteral("traces"));
    }
}

void TracesPage::showNothingFound(const models::trace::Trace &trace)
{
    QStringList lines;
    if (m_finder.wasCancelled())
        lines += tr("The search was cancelled.");
    else if (!trace.isComplete() && trace.problems.empty())
        lines += tr("The search stopped at its bounds before everything was read.");
    lines += wasInRange() ? tr("Searched within the time range “%1”:").arg(searchedRange()) : tr("Searched, all times:");
    lines += searchDetails(trace, ListedStreams);
    const QString button = !trace.isComplete() ? tr("Search on") : wasInRange() ? tr("Search further back, all times") : QString();
    m_state->showEmpty(tr("Nothing was found for %1").arg(nameOf(m_asked)), lines.join(u'\n'), button, QStringLiteral("search"));
}

} // namespace ui::traces
