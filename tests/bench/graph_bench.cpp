// SPDX-License-Identifier: GPL-3.0-or-later
// The causation graph of 100,000 events at 1280 × 800, offscreen: what | measured | target, one line each.
#include "ui/theme/theme.h"
#include "ui/traces/causation_graph_view.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QImage>
#include <QRandomGenerator>
#include <QTextStream>

#include <algorithm>
#include <ctime>

using models::trace::GraphScene;
using models::trace::Trace;
using models::trace::TraceEvent;
using ui::traces::CausationGraphView;

namespace {

constexpr int EventCount = 100'000;
constexpr double LayoutTargetMs = 300;
constexpr double FrameTargetMs = 16;
constexpr int Frames = 200;
constexpr int Rounds = 5;

enum class Shape { Shop, Chain, Fan };

/// Shop: every event was caused by one of the 300 before it, every 25th by two. Chain: each by the one before. Fan: all by the first.
Trace makeTrace(Shape shape)
{
    QRandomGenerator random(1);
    Trace trace;
    trace.connections = {QStringLiteral("bench")};
    trace.correlationId = QStringLiteral("flow");
    for (int i = 0; i < EventCount; ++i) {
        TraceEvent event;
        event.eventId = QStringLiteral("00000000-0000-4000-8000-%1").arg(i, 12, 10, QLatin1Char('0'));
        event.eventType = QStringLiteral("ThingNumber%1Happened").arg(shape == Shape::Fan ? 1 : random.bounded(12));
        event.aggregateId = QStringLiteral("order-%1").arg(random.bounded(2000));
        event.correlationId = trace.correlationId;
        event.address = {QStringLiteral("stream-%1").arg(random.bounded(8)), 0, i};
        event.time = 1'700'000'000'000 + i * 7;
        const auto idOf = [&trace](int number) { return trace.events[static_cast<size_t>(number)].eventId; };
        if (i > 0) {
            const int cause = shape == Shape::Chain ? i - 1 : shape == Shape::Fan ? 0 : std::max(0, i - 1 - random.bounded(300));
            event.causationId = idOf(cause);
            if (shape == Shape::Shop && i % 25 == 0)
                event.causationId += u',' + idOf(std::max(0, i - 1 - random.bounded(300)));
        }
        trace.events.push_back(event);
    }
    return trace;
}

/// Wall time, and the time of this thread on a processor, which is what remains of it on a machine that others use.
struct Took {
    double wallMs = 0;
    double busyMs = 0;
};

class Clock final
{
public:
    Clock() { m_wall.start(); }
    [[nodiscard]] Took took() const { return {static_cast<double>(m_wall.nsecsElapsed()) / 1e6, busyNow() - m_busy}; }

private:
    static double busyNow()
    {
        timespec time{};
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
        return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) / 1e6;
    }
    QElapsedTimer m_wall;
    double m_busy = busyNow();
};

void report(const QString &what, const Took &measured, double target)
{
    QTextStream(stdout) << what.leftJustified(68) << " | " << QString::number(measured.wallMs, 'f', 1).rightJustified(6) << " ms (busy "
                        << QString::number(measured.busyMs, 'f', 1).rightJustified(5) << " ms) | <= " << target << " ms  "
                        << (measured.wallMs <= target ? "reached" : "MISSED") << Qt::endl;
}

/// The value below which `share` of the values are, by wall and by busy time on its own.
Took quantile(std::vector<Took> all, double share)
{
    const auto index = static_cast<size_t>(static_cast<double>(all.size() - 1) * share);
    std::sort(all.begin(), all.end(), [](const Took &a, const Took &b) { return a.busyMs < b.busyMs; });
    const double busy = all[index].busyMs;
    std::sort(all.begin(), all.end(), [](const Took &a, const Took &b) { return a.wallMs < b.wallMs; });
    return {all[index].wallMs, busy};
}

/// The slowest of many frames, each panned by some pixels; one in a hundred is the machine's own and left out.
Took worstPanFrame(CausationGraphView &view, QImage &image)
{
    std::vector<Took> frames;
    for (int frame = 0; frame < Frames; ++frame) {
        const Clock clock;
        QKeyEvent key(QEvent::KeyPress, frame % 40 < 20 ? Qt::Key_Down : Qt::Key_Right, Qt::ControlModifier);
        QCoreApplication::sendEvent(&view, &key);
        view.render(&image);
        frames.push_back(clock.took());
    }
    return quantile(std::move(frames), 0.99);
}

void measure(const QString &name, Shape shape, int threshold)
{
    const auto joined = models::trace::joinTrace(makeTrace(shape));
    QImage image(1280, 800, QImage::Format_ARGB32_Premultiplied);
    std::vector<Took> joins;
    std::vector<Took> paints;
    for (int round = 0; round < Rounds; ++round) {
        CausationGraphView view;
        view.resize(1280, 800);
        view.ensurePolished();
        Trace copy = joined->trace;
        const Clock joinClock;
        const auto fresh = models::trace::joinTrace(std::move(copy));
        joins.push_back(joinClock.took());
        const Clock clock;
        view.setScene(GraphScene::build(fresh, {}, threshold));
        view.render(&image);
        paints.push_back(clock.took());
    }
    const Took join = quantile(joins, 0.5);
    const Took paint = quantile(paints, 0.5);
    report(name + QStringLiteral(": layout + first paint"), paint, LayoutTargetMs);
    report(name + QStringLiteral(": the same with joining causes first"), {join.wallMs + paint.wallMs, join.busyMs + paint.busyMs}, LayoutTargetMs);
    CausationGraphView view;
    view.resize(1280, 800);
    const auto scene = GraphScene::build(joined, {}, threshold);
    view.setScene(scene);
    view.render(&image);
    const std::pair<QString, int> zooms[] = {{QStringLiteral("everything in sight"), 0}, {QStringLiteral("zoomed in 8 steps"), 8}, {QStringLiteral("zoomed in 16 steps"), 16},
                                             {QStringLiteral("zoomed in 24 steps"), 24}, {QStringLiteral("natural size"), 60}};
    int steps = 0;
    for (const auto &[words, wanted] : zooms) {
        for (; steps < wanted; ++steps)
            view.zoomBy(1.25);
        report(name + QStringLiteral(": a pan frame, ") + words, worstPanFrame(view, image), FrameTargetMs);
    }
}

} // namespace

int main(int argc, char **argv)
{
    if (qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM"))
        qputenv("QT_QPA_PLATFORM", "offscreen");
    const QApplication app(argc, argv);
    QApplication::setStyle(QStringLiteral("Fusion"));
    QApplication::setPalette(ui::theme::palette(false));
    measure(QStringLiteral("shop, like effects grouped"), Shape::Shop, models::trace::GraphView::DefaultThreshold);
    measure(QStringLiteral("chain of 100,000"), Shape::Chain, models::trace::GraphView::DefaultThreshold);
    measure(QStringLiteral("100,000 effects of one event, grouped"), Shape::Fan, models::trace::GraphView::DefaultThreshold);
    measure(QStringLiteral("100,000 effects of one event, each shown"), Shape::Fan, EventCount);
    return 0;
}
