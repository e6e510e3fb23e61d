// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/projection/projection_source.h"

#include "connectors/answer_of.h"
#include "models/event/whole_event.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace models::projection {

using namespace connectors;

namespace {

constexpr qint64 MostEventBytes = 256LL * 1024 * 1024;

/// * stands for any text.
QRegularExpression expressionOf(const QStringList &patterns)
{
    QStringList parts;
    for (const QString &pattern : patterns)
        parts += QRegularExpression::escape(pattern).replace(QStringLiteral("\\*"), QStringLiteral(".*"));
    return QRegularExpression(QStringLiteral("\\A(?:%1)\\z").arg(parts.join(u'|')), QRegularExpression::DotMatchesEverythingOption);
}

/// Of a store the one stream or category that the file names, where that is all it names, else everything.
QString storeStreamOf(const ProjectionFile &file, const std::vector<StreamInfo> &streams)
{
    const auto isNamed = [&file](const StreamInfo &stream) { return file.streams.size() == 1 && stream.stream == file.streams.front(); };
    const auto isWhole = [](const StreamInfo &stream) { return stream.isInternal; };
    auto found = std::find_if(streams.cbegin(), streams.cend(), isNamed);
    if (found == streams.cend())
        found = std::find_if(streams.cbegin(), streams.cend(), isWhole);
    return found == streams.cend() ? QString() : found->stream;
}

Error lost(const SourcePosition &known, qint64 start)
{
    return {ErrorCode::Refused,
            QStringLiteral("Events of “%1” partition %2 that are still to be applied are no longer stored: it was read up to %3 and begins at %4 now.").arg(known.stream.left(200)).arg(known.partition).arg(known.next).arg(start),
            QStringLiteral("Drop this rebuild and begin anew; what retention removed cannot be applied again."), false};
}

Error shorter(const SourcePosition &known, qint64 end)
{
    return {ErrorCode::Refused, QStringLiteral("“%1” partition %2 ends at %3 now, but was read up to %4: it was made anew.").arg(known.stream.left(200)).arg(known.partition).arg(end).arg(known.next),
            QStringLiteral("Drop this rebuild and begin anew."), false};
}

Error gone(const SourcePosition &known)
{
    return {ErrorCode::Refused, QStringLiteral("“%1” partition %2, which was read up to %3, is no longer there.").arg(known.stream.left(200)).arg(known.partition).arg(known.next),
            QStringLiteral("Drop this rebuild and begin anew."), false};
}

} // namespace

Error noEvents(const ProjectionFile &file)
{
    return {ErrorCode::NotFound, QStringLiteral("No event is in a stream called %1.").arg(file.streams.join(QStringLiteral(" or ")).left(300)),
            QStringLiteral("Check “streams” in the projection file; * stands for any text."), false};
}

ProjectionSource::ProjectionSource(Connector &connector, const ProjectionFile &file)
    : m_connector(&connector)
    , m_file(&file)
    , m_streams(expressionOf(file.streams))
{
    const QString &first = file.streams.front();
    if (file.streams.size() == 1 && first.indexOf(u'*') == first.size() - 1)
        m_prefix = first.chopped(1);
}

/// Asked for every event of a store, whose streams are many.
bool ProjectionSource::isWanted(const QString &stream) const
{
    return m_prefix.isEmpty() ? m_streams.match(stream).hasMatch() : stream.startsWith(m_prefix);
}

Result<ProjectionSource> ProjectionSource::open(Connector &connector, const ProjectionFile &file, const std::stop_token &stop)
{
    EventReader *reader = connector.eventReader();
    StreamCatalog *catalog = connector.streamCatalog();
    if (!reader || !catalog)
        return failure(ErrorCode::Unsupported, connector.whyNot(reader ? Ability::StreamCatalog : Ability::EventReader));
    StreamListRequest all;
    all.withExtents = false;
    all.withInternal = true;
    const auto list = answerOf(catalog->listStreams(all, stop));
    if (!list)
        return tl::unexpected(list.error());
    ProjectionSource source(connector, file);
    const bool isStore = std::any_of(list->streams.cbegin(), list->streams.cend(), [](const StreamInfo &stream) { return stream.kind == u"eventStream" || stream.kind == u"category"; });
    if (isStore) {
        source.m_envelope = EnvelopeIn::Columns;
        source.m_sources = {storeStreamOf(file, list->streams)};
        return source;
    }
    for (const StreamInfo &stream : list->streams) {
        if (!stream.isInternal && source.m_streams.match(stream.stream).hasMatch())
            source.m_sources.push_back(stream.stream);
    }
    if (source.m_sources.empty())
        return tl::unexpected(noEvents(file));
    return source;
}

