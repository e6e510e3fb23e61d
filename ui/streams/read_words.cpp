// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/streams/read_words.h"

#include "ui/streams/stream_tree_model.h"
#include "ui/widgets/text.h"

#include <QCoreApplication>

#include <algorithm>

namespace ui::streams {

using connectors::PartitionExtent;
using connectors::PositionSpec;
using connectors::ReadReport;
using connectors::ReadRequest;
using connectors::StopReason;
namespace text = ui::widgets::text;

namespace {

struct ReadWordsText {
    Q_DECLARE_TR_FUNCTIONS(ReadWords)
};

/// Where a spec is in one partition; null where it is not known without asking.
std::optional<qint64> resolved(const PositionSpec &spec, const PartitionExtent &extent)
{
    if (!extent.start || !extent.end)
        return std::nullopt;
    if (std::holds_alternative<connectors::Earliest>(spec))
        return extent.start;
    if (std::holds_alternative<connectors::Latest>(spec))
        return extent.end;
    if (const auto *at = std::get_if<connectors::AtPosition>(&spec))
        return std::clamp(at->position, *extent.start, *extent.end);
    if (const auto *newest = std::get_if<connectors::Newest>(&spec))
        return std::max(*extent.start, *extent.end - newest->count);
    return std::nullopt;
}

std::optional<qint64> eventsBetween(const PositionSpec &from, const PositionSpec &to, const PartitionExtent &extent)
{
    if (extent.events) { // positions have gaps, so that only whole or newest can be counted
        if (!std::holds_alternative<connectors::Latest>(to))
            return std::nullopt;
        if (std::holds_alternative<connectors::Earliest>(from))
            return extent.events;
        if (const auto *newest = std::get_if<connectors::Newest>(&from))
            return std::min(newest->count, *extent.events);
        return std::nullopt;
    }
    const auto begin = resolved(from, extent);
    const auto end = resolved(to, extent);
    return begin && end ? std::optional(std::max<qint64>(0, *end - *begin)) : std::nullopt;
}

QString placeWords(const PositionSpec &spec, bool isOfEach)
{
    if (std::holds_alternative<connectors::Earliest>(spec))
        return ReadWordsText::tr("the beginning");
    if (std::holds_alternative<connectors::Latest>(spec))
        return ReadWordsText::tr("the end");
    if (const auto *at = std::get_if<connectors::AtPosition>(&spec))
        return ReadWordsText::tr("position %1").arg(text::exact(at->position));
    if (const auto *at = std::get_if<connectors::AtTime>(&spec))
        return text::localTime(at->time);
    const QString count = text::exact(std::get<connectors::Newest>(spec).count);
    return isOfEach ? ReadWordsText::tr("the newest %1 of each partition").arg(count) : ReadWordsText::tr("the newest %1").arg(count);
}

QString streamWords(const ReadRequest &request, const KnownStreams &streams)
{
    if (request.streams.empty())
        return ReadWordsText::tr("all %1 streams").arg(text::exact(std::ssize(streams)));
    const QString name = text::untrusted(request.streams.front(), 80);
    const qsizetype partitions = streams.empty() ? 1 : std::ssize(streams.front().partitions);
    return partitions > 1 ? ReadWordsText::tr("%1 in %2 partitions").arg(name, text::exact(partitions)) : name;
}

QString whyItStopped(StopReason reason)
{
    switch (reason) {
    case StopReason::ReachedEnd: return ReadWordsText::tr("everything in the range was read");
    case StopReason::ReachedLimit: return ReadWordsText::tr("the table holds no more; narrow the range or the filter");
    case StopReason::Cancelled: return ReadWordsText::tr("it was cancelled");
    case StopReason::Failed: break;
    }
    return ReadWordsText::tr("it failed");
}

} // namespace

bool isPartitioned(const KnownStreams &streams)
{
    return std::any_of(streams.cbegin(), streams.cend(), [](const connectors::StreamInfo &stream) { return stream.partitions.size() > 1; });
}

std::optional<qint64> expectedEvents(const ReadRequest &request, const KnownStreams &streams)
{
    if (!request.ranges.empty() || request.isFollowing || streams.empty())
        return std::nullopt;
    qint64 events = 0;
    for (const connectors::StreamInfo &stream : streams) {
        for (const PartitionExtent &extent : stream.partitions) {
            const auto of = eventsBetween(request.from, request.to, extent);
            if (!of)
                return std::nullopt;
            events += *of;
        }
    }
    return events;
}

QString planWords(const ReadRequest &request, const KnownStreams &streams)
{
    const QString limit = request.maxBytesPerSecond > 0
        ? u' ' + ReadWordsText::tr("It counts as production, so at most %1 a second are read.").arg(text::bytes(request.maxBytesPerSecond))
        : QString();
    if (request.isFollowing)
        return ReadWordsText::tr("Will show what comes into %1.").arg(streamWords(request, streams)) + limit;
    const QString from = placeWords(request.from, isPartitioned(streams));
    const QString to = placeWords(request.to, isPartitioned(streams));
    const auto expected = expectedEvents(request, streams);
    if (expected)
        return ReadWordsText::tr("Will read %1 events of %2, from %3 to %4.").arg(text::exact(*expected), streamWords(request, streams), from, to) + limit;
    return ReadWordsText::tr("Will read %1 from %2 to %3.").arg(streamWords(request, streams), from, to) + limit;
}

QString reportWords(const ReadReport &report, const QString &source)
{
    QStringList parts{ReadWordsText::tr("Scanned %1, matched %2 in %3").arg(text::exact(report.scanned), text::exact(report.matched), source)};
    if (report.undecodable > 0)
        parts += ReadWordsText::tr("%1 are not JSON or too deep").arg(text::exact(report.undecodable));
    if (report.notFilterable > 0)
        parts += ReadWordsText::tr("the filter could not be evaluated on %1 (first: %2)").arg(text::exact(report.notFilterable), text::untrusted(report.firstNotFilterable));
    if (report.dropped > 0)
        parts += ReadWordsText::tr("%1 were dropped because nobody took them in time").arg(text::exact(report.dropped));
    if (!report.leftOut.empty())
        parts += leftOutWords(report);
    if (!report.note.isEmpty())
        parts += text::untrusted(report.note.endsWith(u'.') ? report.note.chopped(1) : report.note, 400); // the sentence goes on
    return ReadWordsText::tr("%1. It stopped because %2.").arg(parts.join(QStringLiteral("; ")), whyItStopped(report.stopReason));
}

QString leftOutWords(const ReadReport &report)
{
    const qint64 count = std::ssize(report.leftOut);
    return count == 1 ? ReadWordsText::tr("1 batch cannot be read and is left out") : ReadWordsText::tr("%1 batches cannot be read and are left out").arg(text::exact(count));
}

QString progressWords(const ReadReport &report, std::optional<qint64> expected, double perSecond, std::optional<qint64> remainingMs)
{
    QString words = expected ? ReadWordsText::tr("Scanned %1 of %2, matched %3").arg(text::exact(report.scanned), text::exact(*expected), text::exact(report.matched))
                             : ReadWordsText::tr("Scanned %1, matched %2").arg(text::exact(report.scanned), text::exact(report.matched));
    if (perSecond > 0)
        words += QStringLiteral(" · ") + ReadWordsText::tr("%1 events/s").arg(text::rate(perSecond));
    if (remainingMs)
        words += QStringLiteral(" · ") + ReadWordsText::tr("%1 left").arg(text::clock(*remainingMs));
    if (report.dropped > 0)
        words += QStringLiteral(" · ") + ReadWordsText::tr("%1 dropped").arg(text::exact(report.dropped));
    if (!report.note.isEmpty())
        words += QStringLiteral(" · ") + text::untrusted(report.note, 400);
    return words;
}

} // namespace ui::streams
