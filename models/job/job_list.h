// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/job/job.h"

#include <QAbstractListModel>

#include <functional>

namespace models::job {

/// The jobs of a window, running ones and those that finished lately, oldest first. Owns them.
class JobList final : public QAbstractListModel
{
    Q_OBJECT

public:
    enum Role { TitleRole = Qt::DisplayRole, JobRole = Qt::UserRole + 1, StateRole, DoneRole, TotalRole, RateRole, RemainingRole };

    explicit JobList(QObject *parent = nullptr);

    /// A new running job; whoever starts it finishes it.
    Job *start(const QString &title, JobUnit unit = JobUnit::Events);
    [[nodiscard]] const QList<Job *> &jobs() const { return m_jobs; }
    [[nodiscard]] int runningCount() const;
    void cancelAll();
    /// Drops finished jobs.
    void clearFinished();

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;

Q_SIGNALS:
    void jobStarted(models::job::Job *job);
    void jobFinished(models::job::Job *job);

private:
    void jobChanged(Job *job);
    void removeRowOf(Job *job);

    QList<Job *> m_jobs;
};

} // namespace models::job
