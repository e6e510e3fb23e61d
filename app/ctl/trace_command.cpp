// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/commands.h"
#include "app/ctl/scan_limit.h"
#include "models/event/position_text.h"
#include "models/event/whole_event.h"
#include "models/trace/trace_export.h"
#include "models/trace/trace_search.h"

#include <QDateTime>

#include <array>

namespace ctl {

namespace {

using namespace connectors;
using models::trace::KnownAs;

/// "1 event", "2 events".
QString counted(qint64 count, const QString &one, const QString &many)
{
    return QString::number(count) + u' ' + (count == 1 ? one : many);
}

/// "orders: 0 to 30", or "orders: 30 events in 3 partitions": a partition counts its positions by itself.
QString searchedText(const models::trace::SearchedStream &stream)
{
    const auto partitions = std::ssize(stream.partitions);
    if (partitions == 1) {
        const models::trace::SearchedPartition &only = stream.partitions.front();
        return QStringLiteral("%1: %2 to %3%4").arg(stream.stream, QString::number(only.from), QString::number(only.to), only.isComplete ? QString() : QStringLiteral(", not complete"));
    }
    QString text = QStringLiteral("%1: %2 in %3 partitions").arg(stream.stream, counted(stream.events(), QStringLiteral("event"), QStringLiteral("events")), QString::number(partitions));
    if (!stream.isComplete())
        text += QStringLiteral(", %1 of them not complete").arg(stream.incompletePartitions());
    return text;
}

/// One short line, what was not searched whole first.
void saySearched(Output &out, const models::trace::Trace &trace)
{
    constexpr qsizetype Shown = 5;
    QStringList texts;
    for (const bool isComplete : {false, true})
        for (const auto &stream : trace.searched)
            if (stream.isComplete() == isComplete)
                texts += searchedText(stream);
    QString line = texts.mid(0, Shown).join(QStringLiteral("; "));
    if (texts.size() > Shown)
        line += QStringLiteral("; and %1 more").arg(texts.size() - Shown);
    if (!line.isEmpty())
        out.say(QStringLiteral("Searched %1.").arg(line));
}

class TraceCommand final : public Command
{
public:
    const char *name() const override { return "trace"; }
    const char *summary() const override { return "Find one flow of events by anything that is known of it, and which event caused which"; }

    void declare(Arguments &arguments) override
    {
        arguments.positionals("connection", m_connections, "Saved connections' names or URLs");
        arguments.option("--correlation", m_known[0].text, "The flow's correlation id");
        arguments.option("--event", m_known[1].text, "The id of one of its events");
        arguments.option("--aggregate", m_known[2].text, "An aggregate id");
        arguments.option("--key", m_known[3].text, "A key");
        arguments.option("--find", m_known[4].text, "Any text in key, headers or body");
        arguments.exclusive({"--correlation", "--event", "--aggregate", "--key", "--find"});
        arguments.repeated("--stream", m_streams, "Only this stream (may be repeated)");
        arguments.option("--from", m_from, "earliest, latest, a position, a time, -30m or last:N");
        arguments.option("--to", m_to, "The same; exclusive");
        arguments.option("--format", m_format, "text, json, dot, mermaid or svg");
        declareFullSpeed(arguments, m_isFullSpeed);
    }

    ExitStatus run(Context &context) override
    {
        Output &out = context.out();
        if (context.isJson() && m_format.isEmpty())
            m_format = QStringLiteral("json");
        if (m_format.isEmpty())
            m_format = QStringLiteral("text");
        auto query = makeQuery();
        if (!query)
            return out.fail(query.error());
        std::vector<models::trace::TraceSource> sources;
        std::vector<Error> silent; // one that is down does not keep what the others tell
        for (const QString &name : std::as_const(m_connections)) {
            const auto connection = context.open(name);
            if (!connection && exitStatusOf(connection.error().code) == ExitStatus::NoConnection) {
                silent.push_back(connection.error());
                continue;
            }
            if (!connection)
                return out.fail(connection.error());
            if (!connection->connector->eventReader())
                return out.fail({ErrorCode::Unsupported, connection->connector->whyNot(Ability::EventReader), {}, false});
            sources.push_back({name, connection->connector, scanLimit(out, *connection, m_isFullSpeed)});
        }
        if (sources.empty())
            return out.fail(silent.front());
        auto trace = models::trace::searchTrace(sources, *query, context.stopToken());
        if (!trace)
            return out.fail(trace.error());
        if (query->knownAs == KnownAs::CorrelationId)
            trace->correlationId = query->text; // what was asked for, found or not
        if (const Result<void> printed = print(out, *trace, sources, context.stopToken()); !printed)
            return out.fail(printed.error());
        trace->problems.insert(trace->problems.end(), silent.begin(), silent.end());
        return finish(context, *trace);
    }

private:
    Result<models::trace::TraceQuery> makeQuery() const
    {
        models::trace::TraceQuery query;
        for (const Known &known : m_known) {
            if (!known.text.isEmpty()) {
                query.knownAs = known.as;
                query.text = known.text;
            }
        }
        if (query.text.isEmpty())
            return failure(ErrorCode::InvalidInput, QStringLiteral("One of --correlation, --event, --aggregate, --key and --find is needed."));
        static const QStringList formats{QStringLiteral("text"), QStringLiteral("json"), QStringLiteral("dot"), QStringLiteral("mermaid"), QStringLiteral("svg")};
        if (!formats.contains(m_format))
            return failure(ErrorCode::InvalidInput, QStringLiteral("--format: “%1” is none of %2.").arg(m_format.left(40), formats.join(QStringLiteral(", "))));
        const auto range = models::event::parseRange(m_from, m_to, QDateTime::currentMSecsSinceEpoch());
        if (!range)
            return tl::unexpected(range.error());
        query.from = range->from;
        query.to = range->to;
        query.streams.assign(m_streams.cbegin(), m_streams.cend());
        query.keepsBodies = m_format == u"json";
        return query;
    }

