// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/event/event_export.h"

#include "models/event/event_json.h"
#include "models/event/position_text.h"
#include "models/event/whole_event.h"

#include <QCoreApplication>
#include <QSaveFile>
#include <QtConcurrentRun>

#include <algorithm>
#include <numeric>

namespace models::event {

using connectors::ErrorCode;
using connectors::EventAddress;
using connectors::EventBatch;
using connectors::EventBatchPtr;
using connectors::Result;

namespace {

constexpr size_t WrittenAtOnce = 500;
/// What is read together is in memory together, of a large body no more than a page.
constexpr qint64 BytesWrittenAtOnce = 8 * 1024 * 1024;

struct EventExportText {
    Q_DECLARE_TR_FUNCTIONS(EventExport)
};

QByteArray csvOf(const EventBatch &batch, qsizetype row, const std::vector<EventColumn> &columns)
{
    QStringList fields;
    for (const EventColumn &column : columns) {
        const QVariant value = valueOf(batch, row, column);
        fields += column.kind == EventColumn::Kind::Time && value.isValid() ? timeText(value.toLongLong()) : value.toString();
    }
    return csvLine(fields);
}

QByteArray csvHead(const std::vector<EventColumn> &columns)
{
    QStringList names;
    for (const EventColumn &column : columns)
        names += column.filterName();
    return csvLine(names);
}

tl::unexpected<connectors::Error> notWritten(const QSaveFile &file)
{
    return connectors::failure(ErrorCode::StorageFailed, EventExportText::tr("The file “%1” was not written: %2.").arg(file.fileName(), file.errorString()),
                               EventExportText::tr("Choose a folder that you may write to and that has space."));
}

/// Walks over what is to be written.
class ExportWalk final
{
public:
    explicit ExportWalk(const ExportRequest &request)
        : m_request(request)
    {
    }
    /// What is read together next; empty at the end.
    [[nodiscard]] std::vector<EventAddress> nextRound()
    {
        std::vector<EventAddress> addresses;
        for (qint64 bytes = 0; m_span < m_request.spans.size() && addresses.size() < WrittenAtOnce; step()) {
            const EventEntry entry = m_request.events.entry(m_request.rows.sequence(m_request.spans[m_span].first + m_inSpan));
            bytes += entry.size == connectors::Slice::NullLength ? 0 : std::min<qint64>(entry.size, connectors::PageBytes);
            if (bytes > BytesWrittenAtOnce && !addresses.empty())
                break;
            addresses.push_back({m_request.streams[entry.stream], entry.partition, entry.position});
        }
        return addresses;
    }

private:
    void step()
    {
        if (++m_inSpan == m_request.spans[m_span].count()) {
            m_inSpan = 0;
            ++m_span;
        }
    }

    const ExportRequest &m_request;
    size_t m_span = 0;
    int m_inSpan = 0;
};

/// Reads again and writes.
class ExportWriter final
{
public:
    ExportWriter(connectors::EventReader &reader, const ExportRequest &request, models::job::JobProgress &progress)
        : m_reader(reader)
        , m_request(request)
        , m_progress(progress)
        , m_columns(csvColumns(request.columns))
        , m_file(request.path)
    {
    }

    Result<ExportOutcome> run()
    {
        if (!m_file.open(QIODevice::WriteOnly))
            return notWritten(m_file);
        if (m_request.format == ExportFormat::Csv)
            m_file.write(csvHead(m_columns) + '\n');
        ExportWalk walk(m_request);
        for (std::vector<EventAddress> addresses = walk.nextRound(); !addresses.empty(); addresses = walk.nextRound()) {
            const Result<void> written = writeRound(addresses);
            if (!written)
                return tl::unexpected(written.error());
        }
        if (!m_file.commit())
            return notWritten(m_file);
        return m_outcome;
    }

private:
    Result<void> writeRound(const std::vector<EventAddress> &addresses)
    {
        if (m_progress.isCancelled())
            return connectors::failure(ErrorCode::Cancelled, EventExportText::tr("The export was cancelled; no file was written."));
        const qint64 goneBefore = m_outcome.gone;
        const qint64 writtenBefore = m_outcome.written;
        const auto writeOne = [this](const EventBatch &batch, qsizetype row) -> Result<void> {
            const Result<void> written = writeEvent(batch, row);
            m_outcome.written += written ? 1 : 0;
            m_progress.done = m_outcome.written + m_outcome.gone;
            return written || written.error().code == ErrorCode::NotFound ? Result<void>() : written;
        };
        const Result<void> fetched = forEachFetched(m_reader, addresses, writeOne, m_progress.stop.get_token());
        if (!fetched)
            return fetched;
        m_outcome.gone = goneBefore + std::ssize(addresses) - (m_outcome.written - writtenBefore);
        m_progress.done = m_outcome.written + m_outcome.gone;
        return {};
    }

