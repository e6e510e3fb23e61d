// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/projection/projection_source.h"

#include "connectors/answer_of.h"
#include "models/event/whole_event.h"

#include <algorithm>

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

Error noSuchStream(const ProjectionFile &file)
{
    return {ErrorCode::NotFound, QStringLiteral("No event is in a stream called %1.").arg(file.streams.join(QStringLiteral(" or ")).left(300)),
            QStringLiteral("Check “streams” in the projection file; * stands for any text."), false};
}

} // namespace

ProjectionSource::ProjectionSource(EventReader &reader, const ProjectionFile &file)
    : m_reader(&reader)
    , m_file(&file)
    , m_streams(expressionOf(file.streams))
{
}

Result<ProjectionSource> ProjectionSource::open(Connector &connector, const ProjectionFile &file, const std::stop_token &stop)
{
    EventReader *reader = connector.eventReader();
    StreamCatalog *catalog = connector.streamCatalog();
    if (!reader || !catalog)
        return failure(ErrorCode::Unsupported, connector.whyNot(reader ? Ability::StreamCatalog : Ability::EventReader));
    StreamListRequest all;
    all.withExtents = false;
    const auto list = answerOf(catalog->listStreams(all, stop));
    if (!list)
        return tl::unexpected(list.error());
    ProjectionSource source(*reader, file);
    const bool isStore = std::any_of(list->streams.cbegin(), list->streams.cend(), [](const StreamInfo &stream) { return stream.kind == u"eventStream" || stream.kind == u"category"; });
    if (isStore) {
        source.m_envelope = EnvelopeIn::Columns;
        return source;
    }
    for (const StreamInfo &stream : list->streams) {
        if (source.m_streams.match(stream.stream).hasMatch())
            source.m_topics.push_back(stream.stream);
    }
    if (source.m_topics.empty())
        return tl::unexpected(noSuchStream(file));
    return source;
}

Result<ReadReport> ProjectionSource::read(qint64 maxBytesPerSecond, const UseEvent &use, const std::stop_token &stop, const SourceObserver &observer)
{
    ReadRequest request;
    request.streams = m_topics;
    request.maxBytesPerSecond = maxBytesPerSecond;
    request.previewBytes = PageBytes; // the few larger ones are read in pages
    const EventChannelPtr channel = m_reader->read(std::move(request));
    const std::stop_callback cancelled(stop, [channel] { channel->cancel(); });
    qint64 events = 0;
    const auto take = [&](const EventBatch &batch, qsizetype row) -> Result<void> {
        ++events;
        if (!batch.record(row).isCut())
            return use(batch, row);
        return event::wholeEvent(*m_reader, batch, row, stop, MostEventBytes).and_then([&use](const EventBatchPtr &whole) { return use(*whole, 0); });
    };
    while (const EventBatchPtr batch = channel->waitPop()) {
        for (qsizetype row = 0; row < batch->count(); ++row) {
            const Result<void> used = m_streams.match(batch->streamOf(row)).hasMatch() ? take(*batch, row) : Result<void>();
            if (!used) {
                channel->cancel();
                return tl::unexpected(used.error());
            }
        }
        if (observer)
            observer(channel->progress());
    }
    if (stop.stop_requested())
        return failure(ErrorCode::Cancelled, QStringLiteral("Looking through the events was cancelled."));
    Result<ReadReport> report = channel->result();
    if (report && events == 0)
        return tl::unexpected(noSuchStream(*m_file));
    return report;
}

} // namespace models::projection
