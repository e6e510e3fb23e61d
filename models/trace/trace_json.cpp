// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/trace/trace_export.h"

namespace models::trace {

namespace {

QByteArray jsonString(const QString &text)
{
    QByteArray json = "\"";
    for (const char c : text.toUtf8()) {
        switch (c) {
        case '"': json += "\\\""; break;
        case '\\': json += "\\\\"; break;
        case '\n': json += "\\n"; break;
        case '\r': json += "\\r"; break;
        case '\t': json += "\\t"; break;
        default:
            if (static_cast<unsigned char>(c) < 0x20)
                json += "\\u00" + QByteArray::number(static_cast<unsigned char>(c), 16).rightJustified(2, '0');
            else
                json += c;
        }
    }
    return json + '"';
}

template<typename Range, typename ToJson>
QByteArray jsonList(const Range &range, const ToJson &toJson)
{
    QByteArray json = "[";
    for (const auto &element : range) {
        if (json.size() > 1)
            json += ',';
        json += toJson(element);
    }
    return json + ']';
}

QByteArray searchedMembers(std::optional<qint64> from, std::optional<qint64> to, qint64 events, bool isComplete)
{
    const auto number = [](const std::optional<qint64> &value) { return value ? QByteArray::number(*value) : QByteArray("null"); };
    return ",\"from\":" + number(from) + ",\"to\":" + number(to) + ",\"events\":" + QByteArray::number(events)
        + ",\"complete\":" + (isComplete ? "true" : "false");
}

QByteArray withConnection(QByteArray object, const QString &connection)
{
    Q_ASSERT(object.endsWith('}'));
    object.chop(1);
    return object + ",\"connection\":" + jsonString(connection) + '}';
}

} // namespace

QByteArray traceToJson(const Trace &trace, const CausationGraph &graph, const EventObject &eventObject)
{
    const auto idOf = [&graph](qint32 node) { return jsonString(graph.idOf(node)); };
    QByteArray json = "{\"correlationId\":" + (trace.correlationId.isEmpty() ? QByteArray("null") : jsonString(trace.correlationId));
    json += ",\"events\":[";
    for (size_t i = 0; i < trace.events.size(); ++i) {
        if (i > 0)
            json += ',';
        const auto connection = static_cast<size_t>(trace.events[i].connection);
        json += withConnection(eventObject(static_cast<int>(i)), trace.connections[connection]);
    }
    json += "],\"edges\":" + jsonList(graph.edges(), [&](const Edge &edge) -> QByteArray {
        return "{\"from\":" + idOf(edge.from) + ",\"to\":" + idOf(edge.to) + ",\"kind\":" + jsonString(edgeKindName(edge.kind)) + '}';
    });
    json += ",\"roots\":" + jsonList(graph.roots(), idOf);
    std::vector<qint32> missing;
    for (int node = graph.nodeCount() - graph.phantomCount(); node < graph.nodeCount(); ++node)
        missing.push_back(node);
    json += ",\"missing\":" + jsonList(missing, idOf);
    json += ",\"cycles\":" + jsonList(graph.cycles(), [&](const std::vector<qint32> &cycle) { return jsonList(cycle, idOf); });
    json += ",\"duplicates\":" + jsonList(graph.duplicates(), [&](const auto &duplicate) { return idOf(duplicate.node); });
    json += ",\"searched\":" + jsonList(trace.searched, [](const SearchedStream &stream) -> QByteArray {
        const QByteArray partitions = jsonList(stream.partitions, [](const SearchedPartition &partition) -> QByteArray {
            return "{\"partition\":" + QByteArray::number(partition.partition) + searchedMembers(partition.from, partition.to, partition.events, partition.isComplete) + '}';
        });
        return "{\"stream\":" + jsonString(stream.stream) + searchedMembers(stream.from(), stream.to(), stream.events(), stream.isComplete())
            + ",\"partitions\":" + partitions + '}';
    });
    return json + '}';
}

} // namespace models::trace
