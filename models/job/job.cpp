// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/job/job.h"

#include <QDeadlineTimer>

namespace models::job {

namespace {

qint64 monotonicMs()
{
    return QDeadlineTimer::current().deadline();
}

} // namespace

Job::Job(QString title, JobUnit unit, QObject *parent)
    : QObject(parent)
    , m_title(std::move(title))
    , m_unit(unit)
    , m_measuredAtMs(monotonicMs())
{
    connect(&m_timer, &QTimer::timeout, this, &Job::measure);
    m_timer.start(std::chrono::milliseconds(200));
}

std::optional<qint64> Job::remainingMs() const
{
    if (isFinished() || total() < 0 || m_rate <= 0)
        return std::nullopt;
    return static_cast<qint64>(static_cast<double>(std::max<qint64>(0, total() - done())) / m_rate * 1000.0);
}

void Job::cancel()
{
    if (m_state != JobState::Running)
        return;
    m_state = JobState::Cancelling;
    m_progress->stop.request_stop();
    Q_EMIT cancelRequested();
    Q_EMIT changed();
}

void Job::finish(const connectors::Result<void> &result, const QString &failureWords)
{
    if (isFinished())
        return;
    m_timer.stop();
    if (result)
        m_state = m_state == JobState::Cancelling ? JobState::Cancelled : JobState::Succeeded;
    else if (result.error().code == connectors::ErrorCode::Cancelled)
        m_state = JobState::Cancelled;
    else
        m_state = JobState::Failed;
    if (m_state == JobState::Failed) {
        m_error = result.error();
        m_failureWords = failureWords;
    }
    Q_EMIT changed();
    Q_EMIT finished();
}

void Job::measure()
{
    const qint64 time = monotonicMs();
    const qint64 current = done();
    if (time <= m_measuredAtMs)
        return;
    const double newest = static_cast<double>(current - m_measuredDone) * 1000.0 / static_cast<double>(time - m_measuredAtMs);
    // Exponential smoothing over about two seconds: quick enough to notice a stall, calm enough to read.
    m_rate = m_rate <= 0 ? newest : m_rate * 0.9 + newest * 0.1;
    m_measuredDone = current;
    m_measuredAtMs = time;
    Q_EMIT changed();
}

} // namespace models::job
