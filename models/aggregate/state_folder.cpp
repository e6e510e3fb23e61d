// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/aggregate/state_folder.h"

#include "connectors/answer_of.h"
#include "connectors/json_text.h"
#include "connectors/state_fold.h"
#include "models/event/whole_event.h"

#include <QCoreApplication>

namespace models::aggregate {

using namespace connectors;

namespace {

struct FolderText {
    Q_DECLARE_TR_FUNCTIONS(StateFolder)
};

std::string_view viewOf(const QByteArray &bytes)
{
    return {bytes.constData(), static_cast<size_t>(bytes.size())};
}

QByteArray bytesFrom(const std::string &text)
{
    return QByteArray(text.data(), static_cast<qsizetype>(text.size()));
}

tl::unexpected<Error> isAnother(const AggregateHistory &history)
{
    return failure(ErrorCode::Conflict, FolderText::tr("The events of “%1” are others than when it was opened.").arg(history.id.left(200)), FolderText::tr("Open it again."));
}

} // namespace

/// A fold under way.
struct StateFolder::Running {
    qint64 version = 0; ///< of the last event in the state
    json::MergedValue state;
    std::optional<UsedSnapshot> snapshot;
    qint64 foldedEvents = 0;
    std::vector<UnfoldedEvent> unfolded;
    qint64 unfoldedCount = 0;
    qsizetype bytesSinceMeasured = 0;

