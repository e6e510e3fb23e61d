// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/commands.h"
#include "models/event/position_text.h"

#include <algorithm>

namespace ctl {

namespace {

using namespace connectors;

/// One stream, over its partitions. A sum of which one part is not known is not known.
struct StreamSummary {
    std::optional<qint64> events = 0;
    std::optional<EpochMs> firstTime;
    std::optional<EpochMs> lastTime;
};

StreamSummary summaryOf(const StreamInfo &stream)
{
    StreamSummary summary;
    for (const PartitionExtent &extent : stream.partitions) {
        std::optional<qint64> events = extent.events;
        if (!events && extent.start && extent.end)
            events = *extent.end - *extent.start;
        if (events && summary.events)
            *summary.events += *events;
        else
            summary.events.reset();
        if (extent.firstTime)
            summary.firstTime = std::min(summary.firstTime.value_or(*extent.firstTime), *extent.firstTime);
        if (extent.lastTime)
            summary.lastTime = std::max(summary.lastTime.value_or(*extent.lastTime), *extent.lastTime);
    }
    return summary;
}

class StreamsCommand final : public Command
{
public:
    const char *name() const override { return "streams"; }
    const char *summary() const override { return "List the streams of a connection"; }

    void declare(Arguments &arguments) override
    {
        arguments.positional("connection", m_connection, "Saved connection's name or URL");
        arguments.flag("--times", m_withTimes, "With the times of the first and the last event (one small read a partition)");
        arguments.flag("--internal", m_withInternal, "Internal streams too");
    }

    ExitStatus run(Context &context) override
    {
        const auto connection = context.open(m_connection);
        if (!connection)
            return context.out().fail(connection.error());
        StreamCatalog *catalog = connection->connector->streamCatalog();
        if (!catalog)
            return context.out().fail({ErrorCode::Unsupported, connection->connector->whyNot(Ability::StreamCatalog), {}, false});
        StreamListRequest request;
        request.withInternal = m_withInternal;
        request.withTimes = m_withTimes;
        const auto list = context.wait(catalog->listStreams(request, context.stopToken()));
        if (!list)
            return context.out().fail(list.error());
        print(context.out(), list->streams);
        for (const Error &problem : list->problems)
            context.out().say(problem);
        return list->problems.empty() ? ExitStatus::Done : ExitStatus::Incomplete;
    }

private:
    void print(Output &out, const std::vector<StreamInfo> &streams) const
    {
        JsonArray array;
        std::vector<QStringList> rows;
        for (const StreamInfo &stream : streams) {
            const StreamSummary summary = summaryOf(stream);
            const auto partitions = static_cast<qint64>(stream.partitions.size());
            if (out.isJson()) {
                JsonObject object;
                object.add("stream", stream.stream).add("kind", stream.kind).add("partitions", partitions);
                object.add("events", summary.events).add("bytes", stream.bytes);
                object.add("firstTime", timeJson(summary.firstTime)).add("lastTime", timeJson(summary.lastTime));
                array.add(object);
                continue;
            }
            QStringList row{stream.stream, stream.kind, QString::number(partitions), numberText(summary.events), numberText(stream.bytes)};
            if (m_withTimes)
                row += {summary.firstTime ? models::event::timeText(*summary.firstTime) : QStringLiteral("-"),
                        summary.lastTime ? models::event::timeText(*summary.lastTime) : QStringLiteral("-")};
            rows.push_back(row);
        }
        if (out.isJson())
            return out.document(array);
        QStringList header{QStringLiteral("STREAM"), QStringLiteral("KIND"), QStringLiteral("PARTITIONS"), QStringLiteral("EVENTS"), QStringLiteral("BYTES")};
        const QStringList numbers = header.mid(2);
        if (m_withTimes)
            header += {QStringLiteral("FIRST"), QStringLiteral("LAST")};
        out.table(header, rows, numbers);
    }

    QString m_connection;
    bool m_withTimes = false;
    bool m_withInternal = false;
};

} // namespace

std::unique_ptr<Command> makeStreamsCommand()
{
    return std::make_unique<StreamsCommand>();
}

} // namespace ctl
