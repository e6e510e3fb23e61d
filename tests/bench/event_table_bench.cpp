// SPDX-License-Identifier: GPL-3.0-or-later
// 10,000,000 events in the table: memory of the process, and the longest frame while scrolling through them. The events
// come in batches of 1,000 as from a connector: 40 types, 200,000 aggregates, a flow and a UUID of its own for every fourth
// and for every event. A frame is what the application does for one step: move the scroll bar, paint the viewport.
#include "models/event/event_table_model.h"
#include "ui/streams/event_table.h"

#include "tests/bench/stopwatch.h"

#include <QApplication>
#include <QFile>
#include <QPainter>
#include <QScrollBar>
#include <QThread>

#include <algorithm>
#include <cstdio>
#include <vector>

namespace {

using namespace connectors;
using models::event::EventTableModel;
using ui::streams::EventTable;

constexpr qint64 Events = 10'000'000;
constexpr qint64 BatchEvents = 1000;
constexpr int Frames = 2000;

QByteArray uuid(quint64 number)
{
    const QByteArray hex = QByteArray::number(number * 0x9e3779b97f4a7c15ULL, 16).rightJustified(16, '0') + QByteArray::number(number, 16).rightJustified(16, '0');
    return hex.left(8) + '-' + hex.mid(8, 4) + '-' + hex.mid(12, 4) + '-' + hex.mid(16, 4) + '-' + hex.mid(20);
}

EventBatchPtr batchFrom(qint64 first)
{
    EventBatchBuilder builder;
    const auto slice = [&builder](const QByteArray &text) { return builder.addBytes({text.constData(), static_cast<size_t>(text.size())}); };
    const QByteArray body(420, 'x');
    for (qint64 number = first; number < first + BatchEvents; ++number) {
        EventRecord record;
        record.stream = builder.internStream(QStringLiteral("orders.events"));
        record.partition = static_cast<qint32>(number % 6);
        record.position = number / 6;
        record.time = 1'760'000'000'000 + number * 2;
        record.payload = slice(body);
        record.size = body.size();
        record.format = BodyFormat::Json;
        record.eventId = slice(uuid(static_cast<quint64>(number)));
        record.eventType = slice("OrderEventOfType" + QByteArray::number(number % 40));
        record.aggregateId = slice("order-" + QByteArray::number(number % 200'000));
        record.correlationId = slice(uuid(static_cast<quint64>(number / 4) + 0x4000000000ULL));
        builder.add(record);
    }
    return builder.take();
}

double residentMiB()
{
    QFile status(QStringLiteral("/proc/self/status"));
    if (!status.open(QIODevice::ReadOnly))
        return 0;
    for (const QByteArray &line : status.readAll().split('\n'))
        if (line.startsWith("VmHWM:"))
            return line.mid(6).trimmed().split(' ').front().toDouble() / 1024;
    return 0;
}

void row(const char *what, const QByteArray &measured, const char *target)
{
    std::printf("%s | %s | %s\n", what, measured.constData(), target);
}

/// What the application did, step by step: on the clock, and without what other programs took meanwhile. In milliseconds.
class Steps final
{
public:
    template<typename Work>
    void measure(Work work)
    {
        const double wall = bench::wallSeconds();
        const double busy = bench::busySeconds();
        work();
        m_busy.push_back((bench::busySeconds() - busy) * 1e3);
        m_wall.push_back((bench::wallSeconds() - wall) * 1e3);
    }
    [[nodiscard]] QByteArray median() const { return number(sorted(m_wall)[m_wall.size() / 2]) + " ms"; }
    [[nodiscard]] QByteArray longest() const
    {
        const auto of = [](const std::vector<double> &steps) { return number(sorted(steps).back()); };
        return of(m_wall) + " ms (busy " + of(m_busy) + " ms, as the step " + QByteArray::number(std::max_element(m_busy.cbegin(), m_busy.cend()) - m_busy.cbegin()) + ")";
    }
    /// All but one in a thousand took less.
    [[nodiscard]] QByteArray nearlyLongest() const
    {
        const auto of = [](const std::vector<double> &steps) { return number(sorted(steps)[steps.size() - 1 - steps.size() / 1000]); };
        return of(m_wall) + " ms (busy " + of(m_busy) + " ms)";
    }

private:
    [[nodiscard]] static QByteArray number(double value) { return QByteArray::number(value, 'f', 1); }
    [[nodiscard]] static std::vector<double> sorted(std::vector<double> steps)
    {
        std::sort(steps.begin(), steps.end());
        return steps;
    }

    std::vector<double> m_wall;
    std::vector<double> m_busy;
};

void takeIn(EventTableModel &model)
{
    Steps turns;
    double taking = 0;
    for (qint64 first = 0; first < Events; first += BatchEvents) {
        const EventBatchPtr batch = batchFrom(first);
        const double begin = bench::wallSeconds();
        turns.measure([&model, &batch, first] {
            model.append(batch);
            if (first % (BatchEvents * 50) == 0)
                model.announce();
        });
        taking += bench::wallSeconds() - begin;
    }
    model.announce();
    row("Events in the table", QByteArray::number(model.rowCount()), "10000000");
    row("Peak resident memory", QByteArray::number(residentMiB(), 'f', 0) + " MiB", "<= 1024 MiB");
    row("Memory of the list alone, an event", QByteArray::number(static_cast<double>(model.list().memoryBytes()) / static_cast<double>(Events), 'f', 1) + " B", "");
    row("Taking events in", QByteArray::number(static_cast<double>(Events) / taking / 1e6, 'f', 2) + " M/s", "");
    row("Longest turn while taking in", turns.longest(), "<= 100 ms");
}

/// One step of the scroll bar, and the frame that shows it. Slow steps, pages and jumps across the whole table in turn.
void scroll(EventTable &table, QImage &screen, int frame)
{
    QScrollBar *bar = table.verticalScrollBar();
    const int end = std::max(1, bar->maximum());
    const int step = frame % 3 == 0 ? 3 : frame % 3 == 1 ? 40 : end / 7;
    bar->setValue((bar->value() + step) % end);
    table.viewport()->render(&screen);
}

/// The first frame is the first that is ever painted of the table.
void scrollThrough(EventTable &table, QImage &screen)
{
    Steps frames;
    for (int frame = 0; frame < Frames; ++frame)
        frames.measure([&] { scroll(table, screen, frame); });
    row("Median frame while scrolling", frames.median(), "");
    row("All but one frame in a thousand", frames.nearlyLongest(), "");
    row("Longest frame while scrolling", frames.longest(), "<= 16 ms");
}

/// The table is full: a tail brings a thousand events before every eighth frame, and now and then the oldest chunk goes.
void scrollWhileFollowing(EventTableModel &model, EventTable &table, QImage &screen)
{
    Steps frames;
    Steps turns;
    for (int frame = 0; frame < Frames / 2; ++frame) {
        if (frame % 8 == 0) {
            const EventBatchPtr batch = batchFrom(Events + frame / 8 * BatchEvents);
            turns.measure([&model, &batch] {
                model.append(batch);
                model.announce();
            });
        }
        frames.measure([&] { scroll(table, screen, frame); });
    }
    row("Longest turn of a tail into the full table", turns.longest(), "<= 100 ms");
    row("Longest frame meanwhile", frames.longest(), "<= 16 ms");
}

void sort(EventTableModel &model, models::event::EventColumn::Kind kind, const char *what)
{
    Steps turns;
    bool isDone = false;
    const auto done = QObject::connect(&model, &EventTableModel::sorted, [&isDone] { isDone = true; });
    const double begin = bench::wallSeconds();
    turns.measure([&model, kind] { model.sortBy(kind, Qt::AscendingOrder); });
    while (!isDone) {
        turns.measure([] { QApplication::processEvents(); });
        QThread::usleep(500); // the other thread's
    }
    QObject::disconnect(done);
    row(what, QByteArray::number((bench::wallSeconds() - begin) * 1e3, 'f', 0) + " ms", "");
    row("Longest turn meanwhile", turns.longest(), "<= 100 ms");
    turns = {};
    turns.measure([&model] { model.sortBy(std::nullopt, Qt::AscendingOrder); });
    row("Back into the order of reading", turns.longest(), "<= 100 ms");
}

void search(EventTableModel &model)
{
    Steps turns;
    const double begin = bench::wallSeconds();
    turns.measure([&model] { model.setSearch(QStringLiteral("order-4711")); });
    while (model.isSearching())
        turns.measure([] { QApplication::processEvents(); });
    row("Plain search through all of them", QByteArray::number((bench::wallSeconds() - begin) * 1e3, 'f', 0) + " ms, " + QByteArray::number(model.rowCount()) + " found", "");
    row("Longest turn while searching", turns.longest(), "<= 100 ms");
}

} // namespace

int main(int argc, char *argv[])
{
    qputenv("QT_QPA_PLATFORM", "offscreen");
    const QApplication application(argc, argv);
    EventTableModel model;
    EventTable table(&model);
    table.resize(1000, 700);
    table.show();
    std::printf("what | measured | target\n--- | --- | ---\n");
    takeIn(model);
    QImage screen(table.viewport()->size(), QImage::Format_RGB32);
    scrollThrough(table, screen);
    scrollWhileFollowing(model, table, screen);
    sort(model, models::event::EventColumn::Kind::Correlation, "Sorting by the correlation");
    sort(model, models::event::EventColumn::Kind::Time, "Sorting by the time");
    search(model);
    row("Peak resident memory in the end", QByteArray::number(residentMiB(), 'f', 0) + " MiB", "");
    return 0;
}