    /// Every event as its object, by its number, what is large read again whole.
    static Result<std::vector<QByteArray>> objectsOf(const models::trace::Trace &trace, const std::vector<models::trace::TraceSource> &sources,
                                                     const std::stop_token &stop)
    {
        std::vector<QByteArray> objects;
        objects.reserve(trace.events.size());
        for (const models::trace::TraceEvent &at : trace.events) {
            QByteArray &object = objects.emplace_back();
            const auto add = [&object](const QByteArray &piece) {
                object += piece;
                return true;
            };
            EventReader &reader = *sources[static_cast<size_t>(at.connection)].connector->eventReader();
            if (const Result<void> written = models::event::writeEventJson(reader, *trace.batches[static_cast<size_t>(at.batch)], at.row, add, stop); !written)
                return tl::unexpected(written.error());
        }
        return objects;
    }

    Result<void> print(Output &out, const models::trace::Trace &trace, const std::vector<models::trace::TraceSource> &sources, const std::stop_token &stop) const
    {
        const auto graph = models::trace::CausationGraph::join(trace.events);
        if (m_format == u"json") {
            const Result<std::vector<QByteArray>> objects = objectsOf(trace, sources, stop);
            if (!objects)
                return tl::unexpected(objects.error());
            out.line(models::trace::traceToJson(trace, graph, [&objects](int event) { return (*objects)[static_cast<size_t>(event)]; }), true);
        } else if (m_format == u"svg") {
            out.line(models::trace::traceToSvg(trace, graph), true);
        } else {
            const QString text = m_format == u"dot"  ? models::trace::traceToDot(trace, graph)
                : m_format == u"mermaid"             ? models::trace::traceToMermaid(trace, graph)
                                                     : models::trace::traceToText(trace, graph);
            const QStringList lines = text.split(u'\n');
            for (qsizetype i = 0; i < lines.size(); ++i)
                if (i + 1 < lines.size() || !lines[i].isEmpty())
                    out.text(lines[i]);
            out.flush();
        }
        return {};
    }

    ExitStatus finish(Context &context, const models::trace::Trace &trace) const
    {
        Output &out = context.out();
        qint64 searched = 0;
        for (const auto &stream : trace.searched)
            searched += stream.events();
        for (const Error &problem : trace.problems)
            out.say(problem);
        const QString event = QStringLiteral("event");
        const QString events = QStringLiteral("events");
        QString sentence = QStringLiteral("Found %1; searched %2 of %3")
                               .arg(counted(std::ssize(trace.events), event, events), counted(searched, event, events),
                                    counted(std::ssize(trace.searched), QStringLiteral("stream"), QStringLiteral("streams")));
        if (!trace.isComplete())
            sentence += QStringLiteral("; a part was not searched");
        out.say(sentence + u'.');
        if (!context.isJson())
            saySearched(out, trace);
        if (!trace.otherFlows.empty()) {
            QStringList others;
            for (const QString &flow : trace.otherFlows)
                others += flow;
            out.say(QStringLiteral("Other flows fit too (--correlation): %1").arg(others.mid(0, 20).join(QStringLiteral(", "))));
        }
        if (!trace.isComplete() || context.stopToken().stop_requested())
            return ExitStatus::Incomplete;
        return trace.events.empty() ? ExitStatus::NotSo : ExitStatus::Done;
    }

    struct Known {
        KnownAs as;
        QString text;
    };
    QStringList m_connections;
    std::array<Known, 5> m_known{{{KnownAs::CorrelationId, {}}, {KnownAs::EventId, {}}, {KnownAs::AggregateId, {}}, {KnownAs::Key, {}}, {KnownAs::Text, {}}}};
    QStringList m_streams;
    QString m_from = QStringLiteral("earliest");
    QString m_to = QStringLiteral("latest");
    QString m_format;
    bool m_isFullSpeed = false;
};

} // namespace

std::unique_ptr<Command> makeTraceCommand()
{
    return std::make_unique<TraceCommand>();
}

} // namespace ctl
