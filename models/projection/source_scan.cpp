// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/projection/source_scan.h"

#include "connectors/answer_of.h"
#include "models/event/whole_event.h"
#include "models/projection/row_change.h"

#include <QElapsedTimer>
#include <QRegularExpression>

#include <algorithm>
#include <unordered_set>

namespace models::projection {

using namespace connectors;

namespace {

/// What is longer stays cut, and is told as one that does not fit.
constexpr qint64 MostEventBytes = 256LL * 1024 * 1024;

/// Names of streams as a projection has them: * stands for any text.
class StreamPatterns final
{
public:
    explicit StreamPatterns(const QStringList &patterns)
    {
        QStringList parts;
        for (const QString &pattern : patterns)
            parts += QRegularExpression::escape(pattern).replace(QStringLiteral("\\*"), QStringLiteral(".*"));
        m_expression = QRegularExpression(QStringLiteral("\\A(?:%1)\\z").arg(parts.join(u'|')), QRegularExpression::DotMatchesEverythingOption);
    }
    [[nodiscard]] bool match(const QString &stream) const { return m_expression.match(stream).hasMatch(); }

private:
    QRegularExpression m_expression;
};

/// Of what is scanned; rows are told apart by a hash of their key, of which two in a billion pairs would be the same.
class Counter final
{
public:
    Counter(const ProjectionFile &file, EnvelopeIn envelope)
        : m_file(file)
        , m_applier(file, envelope)
        , m_rows(file.tables.size())
    {
    }

    void take(const EventBatch &batch, qsizetype row)
    {
        ++m_scan.events;
        const std::string_view type = batch.text(batch.record(row).eventType);
        ++m_types[std::string(type)];
        m_scan.withoutRule += m_applier.knows(type) ? 0 : 1;
        const auto changes = m_applier.changesOf(batch, row);
        if (!changes)
            return takeUnfit(batch.address(row), changes.error().message);
        for (const RowChange &change : *changes)
            countRow(change);
    }

    SourceScan take()
    {
        for (const auto &[type, events] : m_types)
            m_scan.types.push_back({QString::fromStdString(type), events, m_applier.knows(type)});
        std::stable_sort(m_scan.types.begin(), m_scan.types.end(), [](const TypeCount &a, const TypeCount &b) { return a.events > b.events; });
        for (size_t i = 0; i < m_rows.size(); ++i)
            m_scan.rows.push_back({m_file.tables[i].name, static_cast<qint64>(m_rows[i].size()), m_isAtLeast});
        return std::move(m_scan);
    }

private:
    void takeUnfit(const EventAddress &address, const QString &why)
    {
        if (++m_scan.unfitCount <= static_cast<qint64>(SourceScan::MostUnfitKept))
            m_scan.unfit.push_back({address, why});
    }

    void countRow(const RowChange &change)
    {
        size_t hash = 0;
        for (const std::string &part : change.key)
            hash = qHash(QByteArrayView(part.data(), static_cast<qsizetype>(part.size())), hash + part.size());
        if (m_counted >= SourceScan::MostRowsCounted)
            m_isAtLeast = m_isAtLeast || !m_rows[change.table].contains(hash);
        else if (m_rows[change.table].insert(hash).second)
            ++m_counted;
    }

    const ProjectionFile &m_file;
    RuleApplier m_applier;
    SourceScan m_scan;
    std::map<std::string, qint64> m_types;
    std::vector<std::unordered_set<size_t>> m_rows;
    qint64 m_counted = 0;
    bool m_isAtLeast = false;
};

Error noSuchStream(const ProjectionFile &file)
{
    return {ErrorCode::NotFound, QStringLiteral("No event is in a stream called %1.").arg(file.streams.join(QStringLiteral(" or ")).left(300)),
            QStringLiteral("Check “streams” in the projection file; * stands for any text."), false};
}

/// What is read so that it has all of the projection's streams, and how.
struct Source {
    ReadRequest request;
    EnvelopeIn envelope = EnvelopeIn::Events;
};

Result<Source> sourceOf(Connector &connector, const ProjectionFile &file, const StreamPatterns &patterns, const std::stop_token &stop)
{
    StreamCatalog *catalog = connector.streamCatalog();
    if (!catalog)
        return failure(ErrorCode::Unsupported, connector.whyNot(Ability::StreamCatalog));
    StreamListRequest all;
    all.withExtents = false;
    const auto list = answerOf(catalog->listStreams(all, stop));
    if (!list)
        return tl::unexpected(list.error());
    Source source;
    const bool isStore = std::any_of(list->streams.cbegin(), list->streams.cend(), [](const StreamInfo &stream) { return stream.kind == u"eventStream" || stream.kind == u"category"; });
    if (isStore) { // all of it, in its global order
        source.envelope = EnvelopeIn::Columns;
        return source;
    }
    for (const StreamInfo &stream : list->streams) {
        if (patterns.match(stream.stream))
            source.request.streams.push_back(stream.stream);
    }
    if (source.request.streams.empty())
        return tl::unexpected(noSuchStream(file));
    return source;
}

} // namespace

Result<SourceScan> scanSource(Connector &connector, const ProjectionFile &file, qint64 maxBytesPerSecond, const std::stop_token &stop, const ScanObserver &observer)
{
    EventReader *reader = connector.eventReader();
    if (!reader)
        return failure(ErrorCode::Unsupported, connector.whyNot(Ability::EventReader));
    const StreamPatterns patterns(file.streams);
    auto source = sourceOf(connector, file, patterns, stop);
    if (!source)
        return tl::unexpected(source.error());
    source->request.maxBytesPerSecond = maxBytesPerSecond;
    source->request.previewBytes = PageBytes; // the few larger ones are read in pages
    QElapsedTimer clock;
    clock.start();
    Counter counter(file, source->envelope);
    const EventChannelPtr channel = reader->read(std::move(source->request));
    const std::stop_callback cancelled(stop, [channel] { channel->cancel(); });
    while (const EventBatchPtr batch = channel->waitPop()) {
        for (qsizetype row = 0; row < batch->count(); ++row) {
            if (!patterns.match(batch->streamOf(row)))
                continue;
            if (!batch->record(row).isCut()) {
                counter.take(*batch, row);
            } else if (const auto whole = event::wholeEvent(*reader, *batch, row, stop, MostEventBytes)) {
                counter.take(**whole, 0);
            } else {
                channel->cancel();
                return tl::unexpected(whole.error());
            }
        }
        if (observer)
            observer(channel->progress());
    }
    const Result<ReadReport> report = channel->result();
    if (stop.stop_requested())
        return failure(ErrorCode::Cancelled, QStringLiteral("Looking through the events was cancelled."));
    if (!report)
        return tl::unexpected(report.error());
    SourceScan scan = counter.take();
    if (scan.events == 0)
        return tl::unexpected(noSuchStream(file));
    scan.milliseconds = clock.elapsed();
    scan.report = *report;
    return scan;
}

} // namespace models::projection