    void leaveOut(UnfoldedEvent::Reason reason)
    {
        if (unfolded.size() < MostUnfolded)
            unfolded.push_back({version, reason});
        ++unfoldedCount;
    }
};

StateFolder::StateFolder(Connector &connector, std::shared_ptr<const AggregateHistory> history, Upcasts upcasts)
    : m_connector(connector)
    , m_history(std::move(history))
    , m_upcasts(std::move(upcasts))
{
}

Result<FoldedState> StateFolder::stateAt(qint64 version, const std::stop_token &stop, Snapshots snapshots) const
{
    if (version < 1 || version > m_history->versions())
        return failure(ErrorCode::InvalidInput, FolderText::tr("“%1” has no version %2.").arg(m_history->id.left(200)).arg(version),
                       FolderText::tr("Its versions are 1 to %1.").arg(m_history->versions()));
    auto running = begin(version, stop, snapshots);
    if (!running)
        return tl::unexpected(running.error());
    Result<QByteArray> before = stateBefore(*running, version, stop, snapshots);
    if (before && running->version < version - 1) { // one fold gives both
        if (const Result<void> folded = foldTo(&*running, version - 1, stop); !folded)
            return tl::unexpected(folded.error());
        before = bytesFrom(running->state.text());
    }
    if (!before)
        return tl::unexpected(before.error());
    if (const Result<void> folded = foldTo(&*running, version, stop); !folded)
        return tl::unexpected(folded.error());
    FoldedState folded{version, bytesFrom(running->state.text()), running->snapshot, running->foldedEvents, std::move(running->unfolded), running->unfoldedCount, {}};
    folded.changes = differenceOf(viewOf(*before), viewOf(folded.state));
    return folded;
}

/// Where the fold has begun at the event itself, or just before it.
Result<QByteArray> StateFolder::stateBefore(const Running &now, qint64 version, const std::stop_token &stop, Snapshots snapshots) const
{
    if (now.version < version)
        return bytesFrom(now.state.text());
    auto earlier = begin(version - 1, stop, snapshots);
    if (!earlier)
        return tl::unexpected(earlier.error());
    if (const Result<void> folded = foldTo(&*earlier, version - 1, stop); !folded)
        return tl::unexpected(folded.error());
    return bytesFrom(earlier->state.text());
}

Result<void> StateFolder::forEachState(qint64 to, const Observer &observer, const std::stop_token &stop) const
{
    Running running;
    return foldTo(&running, to, stop, observer);
}

Result<StateFolder::Running> StateFolder::begin(qint64 version, const std::stop_token &stop, Snapshots snapshots) const
{
    Running running;
    SnapshotSource *source = m_connector.snapshotSource();
    if (snapshots == Snapshots::Ignore || !m_history->isStream || !source || version < 1)
        return running;
    const auto newest = answerOf(source->newestSnapshot(m_history->id, m_upcasts.ruleName(), version, stop));
    if (!newest)
        return tl::unexpected(newest.error());
    if (!*newest)
        return running;
    const Snapshot &found = **newest;
    // One that does not stand at its event was not made of these events.
    const bool isUsable = found.streamVersion >= 1 && found.streamVersion <= version && m_history->at(found.streamVersion).position == found.position
        && json::check(viewOf(found.state)) == json::Verdict::Valid;
    if (isUsable) {
        running.version = found.streamVersion;
        running.state = json::MergedValue(viewOf(found.state));
        running.snapshot = UsedSnapshot{found.streamVersion, found.position, found.createdAt};
    }
    return running;
}

Result<void> StateFolder::foldTo(Running *running, qint64 version, const std::stop_token &stop, const Observer &observer) const
{
    if (running->version >= version)
        return {};
    ReadRequest request = requestFor(*m_history, m_history->at(running->version + 1).position, m_history->at(version).position + 1);
    request.previewBytes = PageBytes; // the few larger ones are read in pages
    const EventChannelPtr channel = m_connector.eventReader()->read(std::move(request));
    const std::stop_callback cancelled(stop, [channel] { channel->cancel(); });
    while (const EventBatchPtr batch = channel->waitPop()) {
        for (qsizetype row = 0; row < batch->count(); ++row) {
            Result<void> folded = running->version < version ? foldOne(running, batch, row, stop) : isAnother(*m_history);
            if (folded && observer)
                folded = observer(running->version, running->state);
            if (!folded) {
                channel->cancel();
                return folded;
            }
        }
    }
    if (stop.stop_requested())
        return failure(ErrorCode::Cancelled, FolderText::tr("Folding the events was cancelled."));
    if (const Result<ReadReport> report = channel->result(); !report)
        return tl::unexpected(report.error());
    return running->version == version ? Result<void>() : isAnother(*m_history);
}

Result<void> StateFolder::foldOne(Running *running, const EventBatchPtr &batch, qsizetype row, const std::stop_token &stop) const
{
    const AggregateEvent &event = m_history->at(running->version + 1);
    if (batch->record(row).position != event.position)
        return isAnother(*m_history);
    ++running->version;
    ++running->foldedEvents;
    EventBatchPtr whole = batch;
    if (batch->record(row).isBodyCut()) {
        auto read = event::wholeEvent(*m_connector.eventReader(), *batch, row, stop, MostBodyBytes);
        if (!read)
            return tl::unexpected(read.error());
        whole = std::move(*read);
        row = 0;
    }
    const EventRecord &record = whole->record(row);
    if (record.isBodyCut()) {
        running->leaveOut(UnfoldedEvent::Reason::TooLarge);
        return {};
    }
    const auto content = fold::contentOf(whole->text(record.payload));
    if (!content) {
        running->leaveOut(UnfoldedEvent::Reason::NotJson);
        return {};
    }
    const auto newest = m_upcasts.newest(event.eventType, event.schemaVersion == NoNumber ? 0 : event.schemaVersion, *content);
    if (!newest) {
        running->leaveOut(UnfoldedEvent::Reason::NoUpcast);
        return {};
    }
    running->state.merge(*newest);
    return requireSize(running, static_cast<qsizetype>(newest->size()));
}

/// Measured only when so much has been folded that the state could be larger.
Result<void> StateFolder::requireSize(Running *running, qsizetype added) const
{
    running->bytesSinceMeasured += added;
    if (running->bytesSinceMeasured <= MostStateBytes)
        return {};
    running->bytesSinceMeasured = 0;
    if (static_cast<qint64>(running->state.text().size()) <= MostStateBytes)
        return {};
    return failure(ErrorCode::Refused, FolderText::tr("The state of “%1” at version %2 has more than %3 MiB.").arg(m_history->id.left(200)).arg(running->version).arg(MostStateBytes / 1024 / 1024),
                   FolderText::tr("Look at it as a stream."));
}

} // namespace models::aggregate
