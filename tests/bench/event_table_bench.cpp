// SPDX-License-Identifier: GPL-3.0-or-later
// 10,000,000 events in the table: memory of the process, and the longest frame while scrolling through them. The events
// come in batches of 1,000 as from a connector: 40 types, 200,000 aggregates, a flow and a UUID of its own for every fourth
// and for every event. A frame is what the application does for one step: move the scroll bar, paint the viewport.
#include "models/event/event_table_model.h"
#include "ui/streams/event_table.h"

#include "tests/bench/stopwatch.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QFile>
#include <QPainter>
#include <QScrollBar>

#include <algorithm>
#include <cstdio>

namespace {

using namespace connectors;

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

} // namespace

int main(int argc, char *argv[])
{
    qputenv("QT_QPA_PLATFORM", "offscreen");
    const QApplication application(argc, argv);
    models::event::EventTableModel model;
    ui::streams::EventTable table(&model);
    table.resize(1000, 700);
    table.show();
    QElapsedTimer clock;
    qint64 longestTake = 0;
    qint64 taking = 0;
    for (qint64 first = 0; first < Events; first += BatchEvents) {
        const EventBatchPtr batch = batchFrom(first);
        clock.start();
        model.append(batch);
        if (first % (BatchEvents * 50) == 0)
            model.announce();
        const qint64 spent = clock.nsecsElapsed();
        longestTake = std::max(longestTake, spent);
        taking += spent;
    }
    model.announce();
    QApplication::processEvents();
    std::printf("what | measured | target\n--- | --- | ---\n");
    row("Events in the table", QByteArray::number(model.rowCount()), "10000000");
    row("Peak resident memory", QByteArray::number(residentMiB(), 'f', 0) + " MiB", "<= 1024 MiB");
    row("Memory of the list alone, an event", QByteArray::number(static_cast<double>(model.list().memoryBytes()) / static_cast<double>(Events), 'f', 1) + " B", "");
    row("Taking events in", QByteArray::number(static_cast<double>(Events) * 1000.0 / static_cast<double>(taking), 'f', 2) + " M/s", "");
    row("Longest turn while taking in", QByteArray::number(static_cast<double>(longestTake) / 1e6, 'f', 1) + " ms", "<= 100 ms");

    QImage screen(table.viewport()->size(), QImage::Format_RGB32);
    std::vector<double> frames;
    std::vector<double> busy; // without what other programs took meanwhile
    const int end = table.verticalScrollBar()->maximum();
    for (int frame = 0; frame < Frames; ++frame) {
        // Slow steps, pages and jumps across the whole table in turn.
        const int step = frame % 3 == 0 ? 3 : frame % 3 == 1 ? 40 : end / 7;
        clock.start();
        const double busyBefore = bench::busySeconds();
        table.verticalScrollBar()->setValue((table.verticalScrollBar()->value() + step) % std::max(1, end));
        table.viewport()->render(&screen);
        frames.push_back(static_cast<double>(clock.nsecsElapsed()) / 1e6);
        busy.push_back((bench::busySeconds() - busyBefore) * 1e3);
    }
    std::sort(frames.begin(), frames.end());
    row("Median frame while scrolling", QByteArray::number(frames[frames.size() / 2], 'f', 1) + " ms", "");
    std::sort(busy.begin(), busy.end());
    row("Longest frame while scrolling", QByteArray::number(frames.back(), 'f', 1) + " ms (busy " + QByteArray::number(busy.back(), 'f', 1) + " ms)", "<= 16 ms");

    clock.start();
    model.setSearch(QStringLiteral("order-4711"));
    qint64 longestTurn = 0;
    while (model.isSearching()) {
        QElapsedTimer turn;
        turn.start();
        QApplication::processEvents();
        longestTurn = std::max(longestTurn, turn.nsecsElapsed());
    }
    row("Plain search through all of them", QByteArray::number(clock.elapsed()) + " ms, " + QByteArray::number(model.rowCount()) + " found", "");
    row("Longest turn while searching", QByteArray::number(static_cast<double>(longestTurn) / 1e6, 'f', 1) + " ms", "<= 100 ms");
    return 0;
}
