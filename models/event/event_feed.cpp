// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/event/event_feed.h"

namespace models::event {

using connectors::EventBatchPtr;
using connectors::ReadReport;
using connectors::Result;

namespace {

constexpr qint64 TakeSliceMs = 8;  ///< of the GUI thread at a time
constexpr int IdleIntervalMs = 40; ///< how soon something new is looked for
constexpr qint64 ShowIntervalMs = 125;
constexpr qint64 MostEventsAside = 100'000;
constexpr qint64 MostBytesAside = 64LL << 20;

} // namespace

EventFeed::EventFeed(EventTableModel &model, models::job::JobList &jobs, QObject *parent)
    : QObject(parent)
    , m_model(model)
    , m_jobs(jobs)
{
    connect(&m_timer, &QTimer::timeout, this, &EventFeed::pump);
}

EventFeed::~EventFeed()
{
    abandon();
}

void EventFeed::start(std::shared_ptr<connectors::Connector> connector, const connectors::ReadRequest &request, const QString &title, qint64 expected)
{
    clear();
    m_wasStarted = true;
    m_request = request;
    m_connector = std::move(connector);
    m_model.reset(m_connector);
    auto *reader = m_connector->eventReader();
    if (!reader) {
        m_error = connectors::Error{connectors::ErrorCode::Unsupported, m_connector->whyNot(connectors::Ability::EventReader), {}, false};
        Q_EMIT finished();
        return;
    }
    m_job = m_jobs.start(title, models::job::JobUnit::Events);
    m_job->progress()->total = expected;
    m_channel = reader->read(request);
    connect(m_job, &models::job::Job::cancelRequested, this, [channel = m_channel] { channel->cancel(); });
    m_sinceShown.start();
    m_timer.start(0);
    Q_EMIT progressed();
}

void EventFeed::cancel()
{
    if (m_job)
        m_job->cancel();
    if (m_channel)
        m_channel->cancel();
    setPaused(false);
}

void EventFeed::clear()
{
    abandon();
    m_wasStarted = false;
    m_isPaused = false;
    m_aside.clear();
    m_eventsAside = 0;
    m_bytesAside = 0;
    m_report = {};
    m_error.reset();
    m_histogram.clear();
    m_model.reset(nullptr);
}

/// The connector's thread notices at its next push; what it still delivers goes nowhere.
void EventFeed::abandon()
{
    m_timer.stop();
    if (!m_channel)
        return;
    m_channel->cancel();
    m_channel.reset();
    if (m_job)
        m_job->finish(connectors::failure(connectors::ErrorCode::Cancelled, tr("Another read began.")));
}

void EventFeed::setPaused(bool isPaused)
{
    if (isPaused == m_isPaused || (isPaused && !isRunning()))
        return;
    m_isPaused = isPaused;
    show();
}

void EventFeed::pump()
{
    QElapsedTimer clock;
    clock.start();
    bool isEmpty = m_isPaused && !canSetAside();
    while (!isEmpty && clock.elapsed() < TakeSliceMs) {
        const EventBatchPtr batch = m_isPaused ? m_channel->tryPop() : nextBatch();
        if (batch && m_isPaused)
            setAside(batch);
        else if (batch)
            take(batch);
        isEmpty = !batch || (m_isPaused && !canSetAside());
    }
    if (m_channel->isFinished() && m_aside.empty()) {
        end(m_channel->result());
        return;
    }
    m_timer.setInterval(isEmpty ? IdleIntervalMs : 0);
    if (m_sinceShown.elapsed() >= ShowIntervalMs)
        show();
}

bool EventFeed::canSetAside() const
{
    return m_request.isFollowing && m_eventsAside < MostEventsAside && m_bytesAside < MostBytesAside;
}

void EventFeed::setAside(const EventBatchPtr &batch)
{
    m_aside.push_back(batch);
    m_eventsAside += batch->count();
    m_bytesAside += batch->memoryBytes();
}

EventBatchPtr EventFeed::nextBatch()
{
    if (m_aside.empty())
        return m_channel->tryPop();
    const EventBatchPtr batch = m_aside.front();
    m_aside.pop_front();
    m_eventsAside -= batch->count();
    m_bytesAside -= batch->memoryBytes();
    return batch;
}

void EventFeed::take(const EventBatchPtr &batch)
{
    m_model.append(batch);
    for (qsizetype row = 0; row < batch->count(); ++row)
        if (const connectors::EpochMs time = batch->record(row).time; time != connectors::NoNumber)
            m_histogram.add(time);
}

void EventFeed::show()
{
    if (m_channel)
        m_report = m_channel->progress();
    if (m_job)
        m_job->progress()->done = m_report.scanned;
    m_model.announce();
    m_sinceShown.restart();
    Q_EMIT progressed();
}

void EventFeed::end(const Result<ReadReport> &result)
{
    m_timer.stop();
    m_model.announce();
    m_report = result ? *result : m_channel->progress();
    if (!result)
        m_error = result.error();
    m_channel.reset();
    if (m_job) {
        m_job->progress()->done = m_report.scanned;
        m_job->finish(result ? Result<void>() : Result<void>(tl::unexpected(result.error())));
    }
    m_isPaused = false;
    Q_EMIT finished();
}

} // namespace models::event