Result<std::vector<SourcePosition>> ProjectionSource::positionsNow(const std::vector<SourcePosition> &known, const std::stop_token &stop) const
{
    StreamListRequest request;
    request.streams = m_sources;
    request.withInternal = true;
    const auto list = answerOf(m_connector->streamCatalog()->listStreams(request, stop));
    if (!list)
        return tl::unexpected(list.error());
    if (!list->problems.empty())
        return tl::unexpected(list->problems.front());
    qint64 lastRank = 0;
    for (const SourcePosition &each : known)
        lastRank = std::max(lastRank, each.to + each.rankOffset);
    std::vector<SourcePosition> now;
    for (const StreamInfo &stream : list->streams) {
        for (const PartitionExtent &extent : stream.partitions) {
            if (!extent.start || !extent.end)
                return failure(ErrorCode::Incomplete, QStringLiteral("Where partition %1 of “%2” begins and ends could not be read.").arg(extent.partition).arg(stream.stream.left(200)), {}, true);
            SourcePosition part{stream.stream, extent.partition, *extent.start, extent.safeHead.value_or(*extent.end), 0};
            const auto before = std::find_if(known.cbegin(), known.cend(), [&part](const SourcePosition &each) { return each.stream == part.stream && each.partition == part.partition; });
            if (before != known.cend() && before->next < part.next)
                return tl::unexpected(lost(*before, part.next));
            if (before != known.cend() && before->next > std::max(part.to, *extent.end))
                return tl::unexpected(shorter(*before, *extent.end));
            if (before != known.cend())
                part.next = before->next;
            part.to = std::max(part.to, part.next);
            const bool isGoingOn = before != known.cend() && before->next < before->to; // the rest of what was begun keeps its place
            if (m_envelope == EnvelopeIn::Events)
                part.rankOffset = isGoingOn ? before->rankOffset : lastRank - part.next;
            if (isGoingOn && m_envelope == EnvelopeIn::Events)
                part.to = before->to;
            lastRank = std::max(lastRank, part.to + part.rankOffset);
            now.push_back(std::move(part));
        }
    }
    for (const SourcePosition &each : known) {
        const bool isThere = std::any_of(now.cbegin(), now.cend(), [&each](const SourcePosition &part) { return part.stream == each.stream && part.partition == each.partition; });
        if (!isThere)
            return tl::unexpected(gone(each));
    }
    return now;
}

Result<ReadReport> ProjectionSource::read(const SourcePosition &part, qint64 maxBytesPerSecond, const UseEvent &use, const std::stop_token &stop, const SourceObserver &observer)
{
    ReadRequest request;
    request.ranges = {{part.stream, part.partition, part.next, part.to, 0, 0}};
    request.maxBytesPerSecond = maxBytesPerSecond;
    return read(std::move(request), use, stop, observer);
}

Result<ReadReport> ProjectionSource::readAll(qint64 maxBytesPerSecond, const UseEvent &use, const std::stop_token &stop, const SourceObserver &observer)
{
    ReadRequest request;
    request.streams = m_sources;
    request.maxBytesPerSecond = maxBytesPerSecond;
    qint64 events = 0;
    const UseEvent count = [&events, &use](const EventBatch &batch, qsizetype row) {
        ++events;
        return use(batch, row);
    };
    Result<ReadReport> report = read(std::move(request), count, stop, observer);
    if (report && events == 0)
        return tl::unexpected(noEvents(*m_file));
    return report;
}

Result<ReadReport> ProjectionSource::read(ReadRequest request, const UseEvent &use, const std::stop_token &stop, const SourceObserver &observer)
{
    EventReader &reader = *m_connector->eventReader();
    request.previewBytes = PageBytes; // the few larger ones are read in pages
    const EventChannelPtr channel = reader.read(std::move(request));
    const std::stop_callback cancelled(stop, [channel] { channel->cancel(); });
    const auto take = [&](const EventBatch &batch, qsizetype row) -> Result<void> {
        if (!batch.record(row).isCut())
            return use(batch, row);
        return event::wholeEvent(reader, batch, row, stop, MostEventBytes).and_then([&use](const EventBatchPtr &whole) { return use(*whole, 0); });
    };
    while (const EventBatchPtr batch = channel->waitPop()) {
        bool isWanted = false;
        quint32 lastStream = std::numeric_limits<quint32>::max();
        for (qsizetype row = 0; row < batch->count(); ++row) {
            if (std::exchange(lastStream, batch->record(row).stream) != batch->record(row).stream)
                isWanted = this->isWanted(batch->streamOf(row));
            const Result<void> used = isWanted ? take(*batch, row) : Result<void>();
            if (!used) {
                channel->cancel();
                return tl::unexpected(used.error());
            }
        }
        if (observer)
            observer(channel->progress());
    }
    if (stop.stop_requested())
        return failure(ErrorCode::Cancelled, QStringLiteral("Reading the events was cancelled."));
    return channel->result();
}

} // namespace models::projection
