// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/qt_warnings_fail.h"
#include "ui/streams/range_bar.h"

#include <QComboBox>
#include <QLocale>
#include <QTest>

using ui::streams::RangeBar;

class TestRangeBar final : public QObject
{
    Q_OBJECT

private:
    tests::QtWarningsFail m_warningsFail;

    static QComboBox *from(const RangeBar &bar) { return bar.findChild<QComboBox *>(QStringLiteral("event-from")); }
    static qint64 newest(const RangeBar &bar) { return std::get<connectors::Newest>(*bar.from()).count; }

private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale(QLocale::English)); }

    void theNewestOfSeveralPartitionsAreThoseOfEach()
    {
        RangeBar bar;
        QCOMPARE(from(bar)->currentText(), QStringLiteral("newest 1,000"));
        bar.setPartitioned(true);
        QCOMPARE(from(bar)->currentText(), QStringLiteral("newest 1,000 per partition"));
        QCOMPARE(from(bar)->itemText(2), QStringLiteral("newest 10,000 per partition"));
        QCOMPARE(newest(bar), 1000);
        bar.setPartitioned(false);
        QCOMPARE(from(bar)->currentText(), QStringLiteral("newest 1,000"));
        QCOMPARE(newest(bar), 1000);
    }

    void whatWasWrittenStaysAsItIs()
    {
        RangeBar bar;
        bar.setRange(QStringLiteral("last:7"), QStringLiteral("latest"));
        bar.setPartitioned(true);
        QCOMPARE(from(bar)->currentText(), QStringLiteral("last:7"));
        QCOMPARE(newest(bar), 7);
        bar.setRange(QStringLiteral("last:100"), QStringLiteral("latest"));
        QCOMPARE(from(bar)->currentText(), QStringLiteral("newest 100 per partition"));
    }
};

QTEST_MAIN(TestRangeBar)
#include "tst_range_bar.moc"
