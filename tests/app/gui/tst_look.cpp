// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/look.h"
#include "tests/support/qt_warnings_fail.h"
#include "ui/theme/theme.h"

#include <QApplication>
#include <QCheckBox>
#include <QLineEdit>
#include <QPainter>
#include <QStyle>
#include <QStyleOptionFocusRect>
#include <QTest>

class TestLook final : public QObject
{
    Q_OBJECT

private:
    tests::QtWarningsFail m_warningsFail;

    /// Of the pixel that stands out most.
    static double mostContrast(const QImage &image, const QColor &ground)
    {
        double most = 1;
        for (int y = 0; y < image.height(); ++y)
            for (int x = 0; x < image.width(); ++x)
                most = std::max(most, ui::theme::contrast(image.pixelColor(x, y), ground));
        return most;
    }

private Q_SLOTS:
    void outlinesAreSeenInBothPalettes_data()
    {
        QTest::addColumn<bool>("isDark");
        QTest::newRow("light") << false;
        QTest::newRow("dark") << true;
    }

    void outlinesAreSeenInBothPalettes()
    {
        constexpr double Seen = 3; // what WCAG asks of a control's outline
        QFETCH(const bool, isDark);
        gui::applyStyle();
        gui::applyLook(isDark ? gui::Look::Dark : gui::Look::Light);
        const QColor ground = QApplication::palette().color(QPalette::Window);
        QCheckBox box;
        QVERIFY(mostContrast(box.grab().toImage(), ground) >= Seen);
        QLineEdit line;
        line.resize(120, line.sizeHint().height());
        QVERIFY(mostContrast(line.grab().toImage(), ground) >= Seen);

        const QColor selected = QApplication::palette().color(QPalette::Highlight); // a selected cell that has the focus
        QImage cell(60, 20, QImage::Format_ARGB32_Premultiplied);
        cell.fill(selected);
        QPainter painter(&cell);
        QStyleOptionFocusRect option;
        option.rect = cell.rect();
        option.palette = QApplication::palette();
        option.backgroundColor = selected;
        option.state = QStyle::State_HasFocus | QStyle::State_KeyboardFocusChange;
        QApplication::style()->drawPrimitive(QStyle::PE_FrameFocusRect, &option, &painter);
        painter.end();
        QVERIFY(mostContrast(cell, selected) >= Seen);
    }
};

QTEST_MAIN(TestLook)
#include "tst_look.moc"
