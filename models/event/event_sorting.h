// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/event/event_order.h"
#include "models/job/job_list.h"

#include <QPointer>
#include <QThreadPool>

namespace models::event {

/// One sorting at a time, on another thread, as a job where the rows are many. Lives on the GUI thread, and takes next to
/// nothing of its time.
class EventSorting final : public QObject
{
    Q_OBJECT

public:
    using Places = std::shared_ptr<std::vector<quint32>>;

    explicit EventSorting(QObject *parent = nullptr);
    ~EventSorting() override;

    /// Where a long sorting is shown and cancelled; must outlive this. Without, nobody sees one.
    void setJobs(job::JobList *jobs) { m_jobs = jobs; }
    /// Instead of one that is under way. The list and the rows may change afterwards.
    void start(const EventList &list, const EventRows &rows, EventOrder order);
    /// Ends what is under way without a signal.
    void stop();
    [[nodiscard]] bool isRunning() const { return m_progress != nullptr; }
    [[nodiscard]] EventOrder order() const { return m_order; } ///< the last one that was started

Q_SIGNALS:
    void finished(const models::event::EventSorting::Places &places); ///< relative to the rows' first()
    void cancelled();                                                 ///< by the user, in the list of jobs

private:
    void end(const std::shared_ptr<job::JobProgress> &progress, const Places &places);

    job::JobList *m_jobs = nullptr;
    EventOrder m_order;
    std::shared_ptr<job::JobProgress> m_progress; ///< of what is under way
    QPointer<job::Job> m_job;
    QThreadPool m_pool; ///< not the global one: Qt's painting waits for that one's threads
};

} // namespace models::event
