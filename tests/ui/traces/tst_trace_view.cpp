// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/models/trace/trace_dsl.h"
#include "tests/support/qt_warnings_fail.h"
#include "ui/traces/causation_graph_view.h"
#include "ui/traces/swimlane_view.h"
#include "ui/traces/trace_view.h"

#include <QLabel>
#include <QSignalSpy>
#include <QTableView>
#include <QTest>
#include <QToolButton>

using models::trace::GraphScene;
using models::trace::Trace;
using ui::traces::CausationGraphView;
using ui::traces::SwimlaneView;
using ui::traces::TraceView;

class TestTraceView final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_warnings = std::make_unique<tests::QtWarningsFail>();
        m_view = std::make_unique<TraceView>();
        m_view->resize(900, 700);
        m_view->show();
    }

    void cleanup()
    {
        m_view.reset();
        m_warnings.reset();
    }

    void theSelectionIsSharedWhoeverMakesIt()
    {
        show(tests::traceFrom(QStringLiteral("a A < gone in=orders\nb B < a in=payments\nc C < b in=orders\n")));
        QSignalSpy chosen(m_view.get(), &TraceView::currentEventChanged);
        table()->selectRow(1);
        QCOMPARE(m_view->graph()->currentNode(), 1);
        QCOMPARE(lanes()->currentEvent(), 1);
        QTest::keyClick(m_view->graph(), Qt::Key_Right);
        QCOMPARE(table()->currentIndex().row(), 2);
        QCOMPARE(lanes()->currentEvent(), 2);
        QTest::keyClick(lanes(), Qt::Key_Left);
        QCOMPARE(m_view->currentEvent(), 1);
        QCOMPARE(table()->currentIndex().row(), 1);
        QCOMPARE(chosen.size(), 3); // one a choice, no echo
        QTest::keyClick(m_view->graph(), Qt::Key_Left);
        QTest::keyClick(m_view->graph(), Qt::Key_Left); // the missing cause is no event
        QCOMPARE(m_view->currentEvent(), -1);
        QVERIFY(table()->selectionModel()->selectedRows().isEmpty());
    }

    void aSelectionStaysWithItsEventWhenMoreIsFound()
    {
        show(tests::traceFrom(QStringLiteral("b B < a at=200\n")));
        m_view->setCurrentEvent(0);
        Trace more = tests::traceFrom(QStringLiteral("b B < a at=200\na A at=100\n"));
        m_view->setScene(GraphScene::build(models::trace::joinTrace(more)), true);
        QCOMPARE(m_view->currentEvent(), 1);
        QCOMPARE(m_view->graph()->scene()->graph().idOf(m_view->graph()->currentNode()), QStringLiteral("b"));
        m_view->setScene(nullptr, false);
        QCOMPARE(m_view->currentEvent(), -1);
    }

    void groupsExpandByDoubleClickAndCollapseByButton()
    {
        QString lines = QStringLiteral("root Root at=0\n");
        for (int i = 0; i < 40; ++i)
            lines += QStringLiteral("m%1 Mail < root\n").arg(i);
        show(tests::traceFrom(lines));
        CausationGraphView *graph = m_view->graph();
        QCOMPARE(graph->scene()->count(), 2);
        const QPoint group = graph->camera().toView(graph->scene()->layout().rectOf(1)).center().toPoint();
        QTest::mouseDClick(graph->viewport(), Qt::LeftButton, {}, group);
        QCOMPARE(graph->scene()->count(), 41);
        auto *collapse = m_view->findChild<QToolButton *>(QStringLiteral("trace-collapse"));
        QVERIFY(collapse);
        QTest::mouseClick(collapse, Qt::LeftButton);
        QCOMPARE(graph->scene()->count(), 2);
    }

    void aLargeTraceIsLaidOutElsewhereAndALateLayoutIsDropped()
    {
        Trace trace;
        for (int i = 0; i < 20'000; ++i) {
            models::trace::TraceEvent event;
            event.eventId = QString::number(i);
            event.eventType = QStringLiteral("T");
            event.time = i;
            event.causationId = i == 0 ? QString() : QStringLiteral("0");
            trace.events.push_back(event);
        }
        show(trace);
        CausationGraphView *graph = m_view->graph();
        QCOMPARE(graph->scene()->count(), 2);
        Q_EMIT graph->groupToggled(1, true);
        QTRY_COMPARE_WITH_TIMEOUT(graph->scene()->count(), 20'000, 20'000);
        Q_EMIT graph->groupToggled(1, false);
        m_view->setScene(nullptr, false); // before the answer comes
        QTest::qWait(50);
        QVERIFY(!m_view->scene());
    }

    void theNumbersAreSaid()
    {
        show(tests::traceFrom(QStringLiteral("a A < gone at=0\nb BFailed < a at=4200\ns S < s at=100\n")));
        QCOMPARE(m_view->findChild<QLabel *>(QStringLiteral("trace-numbers"))->text(),
                 QStringLiteral("3 events · 1 stream · 4.2 s · 1 root · 1 cause missing · 1 cycle · 1 failure"));
    }

private:
    void show(const Trace &trace) { m_view->setScene(GraphScene::build(models::trace::joinTrace(trace)), false); }
    [[nodiscard]] QTableView *table() const { return m_view->findChild<QTableView *>(QStringLiteral("trace-events")); }
    [[nodiscard]] SwimlaneView *lanes() const { return m_view->findChild<SwimlaneView *>(QStringLiteral("swimlanes")); }

    std::unique_ptr<tests::QtWarningsFail> m_warnings;
    std::unique_ptr<TraceView> m_view;
};

QTEST_MAIN(TestTraceView)
#include "tst_trace_view.moc"
