// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/trace/trace_export.h"
#include "tests/models/trace/trace_dsl.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>
#include <QXmlStreamReader>

using namespace models::trace;

namespace {

Trace order()
{
    Trace trace = tests::traceFrom(u"e1 OrderPlaced in=orders of=order-1\n"
                                   "e2 PaymentRequested < e1 in=payments of=order-1\n"
                                   "e3 StockReserved < e1 in=stock at=1400\n"
                                   "e4 PaymentTaken < e2 in=payments at=70000\n"
                                   "e5 Shipped < e3,e4 in=shipping at=80000\n"
                                   "e6 MailSent < gone in=mails at=90000"_qs);
    trace.searched = {{0, QStringLiteral("orders"), {{0, 0, 9007199254740993, 12, true}}},
                      {0, QStringLiteral("mails"), {{0, 0, 4, 1, true}, {7, 0, 9, 3, false}}}};
    return trace;
}

Trace hostile()
{
    Trace trace = tests::traceFrom(u"a A\nb B < a"_qs);
    trace.events[0].eventType = QStringLiteral("<b>\"x\"</b>&\\n#\n\u202e`];\nend");
    trace.events[0].aggregateId = QStringLiteral("]]><img src=file:///dev/zero>") + QChar(0);
    trace.events[1].address.stream = QStringLiteral("a\"]\nclick n0");
    return trace;
}

} // namespace

