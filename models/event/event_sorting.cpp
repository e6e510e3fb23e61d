// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/event/event_sorting.h"

#include "connectors/deliver.h"

#include <QtConcurrentRun>

namespace models::event {

namespace {

constexpr int RowsOfAJob = 200'000; ///< fewer are sorted before anybody could read what the job is called

} // namespace

EventSorting::EventSorting(QObject *parent)
    : QObject(parent)
{
    m_pool.setMaxThreadCount(1);
}

EventSorting::~EventSorting()
{
    stop();
}

void EventSorting::start(const EventList &list, const EventRows &rows, EventOrder order)
{
    stop();
    m_order = order;
    m_job = m_jobs && rows.count() >= RowsOfAJob ? m_jobs->start(tr("Sort the events")) : nullptr;
    m_progress = m_job ? m_job->progress() : std::make_shared<job::JobProgress>();
    // The copies go with the function, so that the other thread also frees what was dropped here meanwhile.
    auto sort = [input = std::make_unique<SortInput>(list, rows, order), progress = m_progress] {
        auto places = sortedPlaces(*input, *progress);
        return places ? std::make_shared<std::vector<quint32>>(std::move(*places)) : Places();
    };
    connectors::deliver(QtConcurrent::run(&m_pool, std::move(sort)), this, [this, progress = m_progress](const Places &places) { end(progress, places); });
}

void EventSorting::stop()
{
    if (!m_progress)
        return;
    m_progress->stop.request_stop();
    m_progress.reset();
    if (m_job)
        m_job->finish(connectors::failure(connectors::ErrorCode::Cancelled, tr("The table was sorted in another way, or changed.")));
}

/// A cancel that comes after the last look of the other thread has come too late for it, but not for the user.
void EventSorting::end(const std::shared_ptr<job::JobProgress> &progress, const Places &places)
{
    if (progress != m_progress)
        return;
    m_progress.reset();
    if (m_job)
        m_job->finish({});
    if (places && !progress->isCancelled())
        Q_EMIT finished(places);
    else
        Q_EMIT cancelled();
}

} // namespace models::event
