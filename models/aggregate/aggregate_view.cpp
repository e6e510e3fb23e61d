// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/aggregate/aggregate_view.h"

#include <algorithm>

namespace models::aggregate {

using connectors::Result;

AggregateView::AggregateView(job::JobList &jobs, UpcastSource upcasts, QObject *parent)
    : QObject(parent)
    , m_jobs(jobs)
    , m_upcasts(std::move(upcasts))
{
}

AggregateView::~AggregateView()
{
    for (const Running &running : m_threads)
        std::stop_source(running.stop).request_stop();
    m_threads.clear();
    endJob({});
}

void AggregateView::open(std::shared_ptr<connectors::Connector> connector, const QString &id, qint64 version)
{
    start(std::move(connector), id, [version](const AggregateHistory &history) { return version > 0 ? std::min(version, history.versions()) : history.versions(); });
}

void AggregateView::openAt(std::shared_ptr<connectors::Connector> connector, const QString &id, qint64 position)
{
    start(std::move(connector), id, [position](const AggregateHistory &history) {
        const auto found = std::find_if(history.events.cbegin(), history.events.cend(), [position](const AggregateEvent &event) { return event.position == position; });
        return found == history.events.cend() ? history.versions() : found - history.events.cbegin() + 1;
    });
}

void AggregateView::start(std::shared_ptr<connectors::Connector> connector, const QString &id, const std::function<qint64(const AggregateHistory &)> &choose)
{
    close();
    const quint64 generation = m_generation;
    m_connector = std::move(connector);
    m_isOpening = true;
    m_job = m_jobs.start(tr("Open the aggregate %1").arg(id.left(60)));
    const auto progress = m_job->progress();
    const std::stop_source stop = progress->stop;
    launch(stop, [this, generation, connector = m_connector, id, choose, progress, stop, source = m_upcasts] {
        const auto opened = [&]() -> Result<Opened> {
            const Result<Upcasts> upcasts = source ? source() : Result<Upcasts>(Upcasts());
            if (!upcasts)
                return tl::unexpected(upcasts.error());
            auto read = readHistory(*connector, id, stop.get_token(), [&progress](qint64 events) { progress->done = events; });
            if (!read)
                return tl::unexpected(read.error());
            auto history = std::make_shared<const AggregateHistory>(std::move(*read));
            return Opened{history, std::make_shared<StateFolder>(*connector, history, *upcasts)};
        }();
        const qint64 version = opened ? choose(*opened->history) : 0;
        QMetaObject::invokeMethod(this, [this, generation, opened, version] { receive(generation, opened, version); }, Qt::QueuedConnection);
    });
    Q_EMIT openingStarted();
}

void AggregateView::receive(quint64 generation, const Result<Opened> &result, qint64 version)
{
    if (generation != m_generation)
        return;
    m_isOpening = false;
    if (result) {
        m_history = result->history;
        m_folder = result->folder;
    } else {
        m_error = result.error();
    }
    endJob(result ? Result<void>() : Result<void>(tl::unexpected(result.error())));
    Q_EMIT opened();
    if (m_history && generation == m_generation)
        showVersion(version);
}

void AggregateView::showVersion(qint64 version)
{
    if (!m_history || version < 1 || version > m_history->versions() || version == m_version)
        return;
    m_version = version;
    if (m_folding == 0)
        foldNext();
}

void AggregateView::foldNext()
{
    m_folding = m_version;
    const std::stop_source stop;
    launch(stop, [this, generation = m_generation, version = m_version, stop, folder = m_folder, connector = m_connector] {
        const Result<ShownState> state = folder->stateAt(version, stop.get_token()).map([](FoldedState folded) {
            auto lines = linesOf({folded.state.constData(), static_cast<size_t>(folded.state.size())}, folded.changes, ShownLines);
            return ShownState{std::move(folded), std::move(lines)};
        });
        QMetaObject::invokeMethod(this, [this, generation, state] { receiveState(generation, state); }, Qt::QueuedConnection);
    });
}

void AggregateView::receiveState(quint64 generation, const Result<ShownState> &result)
{
    if (generation != m_generation)
        return;
    const bool isWanted = std::exchange(m_folding, 0) == m_version;
    if (!isWanted) {
        foldNext();
        if (!result)
            return;
    }
    if (result)
        m_state = *result;
    else
        m_state.reset();
    m_error = result ? std::nullopt : std::optional(result.error());
    Q_EMIT stateReceived();
}

void AggregateView::verify()
{
    if (!m_folder || m_isVerifying)
        return;
    m_isVerifying = true;
    m_verification.reset();
    m_job = m_jobs.start(tr("Verify the snapshots of %1").arg(m_history->id.left(60)));
    const auto progress = m_job->progress();
    progress->total = m_history->versions();
    const std::stop_source stop = progress->stop;
    launch(stop, [this, generation = m_generation, progress, stop, folder = m_folder, connector = m_connector] {
        const Result<Verification> result = aggregate::verify(*folder, stop.get_token(), [&progress](qint64 events) { progress->done = events; });
        QMetaObject::invokeMethod(this, [this, generation, result] { receiveVerification(generation, result); }, Qt::QueuedConnection);
    });
    Q_EMIT verificationStarted();
}

void AggregateView::receiveVerification(quint64 generation, const Result<Verification> &result)
{
    if (generation != m_generation)
        return;
    m_isVerifying = false;
    m_error = result ? std::nullopt : std::optional(result.error());
    if (result)
        m_verification = *result;
    endJob(result ? Result<void>() : Result<void>(tl::unexpected(result.error())));
    Q_EMIT verified();
}

void AggregateView::cancel()
{
    if (m_job)
        m_job->cancel();
}

void AggregateView::close()
{
    ++m_generation;
    for (Running &running : m_threads)
        running.stop.request_stop();
    endJob(connectors::failure(connectors::ErrorCode::Cancelled, tr("Something else was asked for.")));
    m_connector.reset();
    m_folder.reset();
    m_history.reset();
    m_version = m_folding = 0;
    m_state.reset();
    m_verification.reset();
    m_error.reset();
    m_isOpening = m_isVerifying = false;
}

void AggregateView::endJob(const Result<void> &result)
{
    if (m_job && !m_job->isFinished())
        m_job->finish(result);
    m_job = nullptr;
}

void AggregateView::launch(std::stop_source stop, std::function<void()> work)
{
    const quint64 number = ++m_lastThread;
    // The destructor joins every thread, so `this` lives as long as they do; what they still post is dropped with it.
    std::jthread thread([this, number, work = std::move(work)]() mutable {
        work();
        work = {}; // lets go of the connector before it is said that all is done
        QMetaObject::invokeMethod(this, [this, number] { join(number); }, Qt::QueuedConnection);
    });
    m_threads.push_back({number, std::move(stop), std::move(thread)});
}

void AggregateView::join(quint64 number)
{
    std::erase_if(m_threads, [number](const Running &running) { return running.number == number; });
}

} // namespace models::aggregate
