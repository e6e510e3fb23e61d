// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/commands.h"
#include "app/ctl/scan_limit.h"
#include "models/event/event_json.h"
#include "models/event/position_text.h"
#include "models/event/whole_event.h"

#include <QDateTime>

#include <algorithm>

namespace ctl {

namespace {

using namespace connectors;

/// Nothing can be in it, in any partition.
bool isRangeEmpty(const ReadReport &report)
{
    const auto isEmpty = [](const PartitionRead &part) { return part.from >= part.to; };
    return !report.partitions.empty() && std::all_of(report.partitions.cbegin(), report.partitions.cend(), isEmpty);
}

QString stopReasonText(const ReadReport &report)
{
    switch (report.stopReason) {
    case StopReason::ReachedEnd:
        return isRangeEmpty(report) ? QStringLiteral("the range is empty") : QStringLiteral("everything in the range was read");
    case StopReason::ReachedLimit: return QStringLiteral("the limit was reached");
    case StopReason::Cancelled: return QStringLiteral("it was interrupted");
    case StopReason::Failed: break;
    }
    return QStringLiteral("it failed");
}

/// What the read did, on stderr: always the last word.
void sayReport(Output &out, const ReadReport &report)
{
    QString sentence = QStringLiteral("Scanned %1, matched %2, undecodable %3, not filterable %4")
                           .arg(report.scanned).arg(report.matched).arg(report.undecodable).arg(report.notFilterable);
    if (!report.firstNotFilterable.isEmpty())
        sentence += QStringLiteral(" (first: %1)").arg(report.firstNotFilterable);
    if (report.dropped > 0)
        sentence += QStringLiteral(", dropped %1").arg(report.dropped);
    if (!report.note.isEmpty())
        sentence += QStringLiteral("; ") + (report.note.endsWith(u'.') ? report.note.chopped(1) : report.note); // the sentence goes on
    out.say(sentence + QStringLiteral("; stopped because ") + stopReasonText(report) + u'.');
}

class EventsCommand final : public Command
{
public:
    const char *name() const override { return "events"; }
    const char *summary() const override { return "Print the events of a stream, one JSON object a line"; }

    void declare(Arguments &arguments) override
    {
        arguments.positional("connection", m_connection, "Saved connection's name or URL");
        arguments.positional("stream", m_stream, "The stream");
        arguments.option("--from", m_from, "earliest, latest, a position, a time, -30m or last:N");
        arguments.option("--to", m_to, "The same; exclusive");
        arguments.repeated("--partition", m_partitions, "Only this partition (may be repeated)");
        arguments.option("--where", m_where, "Condition of an SQL WHERE, e.g. \"eventType = 'OrderPlaced' AND field('/data/amount') > 400\"");
        arguments.option("--limit", m_limit, "Stop after so many matches");
        arguments.flag("--follow", m_isFollowing, "Go on as new events come, until Ctrl+C");
        arguments.exclusive({"--to", "--follow"});
        declareFullSpeed(arguments, m_isFullSpeed);
    }

    ExitStatus run(Context &context) override
    {
        Output &out = context.out();
        auto request = makeRequest();
        if (!request)
            return out.fail(request.error());
        const auto connection = context.open(m_connection);
        if (!connection)
            return out.fail(connection.error());
        EventReader *reader = connection->connector->eventReader();
        if (!reader)
            return out.fail({ErrorCode::Unsupported, connection->connector->whyNot(Ability::EventReader), {}, false});
        request->maxBytesPerSecond = scanLimit(out, *connection, m_isFullSpeed);
        const EventChannelPtr channel = reader->read(*request);
        const std::stop_callback cancelled(context.stopToken(), [channel] { channel->cancel(); });
        Result<void> printed;
        while (const EventBatchPtr batch = channel->waitPop()) {
            for (qsizetype row = 0; row < batch->count() && printed && !out.isClosed(); ++row)
                printed = print(out, *reader, *batch, row, context.stopToken());
            if (!printed)
                channel->cancel();
            if (m_isFollowing)
                out.flush();
        }
        out.flush();
        return printed || context.stopToken().stop_requested() ? finish(out, *channel) : out.fail(printed.error());
    }

private:
    /// Of a large body a page is in memory at a time.
    static Result<void> print(Output &out, EventReader &reader, const EventBatch &batch, qsizetype row, const std::stop_token &stop)
    {
        if (!batch.record(row).isCut()) {
            out.line(models::event::eventJson(batch, row));
            return {};
        }
        const auto write = [&out](const QByteArray &piece) {
            out.part(piece);
            return !out.isClosed();
        };
        const Result<void> written = models::event::writeEventJson(reader, batch, row, write, stop);
        if (!written && written.error().code == ErrorCode::NotFound) {
            out.say(written.error()); // retention was faster
            return {};
        }
        if (written)
            out.line({});
        return written;
    }

    Result<ReadRequest> makeRequest() const
    {
        const auto range = models::event::parseRange(m_from, m_to.isEmpty() ? QStringLiteral("latest") : m_to, QDateTime::currentMSecsSinceEpoch());
        if (!range)
            return tl::unexpected(range.error());
        ReadRequest request;
        request.from = range->from;
        request.to = range->to;
        request.streams = {m_stream};
        request.partitions = m_partitions;
        request.isFollowing = m_isFollowing;
        request.limit = m_limit;
        request.where = m_where;
        request.previewBytes = PageBytes; // what is larger is read in pages as it is printed
        return request;
    }

    ExitStatus finish(Output &out, const EventChannel &channel) const
    {
        if (out.isClosed())
            return ExitStatus::Done;
        const Result<ReadReport> result = channel.result();
        if (!result) {
            const ExitStatus status = out.fail(result.error());
            ReadReport soFar = channel.progress();
            soFar.stopReason = StopReason::Failed;
            sayReport(out, soFar);
            return status;
        }
        sayReport(out, *result);
        switch (result->stopReason) {
        case StopReason::ReachedEnd:
        case StopReason::ReachedLimit: return ExitStatus::Done;
        // Ctrl+C is how one leaves a tail; elsewhere a part is missing.
        case StopReason::Cancelled: return m_isFollowing ? ExitStatus::Done : ExitStatus::Incomplete;
        case StopReason::Failed: break;
        }
        return ExitStatus::Incomplete;
    }

    QString m_connection;
    QString m_stream;
    QString m_from = QStringLiteral("earliest");
    QString m_to;
    QString m_where;
    std::vector<int> m_partitions;
    std::optional<qint64> m_limit;
    bool m_isFollowing = false;
    bool m_isFullSpeed = false;
};

} // namespace

std::unique_ptr<Command> makeEventsCommand()
{
    return std::make_unique<EventsCommand>();
}

} // namespace ctl
