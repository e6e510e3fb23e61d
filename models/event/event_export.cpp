// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/event/event_export.h"

#include "connectors/answer_of.h"
#include "models/event/event_json.h"
#include "models/event/position_text.h"

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
/// What is read together is in memory together.
constexpr qint64 BytesWrittenAtOnce = 32 * 1024 * 1024;

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
            bytes += entry.size == connectors::Slice::NullLength ? 0 : entry.size;
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

Result<ExportOutcome> write(connectors::EventReader &reader, const ExportRequest &request, models::job::JobProgress &progress)
{
    const std::vector<EventColumn> columns = csvColumns(request.columns);
    QSaveFile file(request.path);
    if (!file.open(QIODevice::WriteOnly))
        return notWritten(file);
    if (request.format == ExportFormat::Csv)
        file.write(csvHead(columns) + '\n');
    ExportOutcome outcome;
    ExportWalk walk(request);
    for (std::vector<EventAddress> addresses = walk.nextRound(); !addresses.empty(); addresses = walk.nextRound()) {
        if (progress.isCancelled())
            return connectors::failure(ErrorCode::Cancelled, EventExportText::tr("The export was cancelled; no file was written."));
        const auto asked = std::ssize(addresses);
        const Result<EventBatchPtr> events = connectors::answerOf(reader.fetch(std::move(addresses), progress.stop.get_token()));
        if (!events)
            return tl::unexpected(events.error());
        for (qsizetype row = 0; row < (*events)->count(); ++row) {
            const QByteArray line = request.format == ExportFormat::Csv ? csvOf(**events, row, columns) : eventJson(**events, row);
            if (file.write(line + '\n') < 0)
                return notWritten(file);
        }
        outcome.written += (*events)->count();
        outcome.gone += asked - (*events)->count();
        progress.done = outcome.written + outcome.gone;
    }
    if (!file.commit())
        return notWritten(file);
    return outcome;
}

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
        return write(*reader, request, *progress);
    });
}

} // namespace models::event