class TestTraceExport final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void textIsATree()
    {
        const Trace trace = order();
        QCOMPARE(traceToText(trace, CausationGraph::join(trace.events)),
                 u"flow f: 6 events in 5 streams, 1 min 30 s\n"
                 "OrderPlaced order-1  orders/0@0 1970-01-01T00:00:00.000Z  e1\n"
                 "├─ PaymentRequested order-1  payments/0@1 +100 ms  e2\n"
                 "│  └─ PaymentTaken  payments/0@3 +1 min 9 s  e4\n"
                 "│     └─ Shipped  shipping/0@4 +10.0 s  e5\n"
                 "└─ StockReserved  stock/0@2 +1.4 s  e3\n"
                 "   └─ Shipped e5 (see above)\n"
                 "? gone (not found)\n"
                 "└─ MailSent  mails/0@5 1970-01-01T00:01:30.000Z  e6\n"_qs);
    }

    void oneEventIsSaidAsOne()
    {
        const Trace trace = tests::traceFrom(u"e1 OrderPlaced in=orders at=0\n"_qs);
        QVERIFY(traceToText(trace, CausationGraph::join(trace.events)).startsWith(QStringLiteral("flow f: 1 event in 1 stream\n")));
    }

    void ofNothingFoundThereIsNoText()
    {
        const Trace nothing;
        QCOMPARE(traceToText(nothing, CausationGraph::join(nothing.events)), QString());
    }

    void textOfALongChainStaysSmall()
    {
        QString lines = QStringLiteral("0 T\n");
        for (int i = 1; i < 2000; ++i)
            lines += QStringLiteral("%1 T < %2\n").arg(i).arg(i - 1);
        const Trace trace = tests::traceFrom(lines);
        const QString text = traceToText(trace, CausationGraph::join(trace.events));
        QVERIFY(text.size() < 2000 * 200);
        QVERIFY(text.contains(QStringLiteral("[1999] T")));
    }

    void jsonHasTheFieldsOfTheContract()
    {
        const Trace trace = order();
        const QByteArray json = traceToJson(trace, CausationGraph::join(trace.events), [&trace](int event) -> QByteArray {
            return "{\"position\":" + QByteArray::number(trace.events[static_cast<size_t>(event)].address.position) + '}';
        });
        QCOMPARE(json,
                 QByteArray("{\"correlationId\":\"f\",\"events\":[{\"position\":0,\"connection\":\"here\"},{\"position\":1,\"connection\":\"here\"},"
                            "{\"position\":2,\"connection\":\"here\"},{\"position\":3,\"connection\":\"here\"},"
                            "{\"position\":4,\"connection\":\"here\"},{\"position\":5,\"connection\":\"here\"}],"
                            "\"edges\":[{\"from\":\"e1\",\"to\":\"e2\",\"kind\":\"causation\"},{\"from\":\"e1\",\"to\":\"e3\",\"kind\":\"causation\"},"
                            "{\"from\":\"e2\",\"to\":\"e4\",\"kind\":\"causation\"},{\"from\":\"e3\",\"to\":\"e5\",\"kind\":\"causation\"},"
                            "{\"from\":\"e4\",\"to\":\"e5\",\"kind\":\"causation\"},{\"from\":\"gone\",\"to\":\"e6\",\"kind\":\"causation\"}],"
                            "\"roots\":[\"e1\"],\"missing\":[\"gone\"],\"cycles\":[],\"duplicates\":[],"
                            "\"searched\":[{\"stream\":\"orders\",\"from\":0,\"to\":9007199254740993,\"events\":12,\"complete\":true,"
                            "\"partitions\":[{\"partition\":0,\"from\":0,\"to\":9007199254740993,\"events\":12,\"complete\":true}]},"
                            "{\"stream\":\"mails\",\"from\":0,\"to\":null,\"events\":4,\"complete\":false,"
                            "\"partitions\":[{\"partition\":0,\"from\":0,\"to\":4,\"events\":1,\"complete\":true},"
                            "{\"partition\":7,\"from\":0,\"to\":9,\"events\":3,\"complete\":false}]}]}"));
    }

    void jsonSurvivesHostileText()
    {
        Trace trace = tests::traceFrom(u"a A < a"_qs);
        trace.connections = {QStringLiteral("\"\\\n") + QChar(1)};
        trace.correlationId.clear();
        const QByteArray json = traceToJson(trace, CausationGraph::join(trace.events), [](int) { return QByteArray("{\"a\":1}"); });
        const QJsonObject object = QJsonDocument::fromJson(json).object();
        QVERIFY(object[u"correlationId"].isNull());
        QCOMPARE(object[u"events"][0][u"connection"].toString(), trace.connections[0]);
        QCOMPARE(object[u"cycles"][0][0].toString(), QStringLiteral("a"));
    }

    void dotAndMermaidDrawEveryNodeAndEdge()
    {
        const Trace trace = tests::traceFrom(u"a A\nb B < a\nc C < x"_qs);
        const CausationGraph graph = CausationGraph::join(trace.events);
        QCOMPARE(traceToDot(trace, graph), u"digraph trace {\n  rankdir=LR;\n  node [shape=box, style=rounded, fontname=\"sans-serif\"];\n"
                                           "  n0 [label=\"A\\ns\"];\n  n1 [label=\"B\\ns\"];\n  n2 [label=\"C\\ns\"];\n"
                                           "  n3 [label=\"not found\\nx\", style=\"rounded,dashed\"];\n  n0 -> n1;\n  n3 -> n2;\n}\n"_qs);
        QCOMPARE(traceToMermaid(trace, graph), u"flowchart LR\n  n0[\"A<br/>s\"]\n  n1[\"B<br/>s\"]\n  n2[\"C<br/>s\"]\n  n3[\"not found<br/>x\"]\n"
                                               "  n0 --> n1\n  n3 --> n2\n  classDef phantom stroke-dasharray: 4 4\n  class n3 phantom\n"_qs);
    }

    void hostileTextEndsNoString()
    {
        const Trace trace = hostile();
        const CausationGraph graph = CausationGraph::join(trace.events);
        const QString mermaid = traceToMermaid(trace, graph);
        QCOMPARE(mermaid.count(u'\n'), 4);
        QVERIFY(!mermaid.contains(QStringLiteral("<b>")));
        QVERIFY(!mermaid.contains(QStringLiteral("\"x\"")));
        const QString dot = traceToDot(trace, graph);
        QVERIFY(dot.contains(QStringLiteral("\\\"x\\\"")));
        QVERIFY(dot.contains(QStringLiteral("&\\\\n#")));
        QCOMPARE(dot.count(u'\n'), 7);
        QVERIFY(!traceToText(trace, graph).contains(QChar(0x202e)));
    }

    void svgIsWellFormedWhateverTheTextIs()
    {
        for (const Trace &trace : {order(), hostile(), Trace()}) {
            const CausationGraph graph = CausationGraph::join(trace.events);
            QXmlStreamReader xml(traceToSvg(trace, graph));
            int rectangles = 0;
            QString text;
            while (!xml.atEnd()) {
                xml.readNext();
                rectangles += xml.isStartElement() && xml.name() == QStringLiteral("rect") ? 1 : 0;
                if (xml.isCharacters())
                    text += xml.text();
                QVERIFY(!xml.isStartElement() || xml.name() != QStringLiteral("img"));
            }
            QVERIFY2(!xml.hasError(), qPrintable(xml.errorString()));
            QCOMPARE(rectangles, graph.nodeCount());
        }
    }
};

QTEST_GUILESS_MAIN(TestTraceExport)
#include "tst_trace_export.moc"
