// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/frame/window_geometry.h"

#include <QTest>

using ui::frame::fittedGeometry;

class TestWindowGeometry final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aWindowThatFitsStaysWhereItIs()
    {
        QCOMPARE(fittedGeometry({100, 100, 1280, 800}, TitleBar, {0, 0, 1920, 1080}), QRect(100, 100, 1280, 800));
    }

    void onASmallScreenThePanelAndTheTitleBarAreLeftRoomFor()
    {
        const QRect fitted = fittedGeometry({0, 0, 1280, 800}, TitleBar, {0, 30, 1280, 770});
        QCOMPARE(fitted.marginsAdded(TitleBar), QRect(0, 30, 1280, 770));
    }

    void aPlaceRememberedFromAnotherScreenIsBroughtBack()
    {
        QCOMPARE(fittedGeometry({2400, -300, 1000, 600}, TitleBar, {0, 0, 1920, 1080}), QRect(919, 24, 1000, 600));
    }

private:
    static constexpr QMargins TitleBar{1, 24, 1, 1};
};

QTEST_GUILESS_MAIN(TestWindowGeometry)
#include "tst_window_geometry.moc"
