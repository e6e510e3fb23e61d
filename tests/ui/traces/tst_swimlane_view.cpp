// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/models/trace/trace_dsl.h"
#include "tests/support/qt_warnings_fail.h"
#include "ui/traces/swimlane_view.h"

#include <QSignalSpy>
#include <QTest>

using models::trace::Trace;
using ui::traces::SwimlaneView;

class TestSwimlaneView final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_warnings = std::make_unique<tests::QtWarningsFail>();
        m_view = std::make_unique<SwimlaneView>();
        m_view->resize(176 + 600, 200);
        m_view->show();
        m_view->setTrace(models::trace::joinTrace(tests::traceFrom(
            QStringLiteral("a A in=orders at=0\nb B < a in=payments at=500\nc C < b in=orders at=600\nd D < a in=stock at=1000\n"))));
    }

    void cleanup()
    {
        m_view.reset();
        m_warnings.reset();
    }

    void aClickChoosesTheEventUnderIt()
    {
        QSignalSpy chosen(m_view.get(), &SwimlaneView::currentEventChanged);
        QTest::mouseClick(m_view->viewport(), Qt::LeftButton, {}, placeOf(1, 500));
        QCOMPARE(m_view->currentEvent(), 1);
        QCOMPARE(chosen.size(), 1);
        QVERIFY(m_view->accessibleDescription().startsWith(QStringLiteral("B")));
        QTest::mouseClick(m_view->viewport(), Qt::LeftButton, {}, placeOf(1, 100)); // nothing is there
        QCOMPARE(m_view->currentEvent(), 1);
        QCOMPARE(m_view->eventAt({4, 40}), -1); // the lane's name
    }

    void aDoubleClickOrEnterOpens()
    {
        QSignalSpy opened(m_view.get(), &SwimlaneView::eventActivated);
        QTest::mouseDClick(m_view->viewport(), Qt::LeftButton, {}, placeOf(2, 1000));
        QCOMPARE(opened[0][0].toInt(), 3);
        m_view->setCurrentEvent(1);
        QTest::keyClick(m_view.get(), Qt::Key_Return);
        QCOMPARE(opened[1][0].toInt(), 1);
    }

    void arrowsWalkInTimeAndBetweenLanes()
    {
        QTest::keyClick(m_view.get(), Qt::Key_Right);
        QCOMPARE(m_view->currentEvent(), 0);
        QTest::keyClick(m_view.get(), Qt::Key_Right);
        QTest::keyClick(m_view.get(), Qt::Key_Right);
        QCOMPARE(m_view->currentEvent(), 2);
        QTest::keyClick(m_view.get(), Qt::Key_Down);
        QCOMPARE(m_view->currentEvent(), 1);
        QTest::keyClick(m_view.get(), Qt::Key_Down);
        QCOMPARE(m_view->currentEvent(), 3);
        QTest::keyClick(m_view.get(), Qt::Key_Down);
        QTest::keyClick(m_view.get(), Qt::Key_Right);
        QCOMPARE(m_view->currentEvent(), 3); // the ends
    }

    void zoomingAndMovingChangeWhatIsWhere()
    {
        const QPoint before = placeOf(2, 1000);
        m_view->setCurrentEvent(0);
        for (int i = 0; i < 6; ++i)
            QTest::keyClick(m_view.get(), Qt::Key_Plus);
        QCOMPARE(m_view->eventAt(before), -1);
        QTest::keyClick(m_view.get(), Qt::Key_F);
        QCOMPARE(m_view->eventAt(before), 3);
        for (int i = 0; i < 6; ++i)
            QTest::keyClick(m_view.get(), Qt::Key_Plus);
        m_view->setCurrentEvent(3); // is brought in sight
        QVERIFY(!m_view->grab().isNull());
        bool isInSight = false;
        for (int x = SwimlaneView::HeaderWidth; x < m_view->viewport()->width(); ++x)
            isInSight = isInSight || m_view->eventAt({x, placeOf(2, 0).y()}) == 3;
        QVERIFY(isInSight);
    }

    void nothingAndHostileTextsArePainted()
    {
        m_view->setTrace(nullptr);
        QVERIFY(!m_view->grab().isNull());
        QTest::keyClick(m_view.get(), Qt::Key_Right);
        QTest::mouseClick(m_view->viewport(), Qt::LeftButton, {}, {400, 60});
        Trace trace = tests::traceFrom(QStringLiteral("a <b>A</b> in=<img/src=x>\n"));
        trace.events.push_back(trace.events.front());
        trace.events.front().time = connectors::NoNumber;
        m_view->setTrace(models::trace::joinTrace(trace));
        m_view->setCurrentEvent(0); // has no time and no place
        m_view->setCurrentEvent(1);
        QVERIFY(!m_view->grab().isNull());
        m_view->setTrace(models::trace::joinTrace({}));
        QVERIFY(!m_view->grab().isNull());
    }

private:
    [[nodiscard]] QPoint placeOf(int lane, int time) const
    {
        const double plot = m_view->viewport()->width() - SwimlaneView::HeaderWidth;
        return {static_cast<int>(SwimlaneView::HeaderWidth + (time / 1000.0 + 0.03) / 1.06 * plot),
                SwimlaneView::AxisHeight + lane * SwimlaneView::LaneHeight + SwimlaneView::LaneHeight / 2};
    }

    std::unique_ptr<tests::QtWarningsFail> m_warnings;
    std::unique_ptr<SwimlaneView> m_view;
};

QTEST_MAIN(TestSwimlaneView)
#include "tst_swimlane_view.moc"
