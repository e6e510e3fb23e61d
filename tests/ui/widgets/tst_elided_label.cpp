// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/qt_warnings_fail.h"
#include "ui/widgets/elided_label.h"

#include <QHelpEvent>
#include <QTest>
#include <QToolTip>

using ui::widgets::ElidedLabel;

class TestElidedLabel final : public QObject
{
    Q_OBJECT

private:
    tests::QtWarningsFail m_warningsFail;

private Q_SLOTS:
    void whatFitsIsShownWhole()
    {
        ElidedLabel label(QStringLiteral("summary"));
        label.setText(QStringLiteral("11 events"));
        label.resize(400, 24);
        QVERIFY(!label.isCut());
        QCOMPARE(label.shownText(), label.text());
    }

    void whatDoesNotFitEndsInAnEllipsis()
    {
        ElidedLabel label(QStringLiteral("summary"));
        label.setText(QStringLiteral("11 events · 5 streams · 403 ms · 1 root"));
        label.resize(90, 24);
        label.show();
        QVERIFY(label.isCut());
        QVERIFY(label.shownText().endsWith(QChar(0x2026)));
        QVERIFY(label.fontMetrics().horizontalAdvance(label.shownText()) <= 90);
        QCOMPARE(label.text().size(), 39); // who listens or copies has all of it
        ElidedLabel same(QStringLiteral("same"));
        same.setText(label.shownText());
        same.resize(label.size());
        QCOMPARE(label.grab().toImage(), same.grab().toImage());
    }

    void whatIsCutIsReadInTheToolTipAsPlainText()
    {
        ElidedLabel label(QStringLiteral("summary"));
        label.setText(QStringLiteral("<b>declined</b> because the card of the customer has expired"));
        label.resize(90, 24);
        label.show();
        QHelpEvent help(QEvent::ToolTip, QPoint(4, 4), label.mapToGlobal(QPoint(4, 4)));
        QCoreApplication::sendEvent(&label, &help);
        QVERIFY2(QToolTip::text().contains(QStringLiteral("declined")), qPrintable(QToolTip::text()));
        QVERIFY(!QToolTip::text().contains(QStringLiteral("<b>")));
        QToolTip::hideText();
    }
};

QTEST_MAIN(TestElidedLabel)
#include "tst_elided_label.moc"