    Result<void> writeEvent(const EventBatch &batch, qsizetype row)
    {
        const std::stop_token stop = m_progress.stop.get_token();
        const auto write = [this](const QByteArray &bytes) { return m_file.write(bytes) == bytes.size(); };
        Result<void> written;
        const qint64 before = m_file.pos();
        if (m_request.format == ExportFormat::Ndjson && batch.record(row).isCut()) {
            written = writeEventJson(m_reader, batch, row, write, stop);
            if (!written && m_file.pos() > before) // half of it cannot be taken back
                return connectors::failure(ErrorCode::Incomplete, written.error().message, written.error().advice);
        } else if (m_request.format == ExportFormat::Ndjson) {
            write(eventJson(batch, row));
        } else if (std::all_of(m_columns.cbegin(), m_columns.cend(), [&](const EventColumn &column) { return isKnown(batch, row, column); })) {
            write(csvOf(batch, row, m_columns));
        } else {
            const Result<EventBatchPtr> whole = wholeEvent(m_reader, batch, row, stop);
            if (!whole)
                return tl::unexpected(whole.error());
            write(csvOf(**whole, 0, m_columns));
        }
        if (!written)
            return written;
        write("\n");
        if (m_file.error() != QFileDevice::NoError)
            return notWritten(m_file);
        return {};
    }

    connectors::EventReader &m_reader;
    const ExportRequest &m_request;
    models::job::JobProgress &m_progress;
    const std::vector<EventColumn> m_columns;
    QSaveFile m_file;
    ExportOutcome m_outcome;
};

} // namespace

qint64 ExportRequest::count() const
{
    return std::accumulate(spans.cbegin(), spans.cend(), qint64{0}, [](qint64 sum, const RowSpan &span) { return sum + span.count(); });
}

std::vector<EventColumn> csvColumns(std::vector<EventColumn> shown)
{
    using ColumnKind = EventColumn::Kind;
    const auto placeOf = [&shown](ColumnKind kind) { return std::find(shown.begin(), shown.end(), EventColumn{kind, {}}); };
    if (placeOf(ColumnKind::Position) == shown.end())
        shown.insert(shown.begin(), EventColumn{ColumnKind::Position, {}});
    for (const ColumnKind kind : {ColumnKind::Stream, ColumnKind::Partition})
        if (placeOf(kind) == shown.end())
            shown.insert(placeOf(ColumnKind::Position), EventColumn{kind, {}});
    return shown;
}

QByteArray csvLine(const QStringList &fields)
{
    static const QString FormulaStarts = QStringLiteral("=+-@\t\r");
    QByteArrayList safe;
    for (QString field : fields) {
        bool isNumber = false;
        field.toDouble(&isNumber); // -5 is a number and no formula
        if (!field.isEmpty() && FormulaStarts.contains(field.front()) && !isNumber)
            field.prepend(u'\'');
        if (field.contains(u',') || field.contains(u'"') || field.contains(u'\n') || field.contains(u'\r'))
            field = u'"' + field.replace(u'"', QStringLiteral("\"\"")) + u'"';
        safe += field.toUtf8();
    }
    return safe.join(',');
}

QFuture<Result<ExportOutcome>> exportEvents(std::shared_ptr<connectors::Connector> connector, ExportRequest request,
                                            std::shared_ptr<models::job::JobProgress> progress)
{
    return QtConcurrent::run([connector = std::move(connector), request = std::move(request), progress = std::move(progress)]() -> Result<ExportOutcome> {
        connectors::EventReader *reader = connector->eventReader();
        if (!reader)
            return connectors::failure(ErrorCode::Unsupported, connector->whyNot(connectors::Ability::EventReader));
        return ExportWriter(*reader, request, *progress).run();
    });
}

} // namespace models::event
