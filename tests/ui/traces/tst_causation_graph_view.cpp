// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/models/trace/trace_dsl.h"
#include "tests/support/qt_warnings_fail.h"
#include "ui/theme/theme.h"
#include "ui/traces/causation_graph_view.h"

#include <QApplication>
#include <QImage>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTest>
#include <QWheelEvent>

using models::trace::GraphScene;
using models::trace::Trace;
using ui::traces::CausationGraphView;
using ui::traces::Detail;

namespace {

const QString Order = QStringLiteral("a OrderPlaced < command\nb PaymentRequested < a\nc StockReserved < a\nd MailSent < a\ne PaymentTaken < b\n");

QString fan(int count)
{
    QString lines = QStringLiteral("root Root at=0\n");
    for (int i = 0; i < count; ++i)
        lines += QStringLiteral("m%1 Mail < root\n").arg(i);
    return lines;
}

} // namespace

class TestCausationGraphView final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_warnings = std::make_unique<tests::QtWarningsFail>();
        m_view = std::make_unique<CausationGraphView>();
        m_view->resize(900, 500);
        m_view->show();
        m_view->setFocus();
    }

    void cleanup()
    {
        m_view.reset();
        m_warnings.reset();
    }

    void aClickChoosesAndADoubleClickOpens()
    {
        show(Order);
        QSignalSpy chosen(m_view.get(), &CausationGraphView::currentNodeChanged);
        QSignalSpy opened(m_view.get(), &CausationGraphView::eventActivated);
        QTest::mouseClick(m_view->viewport(), Qt::LeftButton, {}, middleOf(QStringLiteral("c")));
        QCOMPARE(current(), QStringLiteral("c"));
        QCOMPARE(chosen.size(), 1);
        QVERIFY(m_view->accessibleDescription().startsWith(QStringLiteral("StockReserved")));
        QTest::mouseDClick(m_view->viewport(), Qt::LeftButton, {}, middleOf(QStringLiteral("b")));
        QCOMPARE(opened.size(), 1);
        QCOMPARE(m_view->scene()->trace().events[opened[0][0].toUInt()].eventId, QStringLiteral("b"));
        QTest::mouseClick(m_view->viewport(), Qt::LeftButton, {}, QPoint(2, 2));
        QCOMPARE(m_view->currentNode(), -1);
    }

    void arrowsWalkToCauseEffectAndSiblings()
    {
        show(Order);
        press(Qt::Key_Right);
        QCOMPARE(current(), QStringLiteral("a"));
        press(Qt::Key_Right);
        QCOMPARE(current(), QStringLiteral("c")); // the one in the middle
        press(Qt::Key_Up);
        QCOMPARE(current(), QStringLiteral("b"));
        press(Qt::Key_Right);
        QCOMPARE(current(), QStringLiteral("e"));
        press(Qt::Key_Left);
        press(Qt::Key_Left);
        QCOMPARE(current(), QStringLiteral("a"));
        press(Qt::Key_Right);
        QCOMPARE(current(), QStringLiteral("b")); // where the walk came from
        press(Qt::Key_Down);
        press(Qt::Key_Down);
        press(Qt::Key_Down);
        QCOMPARE(current(), QStringLiteral("d")); // the last one
        press(Qt::Key_Home);
        press(Qt::Key_Left);
        QCOMPARE(current(), QStringLiteral("command")); // a cause that was not found
        QVERIFY(m_view->accessibleDescription().contains(QStringLiteral("was not found")));
        press(Qt::Key_Return); // opens nothing
        press(Qt::Key_End);
        QCOMPARE(current(), QStringLiteral("e"));
    }

    void enterOpensAnEventAndExpandsAGroup()
    {
        show(fan(60));
        QCOMPARE(m_view->scene()->count(), 2);
        QSignalSpy toggled(m_view.get(), &CausationGraphView::groupToggled);
        QSignalSpy opened(m_view.get(), &CausationGraphView::eventActivated);
        press(Qt::Key_Home);
        press(Qt::Key_Return);
        QCOMPARE(opened.size(), 1);
        press(Qt::Key_Right);
        press(Qt::Key_Return);
        QCOMPARE(toggled.size(), 1);
        const auto first = toggled[0][0].value<qint32>();
        m_view->replaceScene(GraphScene::build(m_view->scene()->joined(), {first}));
        QCOMPARE(m_view->currentNode(), first); // the selection stays
        press(Qt::Key_Backspace);
        QCOMPARE(toggled.size(), 2);
        QCOMPARE(toggled[1][1].toBool(), false);
    }

    void plusMinusAndFZoom()
    {
        show(Order);
        const double before = m_view->camera().scaleY();
        press(Qt::Key_Plus);
        QVERIFY(m_view->camera().scaleY() > before);
        for (int i = 0; i < 10; ++i)
            press(Qt::Key_Plus);
        QVERIFY(m_view->horizontalScrollBar()->maximum() > 0);
        press(Qt::Key_F);
        QVERIFY(m_view->camera().visible().contains(m_view->camera().bounds()));
        press(Qt::Key_Minus);
        QVERIFY(m_view->camera().visible().contains(m_view->camera().bounds()));
    }

    void theWheelZoomsAndDraggingPans()
    {
        show(Order);
        const QPointF at(m_view->viewport()->rect().center());
        QWheelEvent wheel(at, m_view->viewport()->mapToGlobal(at), {}, {0, 960}, Qt::NoButton, Qt::NoModifier, Qt::NoScrollPhase, false);
        QCoreApplication::sendEvent(m_view->viewport(), &wheel);
        QCOMPARE(m_view->camera().scaleX(), ui::traces::GraphCamera::MaximumScale);
        const QPointF before = m_view->camera().visible().topLeft();
        QTest::mousePress(m_view->viewport(), Qt::LeftButton, {}, at.toPoint());
        QTest::mouseMove(m_view->viewport(), at.toPoint() - QPoint(60, 40));
        QTest::mouseRelease(m_view->viewport(), Qt::LeftButton, {}, at.toPoint() - QPoint(60, 40));
        QVERIFY(m_view->camera().visible().left() > before.x());
        QCOMPARE(m_view->currentNode(), -1); // a drag is no click
    }

    void controlAndArrowsPanAndScrollBarsFollow()
    {
        show(Order);
        for (int i = 0; i < 10; ++i)
            press(Qt::Key_Plus);
        const int before = m_view->horizontalScrollBar()->value();
        QTest::keyClick(m_view.get(), Qt::Key_Right, Qt::ControlModifier);
        QVERIFY(m_view->horizontalScrollBar()->value() > before);
        m_view->horizontalScrollBar()->setValue(0);
        QVERIFY(m_view->camera().visible().left() < 0);
    }

    void hoveringPaintsThePathInAccent()
    {
        show(Order);
        const auto accents = [this] {
            const QImage image = m_view->viewport()->grab().toImage();
            const QRgb accent = ui::theme::color(ui::theme::Role::Accent).rgb();
            int count = 0;
            for (int y = 0; y < image.height(); ++y)
                for (int x = 0; x < image.width(); ++x)
                    count += image.pixel(x, y) == accent ? 1 : 0;
            return count;
        };
        m_view->clearFocus();
        QCOMPARE(accents(), 0);
        QTest::mouseMove(m_view->viewport(), middleOf(QStringLiteral("b")));
        const int onPath = accents();
        QVERIFY(onPath > 100);
        QTest::mouseMove(m_view->viewport(), middleOf(QStringLiteral("a")));
        QVERIFY(accents() > onPath); // its effects are more
    }

    void everyShapeOfDataIsPaintedAtEveryZoom_data()
    {
        QTest::addColumn<QString>("lines");
        QTest::newRow("cycle, self-cause, missing, duplicate")
            << QStringLiteral("x X < z\ny Y < x\nz Z < y\ns S < s\nm M < gone\nd D < m\nd D < m at=900\ne E < m,d\n");
        QTest::newRow("hostile texts") << QStringLiteral("<b>id</b> <img/src=file:///dev/zero> of=<script> in=\u202Eevil\n<i>2 %1%2%n&amp; < <b>id</b>\n");
        QTest::newRow("no ids") << QStringLiteral("- A\n- B\n- C\n");
        QTest::newRow("group") << fan(200);
        QTest::newRow("one") << QStringLiteral("a A\n");
        QTest::newRow("backwards in time") << QStringLiteral("a A at=900\nb B < a at=100\n");
    }

    void everyShapeOfDataIsPaintedAtEveryZoom()
    {
        QFETCH(QString, lines);
        Trace trace = tests::traceFrom(lines);
        trace.events.front().isDeadLettered = true;
        m_view->setScene(GraphScene::build(models::trace::joinTrace(trace)));
        m_view->setCurrentNode(0);
        for (int i = 0; i < 12; ++i) {
            QVERIFY(!m_view->grab().isNull());
            press(Qt::Key_Plus);
        }
        for (int item = 0; item < m_view->scene()->count(); ++item)
            m_view->setCurrentNode(m_view->scene()->view().nodeOf(item));
        QVERIFY(!m_view->grab().isNull());
    }

    void aHundredThousandInARowAreSeenAsClustersAndWalked()
    {
        Trace trace;
        for (int i = 0; i < 100'000; ++i) {
            models::trace::TraceEvent event;
            event.eventId = QString::number(i);
            event.time = i;
            event.causationId = i == 0 ? QString() : QString::number(i - 1);
            trace.events.push_back(event);
        }
        m_view->setScene(GraphScene::build(models::trace::joinTrace(std::move(trace))));
        QCOMPARE(m_view->camera().detail(), Detail::Cluster);
        QVERIFY(!m_view->grab().isNull());
        press(Qt::Key_End);
        QCOMPARE(current(), QStringLiteral("99999"));
        press(Qt::Key_Return); // a cluster is entered, not opened
        QCOMPARE(m_view->camera().detail(), Detail::Text);
        press(Qt::Key_Left);
        QCOMPARE(current(), QStringLiteral("99998"));
        QVERIFY(!m_view->grab().isNull());
    }

    void nothingToShowIsPaintedAndIgnoresKeys()
    {
        m_view->setScene(nullptr);
        for (const int key : {Qt::Key_Plus, Qt::Key_F, Qt::Key_Left, Qt::Key_Return, Qt::Key_Backspace})
            QTest::keyClick(m_view.get(), static_cast<Qt::Key>(key));
        QTest::mouseDClick(m_view->viewport(), Qt::LeftButton);
        m_view->setScene(GraphScene::build(models::trace::joinTrace({})));
        press(Qt::Key_Home);
        QVERIFY(!m_view->grab().isNull());
    }

    void aNewPaletteChangesTheGround()
    {
        show(Order);
        const QPalette before = QApplication::palette();
        for (const bool isDark : {true, false}) {
            QApplication::setPalette(ui::theme::palette(isDark));
            QEvent changed(QEvent::PaletteChange); // the application tells its widgets only while it runs
            QCoreApplication::sendEvent(m_view.get(), &changed);
            QCOMPARE(m_view->viewport()->grab().toImage().pixelColor(2, 2), ui::theme::color(ui::theme::Role::Base, isDark));
        }
        QApplication::setPalette(before);
    }

private:
    void show(const QString &lines) { m_view->setScene(GraphScene::build(models::trace::joinTrace(tests::traceFrom(lines)))); }
    void press(Qt::Key key) { QTest::keyClick(m_view.get(), key); }
    [[nodiscard]] QString current() const { return m_view->currentNode() < 0 ? QString() : m_view->scene()->graph().idOf(m_view->currentNode()); }
    [[nodiscard]] QPoint middleOf(const QString &id) const
    {
        const GraphScene &scene = *m_view->scene();
        for (int item = 0; item < scene.count(); ++item)
            if (scene.graph().idOf(scene.view().nodeOf(item)) == id)
                return m_view->camera().toView(scene.layout().rectOf(item)).center().toPoint();
        return {};
    }

    std::unique_ptr<tests::QtWarningsFail> m_warnings;
    std::unique_ptr<CausationGraphView> m_view;
};

QTEST_MAIN(TestCausationGraphView)
#include "tst_causation_graph_view.moc"
