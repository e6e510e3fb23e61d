// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/event/event_table_model.h"
#include "models/event/time_histogram.h"
#include "models/job/job_list.h"

#include <QElapsedTimer>
#include <QPointer>

#include <deque>
#include <map>

namespace models::event {

/// Reads events of a connection into an EventTableModel, as a job. Takes what the connector has read in slices of a few
/// milliseconds of the GUI thread and shows it 8 times a second; while it is paused a live tail is set aside up to
/// 100,000 events or 64 MiB, then nothing is taken, so that it drops, with a count; a bounded read waits. Lives on the GUI thread.
class EventFeed final : public QObject
{
    Q_OBJECT

public:
    /// The model and the list must outlive this.
    EventFeed(EventTableModel &model, models::job::JobList &jobs, QObject *parent = nullptr);
    ~EventFeed() override;

    /// Ends what is under way, empties the table and reads. `expected` events are to be scanned (−1: not known).
    void start(std::shared_ptr<connectors::Connector> connector, const connectors::ReadRequest &request, const QString &title, qint64 expected);
    void cancel();
    /// Ends the read and empties the table.
    void clear();
    void setPaused(bool isPaused);
    /// Nothing is read behind a batch that nobody can read, before the user says so.
    [[nodiscard]] bool canGoOnBehind() const;
    /// Reads what is behind them too, into the same table; a tail goes on elsewhere.
    void goOnBehind();

    [[nodiscard]] bool isRunning() const { return m_channel != nullptr; }
    [[nodiscard]] bool isFollowing() const { return isRunning() && m_request.isFollowing; }
    [[nodiscard]] bool isPaused() const { return m_isPaused; }
    [[nodiscard]] bool wasStarted() const { return m_wasStarted; } ///< since the last clear()
    [[nodiscard]] const connectors::ReadRequest &request() const { return m_request; }
    /// So far, or the whole when it has finished.
    [[nodiscard]] const connectors::ReadReport &report() const { return m_report; }
    [[nodiscard]] const std::optional<connectors::Error> &error() const { return m_error; }
    [[nodiscard]] const TimeHistogram &histogram() const { return m_histogram; }
    /// Null when there was none, or it is no longer in the list of jobs.
    [[nodiscard]] models::job::Job *job() const { return m_job; }

Q_SIGNALS:
    void progressed(); ///< rows were added, or counts are new; at most 8 times a second
    void finished();

private:
    /// Where each partition stands before what nobody can read.
    using Stops = std::map<std::pair<QString, int>, qint64>;
    [[nodiscard]] static Stops stopsOf(const connectors::ReadReport &report);
    void beginJob(const QString &title, qint64 expected);
    void listen(const connectors::ReadRequest &request);
    void addLeftOut();
    void addLeftOutRow(const connectors::LeftOutRange &range, qint64 position, const QString &words);
    [[nodiscard]] connectors::ReadReport sumUp(connectors::ReadReport report) const;
    [[nodiscard]] connectors::ReadRequest restBehind(const connectors::ReadReport &report) const;
    void pump();
    [[nodiscard]] bool canSetAside() const;
    void setAside(const connectors::EventBatchPtr &batch);
    [[nodiscard]] connectors::EventBatchPtr nextBatch();
    void take(const connectors::EventBatchPtr &batch);
    void show();
    void end(const connectors::Result<connectors::ReadReport> &result);
    void abandon();

    EventTableModel &m_model;
    models::job::JobList &m_jobs;
    std::shared_ptr<connectors::Connector> m_connector;
    connectors::EventChannelPtr m_channel;
    connectors::ReadRequest m_request;
    connectors::ReadReport m_report;
    connectors::ReadReport m_before;                        ///< of reads that this one goes on
    std::optional<connectors::ReadReport> m_goingOn;        ///< from here, when the read under way has ended
    std::map<std::tuple<QString, int, qint64>, bool> m_leftOut; ///< that have a row where they begin; true: where they end too
    std::map<std::pair<QString, int>, qint64> m_lastTaken;  ///< position in each partition
    std::optional<connectors::Error> m_error;
    TimeHistogram m_histogram;
    QPointer<models::job::Job> m_job;
    QTimer m_timer;
    QElapsedTimer m_sinceShown;
    std::deque<connectors::EventBatchPtr> m_aside; ///< came while paused, and is shown before what comes later
    qint64 m_eventsAside = 0;
    qint64 m_bytesAside = 0;
    bool m_isPaused = false;
    bool m_wasStarted = false;
};

} // namespace models::event
