// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/job/job_list.h"

#include <algorithm>

namespace models::job {

namespace {

constexpr int KeptFinishedJobs = 20;

} // namespace

JobList::JobList(QObject *parent)
    : QAbstractListModel(parent)
{
}

Job *JobList::start(const QString &title, JobUnit unit)
{
    auto *job = new Job(title, unit, this);
    const int row = static_cast<int>(m_jobs.size());
    beginInsertRows({}, row, row);
    m_jobs.append(job);
    endInsertRows();
    connect(job, &Job::changed, this, [this, job] { jobChanged(job); });
    connect(job, &Job::finished, this, [this, job] {
        Q_EMIT jobFinished(job);
        const auto finished = std::count_if(m_jobs.cbegin(), m_jobs.cend(), [](const Job *each) { return each->isFinished(); });
        if (finished > KeptFinishedJobs)
            removeRowOf(*std::find_if(m_jobs.cbegin(), m_jobs.cend(), [](const Job *each) { return each->isFinished(); }));
    });
    Q_EMIT jobStarted(job);
    return job;
}

int JobList::runningCount() const
{
    return static_cast<int>(std::count_if(m_jobs.cbegin(), m_jobs.cend(), [](const Job *job) { return !job->isFinished(); }));
}

void JobList::cancelAll()
{
    for (Job *job : std::as_const(m_jobs))
        job->cancel();
}

void JobList::clearFinished()
{
    const QList<Job *> jobs = m_jobs;
    for (Job *job : jobs)
        if (job->isFinished())
            removeRowOf(job);
}

int JobList::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_jobs.size());
}

QVariant JobList::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    Job *job = m_jobs.at(index.row());
    switch (role) {
    case TitleRole:
        return job->title();
    case JobRole:
        return QVariant::fromValue<QObject *>(job);
    case StateRole:
        return static_cast<int>(job->state());
    case DoneRole:
        return job->done();
    case TotalRole:
        return job->total();
    case RateRole:
        return job->ratePerSecond();
    case RemainingRole:
        return job->remainingMs() ? QVariant(*job->remainingMs()) : QVariant();
    default:
        return {};
    }
}

void JobList::jobChanged(Job *job)
{
    const int row = static_cast<int>(m_jobs.indexOf(job));
    if (row >= 0)
        Q_EMIT dataChanged(index(row), index(row));
}

void JobList::removeRowOf(Job *job)
{
    const int row = static_cast<int>(m_jobs.indexOf(job));
    if (row < 0)
        return;
    beginRemoveRows({}, row, row);
    m_jobs.removeAt(row);
    endRemoveRows();
    job->deleteLater();
}

} // namespace models::job
