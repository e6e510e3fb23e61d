// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/connection/workspace.h"
#include "models/job/job_list.h"
#include "models/trace/flow_search.h"
#include "models/trace/graph_scene.h"

#include <QPointer>

#include <functional>
#include <thread>

namespace models::trace {

/// Finds flows for a window: one search at a time over all open connections, on a thread of its own, as a job. Lives on the GUI
/// thread. Connections that count as production are read at 20 MB/s at most.
class TraceFinder final : public QObject
{
    Q_OBJECT

public:
    static constexpr qint64 ProductionBytesPerSecond = 20'000'000;

    TraceFinder(connection::Workspace &workspace, job::JobList &jobs, QObject *parent = nullptr);
    ~TraceFinder() override; ///< ends the search under way, which takes at most a second

    /// Ends the search before, whose late answers are dropped.
    void find(const TraceRequest &request);
    void cancel();
    /// Reads the newest events and answers with recentFlowsFound(). Listed among the jobs only when somebody asked for it.
    void findRecentFlows(bool isAsked);

    [[nodiscard]] bool isSearching() const { return m_isSearching; }
    [[nodiscard]] bool isFindingRecentFlows() const { return m_isFindingRecent; }
    [[nodiscard]] const TraceRequest &request() const { return m_request; }
    /// What was found; null before the first answer. While searching: what is known so far.
    [[nodiscard]] const GraphScenePtr &found() const { return m_found; }
    /// The search as a whole failed; found() is null then.
    [[nodiscard]] const std::optional<connectors::Error> &error() const { return m_error; }
    [[nodiscard]] bool wasCancelled() const { return m_wasCancelled; }
    /// The job of the search under way; null without one.
    [[nodiscard]] const job::Job *job() const { return m_job; }
    /// For reading bodies and exporting, by index of Trace::connections of what was found.
    [[nodiscard]] const std::vector<TraceSource> &sources() const { return m_sources; }

Q_SIGNALS:
    void searchStarted();
    void partFound();      ///< found() has more
    void searchFinished(); ///< found() or error() is final
    void marksChanged();   ///< found() is the same trace, with dead letters marked
    void recentFlowsFound(const std::vector<models::trace::FlowSummary> &flows);

private:
    struct Work;
    [[nodiscard]] std::vector<TraceSource> openSources(const QString &preferred) const;
    [[nodiscard]] std::vector<LetterQueue> letterQueues(const QString &preferred) const;
    void search(const std::shared_ptr<Work> &work);
    void receivePart(quint64 generation, const GraphScenePtr &scene);
    void receive(quint64 generation, const connectors::Result<GraphScenePtr> &result);
    void receiveMarks(quint64 generation, const GraphScenePtr &scene);
    /// Runs `work` on a thread that is joined when it has said that it is done.
    void launch(job::Job *job, std::shared_ptr<job::JobProgress> progress, std::function<void()> work);
    void join(quint64 thread);

    connection::Workspace &m_workspace;
    job::JobList &m_jobs;
    struct Running {
        quint64 number = 0;
        QPointer<job::Job> job; ///< null for work that nobody asked for
        std::shared_ptr<job::JobProgress> progress;
        std::jthread thread;
    };
    std::vector<Running> m_threads;
    quint64 m_lastThread = 0;
    quint64 m_generation = 0;
    QPointer<job::Job> m_job;
    QPointer<job::Job> m_recentJob;
    std::vector<TraceSource> m_sources;
    TraceRequest m_request;
    GraphScenePtr m_found;
    std::optional<connectors::Error> m_error;
    bool m_isSearching = false;
    bool m_isFindingRecent = false;
    bool m_wasCancelled = false;
};

} // namespace models::trace
