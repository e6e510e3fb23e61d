// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/streams/cell_text.h"

#include <QGuiApplication>
#include <QTest>

using ui::streams::CellText;

class TestCellText final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aTextThatFitsStaysWhole_data()
    {
        QTest::addColumn<QString>("text");
        QTest::newRow("nothing") << QString();
        QTest::newRow("letters") << QStringLiteral("OrderPlaced");
        QTest::newRow("a shortened id") << QStringLiteral("6513270e…b0c1");
        QTest::newRow("not there") << QStringLiteral("–");
        QTest::newRow("no ASCII") << QStringLiteral("注文が確定した");
    }

    void aTextThatFitsStaysWhole()
    {
        QFETCH(const QString, text);
        const CellText cells{QGuiApplication::font()};
        const CellText::Fitted fitted = cells.fitted(text, 1000);
        QCOMPARE(fitted.text, text);
        QVERIFY(fitted.width >= cells.metrics().horizontalAdvance(text) - 0.5); // never paints into the next column
    }

    void aTextThatDoesNotFitIsCutToTheWidth_data()
    {
        QTest::addColumn<QString>("text");
        QTest::newRow("letters") << QStringLiteral("AnEventTypeWithAVeryLongName");
        QTest::newRow("a shortened id") << QStringLiteral("6513270e-0000…b0c1-6513270e-0000");
        QTest::newRow("no ASCII") << QStringLiteral("注文が確定した注文が確定した");
    }

    void aTextThatDoesNotFitIsCutToTheWidth()
    {
        QFETCH(const QString, text);
        const CellText cells{QGuiApplication::font()};
        for (const qreal room : {60.0, 61.0, 75.5, 90.0}) {
            const CellText::Fitted fitted = cells.fitted(text, room);
            QVERIFY(fitted.text.endsWith(QChar(0x2026)));
            QVERIFY(text.startsWith(fitted.text.chopped(1)));
            QVERIFY2(cells.metrics().horizontalAdvance(fitted.text) <= room + 1, qPrintable(fitted.text));
            // As much of it as there is room for, but for kerning.
            QVERIFY(fitted.text.size() + 1 >= cells.metrics().elidedText(text, Qt::ElideRight, room).size());
        }
    }

    void anIdIsCutInItsMiddleAndOnce_data() { aTextThatDoesNotFitIsCutToTheWidth_data(); }

    void anIdIsCutInItsMiddleAndOnce()
    {
        QFETCH(const QString, text);
        const CellText cells{QGuiApplication::font()};
        QCOMPARE(cells.fittedInTheMiddle(text, 1000).text, text);
        for (const qreal room : {60.0, 61.0, 75.5, 90.0}) {
            const QString shown = cells.fittedInTheMiddle(text, room).text;
            const qsizetype cut = shown.indexOf(QChar(0x2026));
            QVERIFY(cut > 0);
            QVERIFY(text.startsWith(shown.left(cut)));
            QVERIFY(text.endsWith(shown.mid(cut + 1)));
            QVERIFY(std::abs(2 * cut + 1 - shown.size()) <= 3); // as much of its end as of its beginning
            QVERIFY2(cells.metrics().horizontalAdvance(shown) <= room + 1, qPrintable(shown));
        }
        QVERIFY(cells.fittedInTheMiddle(text, 1).text.size() <= 1);
    }

    void figuresAreMeasuredExactly()
    {
        const CellText cells{QGuiApplication::font()};
        QVERIFY(std::abs(cells.fitted(QStringLiteral("1,204,311"), 1000).width - cells.metrics().horizontalAdvance(QStringLiteral("1,204,311"))) <= 1.0);
    }
};

QTEST_MAIN(TestCellText)
#include "tst_cell_text.moc"
