// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/trace/trace_finder.h"

#include <algorithm>

namespace models::trace {

using connectors::Result;
using job::Job;

namespace {

constexpr qint64 LargePart = 20'000; ///< events; a part that has more is drawn only now and then
constexpr std::chrono::seconds LargePartInterval{3};
constexpr qint64 MaximumTitle = 60;

QString nameOf(const TraceRequest &request)
{
    return request.address ? placeText(*request.address) : request.text.trimmed().left(MaximumTitle);
}

} // namespace

/// What the searching thread needs; it touches nothing else of the finder.
struct TraceFinder::Work {
    quint64 generation = 0;
    std::vector<TraceSource> sources;
    std::vector<LetterQueue> queues;
    TraceRequest request;
    std::shared_ptr<job::JobProgress> progress;
};

TraceFinder::TraceFinder(connection::Workspace &workspace, job::JobList &jobs, QObject *parent)
    : QObject(parent)
    , m_workspace(workspace)
    , m_jobs(jobs)
{
}

TraceFinder::~TraceFinder()
{
    for (const Running &running : m_threads)
        running.progress->stop.request_stop();
    m_threads.clear();
    for (Job *job : {m_job.data(), m_recentJob.data()})
        if (job)
            job->finish({});
}

std::vector<TraceSource> TraceFinder::openSources(const QString &preferred) const
{
    std::vector<TraceSource> sources;
    for (const connection::Connection *connection : m_workspace.systems(preferred)) {
        const bool isLimited = connectors::countsAsProduction(connection->environment());
        sources.push_back({connection->name(), connection->connector(), isLimited ? ProductionBytesPerSecond : 0});
    }
    return sources;
}

std::vector<LetterQueue> TraceFinder::letterQueues(const QString &preferred) const
{
    std::vector<LetterQueue> queues;
    int index = 0;
    for (const connection::Connection *connection : m_workspace.systems(preferred)) {
        for (const connectors::DeadLetterQueue &queue : connection->deadLetterQueues().value)
            if (queue.depth != 0)
                queues.push_back({index, queue.stream, queue.evidence != connectors::DeadLetterEvidence::StoreTable});
        ++index;
    }
    return queues;
}

void TraceFinder::find(const TraceRequest &request)
{
    cancel();
    auto work = std::make_shared<Work>();
    work->generation = ++m_generation;
    m_sources = openSources(request.connection);
    work->sources = m_sources;
    work->queues = letterQueues(request.connection);
    work->request = request;
    m_request = request;
    m_found.reset();
    m_error.reset();
    m_wasCancelled = false;
    m_isSearching = true;
    m_job = m_jobs.start(tr("Search the trace of %1").arg(nameOf(request)));
    work->progress = m_job->progress();
    launch(m_job, work->progress, [this, work] { search(work); });
    Q_EMIT searchStarted();
}

/// On the searching thread.
void TraceFinder::search(const std::shared_ptr<Work> &work)
{
    const quint64 generation = work->generation;
    SearchObserver observer;
    observer.progressed = [work](qint64 scanned, qint64 total) {
        work->progress->done = scanned;
        work->progress->total = total;
    };
    auto lastPart = std::chrono::steady_clock::time_point();
    observer.partReceived = [&](const Trace &part) {
        const auto now = std::chrono::steady_clock::now();
        if (static_cast<qint64>(part.events.size()) > LargePart && now - lastPart < LargePartInterval)
            return;
        lastPart = now;
        const GraphScenePtr scene = GraphScene::build(joinTrace(part));
        QMetaObject::invokeMethod(this, [this, generation, scene] { receivePart(generation, scene); }, Qt::QueuedConnection);
    };
    const std::stop_token stop = work->progress->stop.get_token();
    Result<Trace> found = searchFlow(work->sources, work->request, stop, observer);
    Result<GraphScenePtr> scene = tl::unexpected(found ? connectors::Error() : found.error());
    if (found)
        scene = GraphScene::build(joinTrace(*found));
    QMetaObject::invokeMethod(this, [this, generation, scene] { receive(generation, scene); }, Qt::QueuedConnection);
    if (!found || found->events.empty() || work->queues.empty())
        return;
    if (markDeadLetters(*found, work->sources, work->queues, stop) == 0)
        return;
    const GraphScenePtr marked = GraphScene::build(joinTrace(std::move(*found)));
    QMetaObject::invokeMethod(this, [this, generation, marked] { receiveMarks(generation, marked); }, Qt::QueuedConnection);
}

void TraceFinder::cancel()
{
    if (m_job)
        m_job->cancel();
}

void TraceFinder::findRecentFlows(bool isAsked)
{
    if (m_isFindingRecent)
        return;
    m_isFindingRecent = true;
    m_recentJob = isAsked ? m_jobs.start(tr("Look for recent flows")) : nullptr;
    const auto progress = m_recentJob ? m_recentJob->progress() : std::make_shared<job::JobProgress>();
    launch(m_recentJob, progress, [this, sources = openSources({}), stop = progress->stop.get_token()] {
        std::vector<FlowSummary> flows = recentFlows(sources, stop);
        QMetaObject::invokeMethod(this, [this, flows = std::move(flows)] {
            m_isFindingRecent = false;
            if (m_recentJob)
                m_recentJob->finish({});
            Q_EMIT recentFlowsFound(flows);
        }, Qt::QueuedConnection);
    });
}

void TraceFinder::receivePart(quint64 generation, const GraphScenePtr &scene)
{
    if (generation != m_generation || !m_isSearching)
        return;
    m_found = scene;
    Q_EMIT partFound();
}

void TraceFinder::receive(quint64 generation, const Result<GraphScenePtr> &result)
{
    if (generation != m_generation)
        return;
    m_isSearching = false;
    m_wasCancelled = m_job && m_job->state() == job::JobState::Cancelling;
    if (result) {
        m_found = *result;
    } else {
        m_found.reset();
        m_error = result.error();
    }
    if (m_job)
        m_job->finish(result ? Result<void>() : Result<void>(tl::unexpected(result.error())));
    Q_EMIT searchFinished();
}

void TraceFinder::receiveMarks(quint64 generation, const GraphScenePtr &scene)
{
    if (generation != m_generation)
        return;
    m_found = scene;
    Q_EMIT marksChanged();
}

void TraceFinder::launch(Job *job, std::shared_ptr<job::JobProgress> progress, std::function<void()> work)
{
    const quint64 number = ++m_lastThread;
    // The destructor joins every thread, so `this` lives as long as they do; what they still post is dropped with it.
    std::jthread thread([this, number, work = std::move(work)] {
        work();
        QMetaObject::invokeMethod(this, [this, number] { join(number); }, Qt::QueuedConnection);
    });
    m_threads.push_back({number, job, std::move(progress), std::move(thread)});
}

void TraceFinder::join(quint64 thread)
{
    const auto found = std::find_if(m_threads.begin(), m_threads.end(), [thread](const Running &running) { return running.number == thread; });
    if (found == m_threads.end())
        return;
    if (found->job && !found->job->isFinished())
        found->job->finish({}); // an older search, whose answer nobody waits for
    m_threads.erase(found);
}

} // namespace models::trace
