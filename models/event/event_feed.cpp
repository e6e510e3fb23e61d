// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/event/event_feed.h"

#include <algorithm>
#include <utility>

namespace models::event {

using connectors::EventBatchPtr;
using connectors::LeftOutRange;
using connectors::ReadReport;
using connectors::ReadRequest;
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
    m_request.previewBytes = connectors::TablePreviewBytes;
    m_connector = std::move(connector);
    m_model.reset(m_connector);
    auto *reader = m_connector->eventReader();
    if (!reader) {
        m_error = connectors::Error{connectors::ErrorCode::Unsupported, m_connector->whyNot(connectors::Ability::EventReader), {}, false};
        Q_EMIT finished();
        return;
    }
    beginJob(title, expected);
    listen(m_request);
}

void EventFeed::beginJob(const QString &title, qint64 expected)
{
    m_job = m_jobs.start(title, models::job::JobUnit::Events);
    m_job->progress()->total = expected;
    connect(m_job, &models::job::Job::cancelRequested, this, [this] {
        m_goingOn.reset();
        if (m_channel)
            m_channel->cancel();
    });
}

void EventFeed::listen(const connectors::ReadRequest &request)
{
    m_channel = m_connector->eventReader()->read(request);
    m_sinceShown.start();
    m_timer.start(0);
    Q_EMIT progressed();
}

bool EventFeed::canGoOnBehind() const
{
    const Stops stops = stopsOf(m_report);
    const bool isAnyBehind = !stops.empty() && std::any_of(m_report.partitions.cbegin(), m_report.partitions.cend(), [&](const connectors::PartitionRead &part) {
        const auto stop = stops.find({part.stream, part.partition});
        return stop != stops.end() && stop->second == part.next && (m_request.isFollowing || part.next + 1 < part.to);
    });
    return isAnyBehind && (!isRunning() || isFollowing()) && !m_goingOn;
}

EventFeed::Stops EventFeed::stopsOf(const ReadReport &report)
{
    Stops stops;
    for (const LeftOutRange &range : report.leftOut) {
        if (!range.to)
            stops.emplace(std::pair(range.stream, range.partition), range.from);
    }
    return stops;
}

void EventFeed::goOnBehind()
{
    if (!canGoOnBehind())
        return;
    m_error.reset();
    if (m_channel) {
        m_goingOn = m_channel->progress();
        return m_channel->cancel(); // what has come is taken first
    }
    beginJob(tr("Read on behind what cannot be read"), -1);
    m_before = m_report;
    listen(restBehind(m_report));
}

/// A cancelled read may have counted what it could not hand over any more, so `report` is of before.
ReadRequest EventFeed::restBehind(const ReadReport &report) const
{
    ReadRequest rest = m_request;
    rest.ranges.clear();
    const Stops stops = stopsOf(report);
    for (connectors::PartitionRead part : report.partitions) {
        const auto stop = stops.find({part.stream, part.partition});
        const bool isStopped = stop != stops.end() && stop->second == part.next;
        const auto taken = m_lastTaken.find({part.stream, part.partition});
        part.to = std::max(part.to, part.next + 1);
        part.from = isStopped ? part.next + 1 : taken != m_lastTaken.end() ? std::max(part.next, taken->second + 1) : part.next;
        if (part.from < part.to || m_request.isFollowing || isStopped) // none at all would mean everything
            rest.ranges.push_back(part);
    }
    return rest;
}

/// A row each at the place where it begins, and one where it ends when that has been found further on.
void EventFeed::addLeftOut()
{
    for (const LeftOutRange &range : m_report.leftOut) {
        const auto [shown, isNew] = m_leftOut.try_emplace({range.stream, range.partition, range.from}, false);
        if (isNew)
            addLeftOutRow(range, range.from, range.why);
        if (!range.to || std::exchange(shown->second, true))
            continue;
        if (*range.to > range.from + 1)
            addLeftOutRow(range, *range.to - 1, tr("left out up to here, from position %1 on").arg(range.from));
    }
}

void EventFeed::addLeftOutRow(const LeftOutRange &range, qint64 position, const QString &words)
{
    connectors::EventBatchBuilder builder;
    connectors::EventRecord record;
    record.stream = builder.internStream(range.stream);
    record.partition = range.partition;
    record.position = position;
    record.format = connectors::BodyFormat::LeftOut;
    record.eventType = builder.addBytes(words.toStdString());
    builder.add(record);
    m_model.append(builder.take());
}

ReadReport EventFeed::sumUp(ReadReport report) const
{
    report.scanned += m_before.scanned;
    report.matched += m_before.matched;
    report.undecodable += m_before.undecodable;
    report.notFilterable += m_before.notFilterable;
    report.dropped += m_before.dropped;
    report.bytes += m_before.bytes;
    report.leftOut.insert(report.leftOut.begin(), m_before.leftOut.cbegin(), m_before.leftOut.cend());
    return report;
}

void EventFeed::cancel()
{
    m_goingOn.reset();
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
    m_before = {};
    m_goingOn.reset();
    m_leftOut.clear();
    m_lastTaken.clear();
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
    for (qsizetype row = 0; row < batch->count(); ++row) {
        const connectors::EventRecord &record = batch->record(row);
        if (record.time != connectors::NoNumber)
            m_histogram.add(record.time);
        const bool isLastOfPart = row + 1 == batch->count() || batch->record(row + 1).partition != record.partition || batch->record(row + 1).stream != record.stream;
        if (isLastOfPart)
            m_lastTaken[{batch->streamOf(row), record.partition}] = record.position;
    }
}

void EventFeed::show()
{
    if (m_channel)
        m_report = sumUp(m_channel->progress());
    if (m_job)
        m_job->progress()->done = m_report.scanned;
    addLeftOut();
    m_model.announce();
    m_sinceShown.restart();
    Q_EMIT progressed();
}

void EventFeed::end(const Result<ReadReport> &result)
{
    m_timer.stop();
    m_report = sumUp(result ? *result : m_channel->progress());
    addLeftOut();
    m_model.announce();
    if (const auto from = std::exchange(m_goingOn, std::nullopt)) {
        m_before = m_report;
        return listen(restBehind(*from));
    }
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
