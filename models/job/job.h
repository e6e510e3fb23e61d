// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/result.h"

#include <QObject>
#include <QTimer>

#include <atomic>
#include <memory>
#include <optional>
#include <stop_token>

namespace models::job {

enum class JobState { Running, Cancelling, Succeeded, Failed, Cancelled };

/// What `done` and `total` of a job count.
enum class JobUnit { Events, Bytes, Partitions, Steps };

/// The worker's end of a job: written from any thread, read by the job 5 times a second.
struct JobProgress {
    std::atomic<qint64> done = 0;
    std::atomic<qint64> total = -1; ///< −1: not known
    std::stop_source stop;
    [[nodiscard]] bool isCancelled() const { return stop.stop_requested(); }
};

/// What a job works on, as a link names it: so that a window can lead there when the job has ended.
struct JobOrigin {
    QString page; ///< empty: nowhere
    QString connection;
    QString object;
};

/// Something long that a user can see and cancel. Lives on the GUI thread; the work runs elsewhere and tells through
/// progress(); whoever started it says finish() on the GUI thread.
class Job final : public QObject
{
    Q_OBJECT

public:
    Job(QString title, JobUnit unit, QObject *parent = nullptr);

    [[nodiscard]] const QString &title() const { return m_title; } ///< "Search orders.events"; plain text
    [[nodiscard]] JobUnit unit() const { return m_unit; }
    [[nodiscard]] JobState state() const { return m_state; }
    [[nodiscard]] bool isFinished() const { return m_state != JobState::Running && m_state != JobState::Cancelling; }
    [[nodiscard]] qint64 done() const { return m_progress->done; }
    [[nodiscard]] qint64 total() const { return m_progress->total; }
    [[nodiscard]] double ratePerSecond() const { return m_rate; } ///< smoothed; 0 until known
    [[nodiscard]] std::optional<qint64> remainingMs() const;
    [[nodiscard]] const std::optional<connectors::Error> &error() const { return m_error; }
    /// What a failed job came to, in a few words for a list; empty: it just failed.
    [[nodiscard]] const QString &failureWords() const { return m_failureWords; }
    [[nodiscard]] const JobOrigin &origin() const { return m_origin; }
    void setOrigin(JobOrigin origin) { m_origin = std::move(origin); }

    /// Give this to the worker.
    [[nodiscard]] const std::shared_ptr<JobProgress> &progress() const { return m_progress; }
    [[nodiscard]] std::stop_token stopToken() const { return m_progress->stop.get_token(); }

    void cancel();
    /// Ends the job: Succeeded, Failed, or Cancelled when that was asked for or the error says so. Only the first call counts.
    void finish(const connectors::Result<void> &result, const QString &failureWords = {});

Q_SIGNALS:
    void changed();         ///< progress or state, at most 5 times a second
    void cancelRequested(); ///< for work that has a channel or a future to cancel rather than a stop token
    void finished();

private:
    void measure();

    const QString m_title;
    const JobUnit m_unit;
    JobState m_state = JobState::Running;
    std::shared_ptr<JobProgress> m_progress = std::make_shared<JobProgress>();
    std::optional<connectors::Error> m_error;
    QString m_failureWords;
    JobOrigin m_origin;
    QTimer m_timer;
    qint64 m_measuredDone = 0;
    qint64 m_measuredAtMs = 0;
    double m_rate = 0;
};

} // namespace models::job
