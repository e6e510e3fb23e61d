// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/trace/graph_view.h"
#include "models/trace/layered_layout.h"
#include "models/trace/trace_export.h"

namespace models::trace {

namespace {

QString typeOf(const Trace &trace, const CausationGraph &graph, int node)
{
    const QString &type = trace.events[static_cast<size_t>(graph.eventOf(node))].eventType;
    return type.isEmpty() ? QStringLiteral("(no type)") : plainText(type, 60);
}

/// The two lines of a node.
std::pair<QString, QString> labelOf(const Trace &trace, const CausationGraph &graph, int node)
{
    if (graph.isPhantom(node))
        return {QStringLiteral("not found"), plainText(graph.idOf(node), 40)};
    const TraceEvent &event = trace.events[static_cast<size_t>(graph.eventOf(node))];
    QString second = event.aggregateId.isEmpty() ? QString() : plainText(event.aggregateId, 30) + QStringLiteral(" · ");
    second += plainText(event.address.stream, 40);
    if (graph.copiesOf(node) > 1)
        second += QStringLiteral(" · ×%1").arg(graph.copiesOf(node));
    if (graph.isInCycle(node))
        second += QStringLiteral(" · ↻");
    return {typeOf(trace, graph, node), second};
}

QString dotString(const QString &text)
{
    QString escaped = text;
    escaped.replace(u'\\', QStringLiteral("\\\\")).replace(u'"', QStringLiteral("\\\""));
    return escaped;
}

QString mermaidString(const QString &text)
{
    QString escaped;
    for (const QChar c : text) {
        if (c == u'#' || c == u'"' || c == u'<' || c == u'>' || c == u'&' || c == u'`' || c == u'\\' || c == u';')
            escaped += u'#' + QString::number(c.unicode()) + u';';
        else
            escaped += c;
    }
    return escaped;
}

QString xmlString(const QString &text)
{
    QString kept;
    for (qsizetype i = 0; i < text.size(); ++i) {
        const QChar c = text[i];
        const bool isPair = c.isHighSurrogate() && i + 1 < text.size() && text[i + 1].isLowSurrogate();
        if (isPair)
            kept += text.mid(i++, 2);
        else
            kept += c.isSurrogate() || c.unicode() >= 0xfffe ? QChar(QChar::ReplacementCharacter) : c;
    }
    return kept.toHtmlEscaped();
}

QString number(double value)
{
    return QString::number(value, 'f', 1);
}

/// Text is cut at the width of a node by an estimate (7 px a character): models measure no fonts.
QString svgNode(const QRectF &rect, const QString &first, const QString &second, bool isPhantom, bool isBad)
{
    const auto cut = [](const QString &text) { return xmlString(plainText(text, 26)); };
    return QStringLiteral("<g><rect class=\"%1\" x=\"%2\" y=\"%3\" width=\"%4\" height=\"%5\" rx=\"4\"/>"
                          "<text class=\"type\" x=\"%6\" y=\"%7\">%8</text><text x=\"%6\" y=\"%9\">%10</text></g>\n")
        .arg(isPhantom ? QStringLiteral("phantom") : isBad ? QStringLiteral("bad") : QStringLiteral("event"), number(rect.x()), number(rect.y()),
             number(rect.width()), number(rect.height()), number(rect.x() + 8), number(rect.y() + 18), cut(first), number(rect.y() + 35))
        .arg(cut(second));
}

QString svgEdge(const QRectF &from, const QRectF &to, EdgeKind kind)
{
    const double middle = (from.right() + to.left()) / 2;
    return QStringLiteral("<path%1 d=\"M%2 %3C%4 %3 %4 %5 %6 %5\"/>\n")
        .arg(kind == EdgeKind::Time ? QStringLiteral(" class=\"time\"") : QString(), number(from.right()), number(from.center().y()),
             number(middle), number(to.center().y()), number(to.left()));
}

} // namespace

QString traceToDot(const Trace &trace, const CausationGraph &graph)
{
    QString dot = QStringLiteral("digraph trace {\n  rankdir=LR;\n  node [shape=box, style=rounded, fontname=\"sans-serif\"];\n");
    for (int node = 0; node < graph.nodeCount(); ++node) {
        const auto [first, second] = labelOf(trace, graph, node);
        dot += QStringLiteral("  n%1 [label=\"").arg(node) + dotString(first) + QStringLiteral("\\n") + dotString(second) + u'"'
            + (graph.isPhantom(node) ? QStringLiteral(", style=\"rounded,dashed\"") : QString()) + QStringLiteral("];\n");
    }
    for (const Edge &edge : graph.edges())
        dot += QStringLiteral("  n%1 -> n%2%3;\n")
                   .arg(edge.from)
                   .arg(edge.to)
                   .arg(edge.kind == EdgeKind::Time ? QStringLiteral(" [style=dotted]") : QString());
    for (const Edge &edge : graph.cutEdges())
        dot += QStringLiteral("  n%1 -> n%2 [style=dashed, color=red, constraint=false, label=\"cycle\"];\n").arg(edge.from).arg(edge.to);
    return dot + QStringLiteral("}\n");
}

QString traceToMermaid(const Trace &trace, const CausationGraph &graph)
{
    QString text = QStringLiteral("flowchart LR\n");
    QStringList phantoms;
    for (int node = 0; node < graph.nodeCount(); ++node) {
        const auto [first, second] = labelOf(trace, graph, node);
        text += QStringLiteral("  n%1[\"").arg(node) + mermaidString(first) + QStringLiteral("<br/>") + mermaidString(second) + QStringLiteral("\"]\n");
        if (graph.isPhantom(node))
            phantoms += QStringLiteral("n%1").arg(node);
    }
    for (const Edge &edge : graph.edges())
        text += QStringLiteral("  n%1 %2 n%3\n").arg(edge.from).arg(edge.kind == EdgeKind::Time ? QStringLiteral("-.->") : QStringLiteral("-->")).arg(edge.to);
    for (const Edge &edge : graph.cutEdges())
        text += QStringLiteral("  n%1 -. cycle .-> n%2\n").arg(edge.from).arg(edge.to);
    if (!phantoms.isEmpty())
        text += QStringLiteral("  classDef phantom stroke-dasharray: 4 4\n  class ") + phantoms.join(u',') + QStringLiteral(" phantom\n");
    return text;
}

QByteArray traceToSvg(const Trace &trace, const CausationGraph &graph)
{
    const GraphView view = GraphView::build(graph, trace.events);
    const LayeredLayout layout = LayeredLayout::arrange(view.count(), view.edges());
    const QRectF bounds = layout.bounds().adjusted(-12, -12, 12, 12);
    QString svg = QStringLiteral("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%3\" height=\"%4\" viewBox=\"%1 %2 %3 %4\">\n")
                      .arg(number(bounds.x()), number(bounds.y()), number(bounds.width()), number(bounds.height()));
    svg += QStringLiteral("<style>rect{fill:#fff;stroke:#666}.phantom{stroke-dasharray:4 4;fill:none}.bad{stroke:#c62828;stroke-width:2}"
                          "path{fill:none;stroke:#888}.time{stroke-dasharray:2 3}text{font:11px sans-serif;fill:#555}.type{font-weight:bold;fill:#111}"
                          ".phantom~text{fill:#888}</style>\n");
    svg += QStringLiteral("<title>%1</title>\n").arg(xmlString(plainText(trace.correlationId)));
    for (const Edge &edge : view.edges())
        svg += svgEdge(layout.rectOf(edge.from), layout.rectOf(edge.to), edge.kind);
    for (int item = 0; item < view.count(); ++item) {
        const int node = view.nodeOf(item);
        if (const EffectGroup *group = view.groupOf(item)) {
            const QString first = QStringLiteral("%1 × ").arg(group->members.size()) + typeOf(trace, graph, node);
            const QString second = group->hiddenEffects > 0 ? QStringLiteral("and %1 effects").arg(group->hiddenEffects) : QString();
            svg += svgNode(layout.rectOf(item), first, second, false, false);
            continue;
        }
        const auto [first, second] = labelOf(trace, graph, node);
        const bool isBad = graph.isInCycle(node) || (!graph.isPhantom(node) && trace.events[static_cast<size_t>(graph.eventOf(node))].isDeadLettered);
        svg += svgNode(layout.rectOf(item), first, second, graph.isPhantom(node), isBad);
    }
    return (svg + QStringLiteral("</svg>\n")).toUtf8();
}

} // namespace models::trace
