// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/streams/read_words.h"

#include <QTest>

class TestReadWords final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aReadUnderWayTellsWhatHoldsItUp()
    {
        connectors::ReadReport report;
        report.scanned = 303;
        QCOMPARE(ui::streams::progressWords(report, {}, 0, {}), QStringLiteral("Scanned 303, matched 0"));
        report.note = QStringLiteral("orders, partition 3 stands still at position 1204 for 9 s, although its end is 1300.");
        QVERIFY(ui::streams::progressWords(report, {}, 0, {}).endsWith(report.note));
    }

    void aNoteThatIsASentenceEndsWithOneFullStop()
    {
        connectors::ReadReport report;
        report.note = QStringLiteral("3 records wait behind an open transaction.");
        const QString words = ui::streams::reportWords(report, QStringLiteral("orders"));
        QVERIFY2(words.contains(QStringLiteral("open transaction. It stopped because")), qPrintable(words));
    }

    void whatABrokerWroteIsShortened()
    {
        connectors::ReadReport report;
        report.note = QString(2'000, u'x');
        QVERIFY(ui::streams::progressWords(report, {}, 0, {}).size() < 500);
    }
};

QTEST_MAIN(TestReadWords)
#include "tst_read_words.moc"
