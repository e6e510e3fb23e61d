// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/trace/trace_export.h"

#include <QDateTime>

#include <algorithm>

namespace models::trace {

namespace {

constexpr int DrawnDepth = 40; // beyond, the depth is a number: indentation of a chain of 100,000 would be quadratic

bool isUnsafe(QChar c)
{
    const ushort code = c.unicode();
    const bool isControl = code < 0x20 || (code >= 0x7f && code < 0xa0);
    const bool isBidirectional = code == 0x061c || (code >= 0x200e && code <= 0x200f) || (code >= 0x202a && code <= 0x202e)
        || (code >= 0x2066 && code <= 0x2069);
    return isControl || isBidirectional || code == 0x2028 || code == 0x2029;
}

/// "1 event", "2 events".
QString counted(size_t count, const QString &one, const QString &many)
{
    return QString::number(count) + u' ' + (count == 1 ? one : many);
}

struct OpenLine {
    qint32 node = 0;
    qint32 cause = -1; ///< the line above to which this one belongs
    qint32 depth = 0;
    bool isLast = true;
};

class TextTree final
{
public:
    TextTree(const Trace &trace, const CausationGraph &graph)
        : m_trace(trace)
        , m_graph(graph)
        , m_isPrinted(static_cast<size_t>(graph.nodeCount()))
    {
    }

    /// Nothing where nothing was found.
    QString print()
    {
        if (m_trace.events.empty())
            return {};
        printHead();
        std::vector<qint32> starts = m_graph.roots();
        for (int node = m_graph.nodeCount() - m_graph.phantomCount(); node < m_graph.nodeCount(); ++node)
            starts.push_back(node);
        for (const qint32 start : starts) {
            m_open = {{start, -1, 0, true}};
            while (!m_open.empty()) {
                const OpenLine line = m_open.back();
                m_open.pop_back();
                printLine(line);
            }
        }
        return m_text;
    }

private:
    void printHead()
    {
        const QString name = m_trace.correlationId.isEmpty() ? QStringLiteral("no correlation id") : plainText(m_trace.correlationId);
        m_text += QStringLiteral("flow %1: %2 in %3")
                      .arg(name, counted(m_trace.events.size(), QStringLiteral("event"), QStringLiteral("events")),
                           counted(static_cast<size_t>(m_trace.streams().size()), QStringLiteral("stream"), QStringLiteral("streams")));
        if (m_trace.events.size() > 1 && m_trace.events.front().time != connectors::NoNumber)
            m_text += QStringLiteral(", ") + durationText(m_trace.events.back().time - m_trace.events.front().time);
        m_text += u'\n';
    }

    void printLine(const OpenLine &line)
    {
        const int levels = std::min(line.depth, DrawnDepth);
        m_isLevelOpen.resize(static_cast<size_t>(DrawnDepth) + 1);
        for (int level = 1; level < levels; ++level)
            m_text += m_isLevelOpen[static_cast<size_t>(level)] ? QStringLiteral("│  ") : QStringLiteral("   ");
        if (line.depth > 0)
            m_text += line.isLast ? QStringLiteral("└─ ") : QStringLiteral("├─ ");
        if (line.depth > DrawnDepth)
            m_text += QStringLiteral("[%1] ").arg(line.depth);
        if (line.depth <= DrawnDepth)
            m_isLevelOpen[static_cast<size_t>(line.depth)] = !line.isLast;
        const bool isAgain = std::exchange(m_isPrinted[static_cast<size_t>(line.node)], 1);
        m_text += describe(line, isAgain) + u'\n';
        if (isAgain)
            return;
        const auto effects = m_graph.effects(line.node);
        for (size_t i = effects.size(); i-- > 0;)
            m_open.push_back({effects[i].node, line.node, line.depth + 1, i + 1 == effects.size()});
    }

    QString describe(const OpenLine &line, bool isAgain) const
    {
        const QString id = plainText(m_graph.idOf(line.node));
        if (m_graph.isPhantom(line.node))
            return QStringLiteral("? ") + id + QStringLiteral(" (not found)");
        const TraceEvent &event = m_trace.events[static_cast<size_t>(m_graph.eventOf(line.node))];
        const QString type = event.eventType.isEmpty() ? QStringLiteral("(no type)") : plainText(event.eventType);
        if (isAgain)
            return type + u' ' + id + QStringLiteral(" (see above)");
        QString text = type;
        if (!event.aggregateId.isEmpty())
            text += u' ' + plainText(event.aggregateId);
        text += QStringLiteral("  ") + plainText(placeText(event.address)) + u' ' + timeText(line, event) + QStringLiteral("  ") + id;
        if (m_graph.copiesOf(line.node) > 1)
            text += QStringLiteral("  ×%1 (duplicate id)").arg(m_graph.copiesOf(line.node));
        if (m_graph.isInCycle(line.node))
            text += QStringLiteral("  ↻ (cycle)");
        if (event.isDeadLettered)
            text += QStringLiteral("  ✗ (dead-lettered)");
        return text;
    }

    QString timeText(const OpenLine &line, const TraceEvent &event) const
    {
        if (event.time == connectors::NoNumber)
            return QStringLiteral("-");
        const int causeEvent = line.cause < 0 ? -1 : m_graph.eventOf(line.cause);
        if (causeEvent >= 0 && m_trace.events[static_cast<size_t>(causeEvent)].time != connectors::NoNumber) {
            const qint64 elapsed = event.time - m_trace.events[static_cast<size_t>(causeEvent)].time;
            return elapsed < 0 ? QStringLiteral("-") + durationText(-elapsed) : QStringLiteral("+") + durationText(elapsed);
        }
        return QDateTime::fromMSecsSinceEpoch(event.time, Qt::UTC).toString(Qt::ISODateWithMs);
    }

    const Trace &m_trace;
    const CausationGraph &m_graph;
    std::vector<char> m_isPrinted;
    std::vector<char> m_isLevelOpen;
    std::vector<OpenLine> m_open;
    QString m_text;
};

} // namespace

QString plainText(const QString &untrusted, qsizetype limit)
{
    QString text = untrusted.left(limit);
    for (QChar &c : text)
        if (isUnsafe(c))
            c = QChar::ReplacementCharacter;
    if (untrusted.size() > limit)
        text += u'…';
    return text;
}

QString durationText(qint64 ms)
{
    if (ms < 1000)
        return QStringLiteral("%1 ms").arg(ms);
    if (ms < 60'000)
        return QStringLiteral("%1 s").arg(static_cast<double>(ms - ms % 100) / 1000.0, 0, 'f', 1);
    const qint64 seconds = ms / 1000;
    if (seconds < 3600)
        return QStringLiteral("%1 min %2 s").arg(seconds / 60).arg(seconds % 60);
    if (seconds < 86'400)
        return QStringLiteral("%1 h %2 min").arg(seconds / 3600).arg(seconds / 60 % 60);
    return QStringLiteral("%1 d %2 h").arg(seconds / 86'400).arg(seconds / 3600 % 24);
}

QString traceToText(const Trace &trace, const CausationGraph &graph)
{
    return TextTree(trace, graph).print();
}

} // namespace models::trace
