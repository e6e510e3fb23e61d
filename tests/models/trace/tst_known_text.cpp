// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/trace/known_text.h"
#include "tests/models/trace/trace_dsl.h"

#include <QTest>

using namespace models::trace;

class TestKnownText final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aTextIsUnderstoodByItsShape_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<TextShape>("shape");
        QTest::addColumn<QString>("address");
        const auto row = [](const char *text, TextShape shape, const char *address = "") {
            QTest::newRow(*text ? text : "empty") << QString::fromUtf8(text) << shape << QString::fromLatin1(address);
        };
        row("", TextShape::Nothing);
        row("   ", TextShape::Nothing);
        row("orders/3@1204", TextShape::Address, "orders/3@1204");
        row("  orders 3:1204 ", TextShape::Address, "orders/3@1204");
        row("orders@7", TextShape::Address, "orders/0@7");
        row("a/b/2@9", TextShape::Address, "a/b/2@9");
        row("host:9092", TextShape::Words);
        row("orders/3@", TextShape::Words);
        row("orders/3@99999999999999999999", TextShape::Words);
        row("6513270e-0000-4000-8000-00000000b0c1", TextShape::Id);
        row("4bf92f3577b34da6a3ce929d0e0e4736", TextShape::Id);
        row("4711", TextShape::Words);
        row("<b>x</b>", TextShape::Words);
    }

    void aTextIsUnderstoodByItsShape()
    {
        QFETCH(QString, text);
        QFETCH(TextShape, shape);
        QFETCH(QString, address);
        const KnownText known = understand(text);
        QCOMPARE(known.shape, shape);
        QCOMPARE(known.address ? placeText(*known.address) : QString(), address);
    }

    void whatWasFoundTellsWhatTheTextIs()
    {
        const Trace trace = tests::traceFrom(QStringLiteral("e1 A of=order-1\ne2 B of=order-2\n"));
        QCOMPARE(foundAs(trace, QStringLiteral("f")), KnownAs::CorrelationId);
        QCOMPARE(foundAs(trace, QStringLiteral("e2")), KnownAs::EventId);
        QCOMPARE(foundAs(trace, QStringLiteral("order-1")), KnownAs::AggregateId);
        QCOMPARE(foundAs(trace, QStringLiteral("4711")), KnownAs::Text);
    }
};

QTEST_GUILESS_MAIN(TestKnownText)
#include "tst_known_text.moc"
