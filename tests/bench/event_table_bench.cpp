// SPDX-License-Identifier: GPL-3.0-or-later
// 10,000,000 events in the table: memory of the process, and the longest frame while scrolling through them. The events
// come in batches of 1,000 as from a connector: 40 types, 200,000 aggregates, a flow and a UUID of its own for every fourth
// and for every event. A frame is what the application does for one step: move the scroll bar, paint the viewport.
#include "models/event/event_export.h"
#include "models/event/event_table_model.h"
#include "ui/streams/event_table.h"

#include "connectors/connector.h"
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

/// Has every event again that was read before.
class Rereader final : public Connector, public EventReader
{
public:
    QFuture<Result<SystemIdentity>> identify(std::stop_token) override { return QtFuture::makeReadyFuture(Result<SystemIdentity>(SystemIdentity())); }
    [[nodiscard]] Traffic traffic() const override { return {}; }
    EventReader *eventReader() override { return this; }
    [[nodiscard]] QString whyNot(Ability) const override { return {}; }
    EventChannelPtr read(ReadRequest) override { return std::make_shared<EventChannel>(); }
    QFuture<Result<EventPage>> fetchPage(PageRequest, std::stop_token) override { return {}; }
    QFuture<Result<EventBatchPtr>> fetch(std::vector<EventAddress> addresses, qint64, std::stop_token) override
    {
        EventBatchBuilder builder;
        for (const EventAddress &address : addresses) {
            EventRecord record;
            record.stream = builder.internStream(address.stream);
            record.partition = address.partition;
            record.position = address.position;
            record.payload = builder.addBytes("{}");
            record.size = 2;
            builder.add(record);
        }
        return QtFuture::makeReadyFuture(Result<EventBatchPtr>(builder.take()));
    }
};

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
                QApplication::processEvents();
            });
        }
        frames.measure([&] { scroll(table, screen, frame); });
    }
    row("Longest turn of a tail into the full table", turns.longest(), "<= 100 ms");
    row("Longest frame meanwhile", frames.longest(), "<= 16 ms");
}

/// One turn that `work` is.
template<typename Work>
void turn(const char *what, Work work)
{
    Steps turns;
    turns.measure(std::move(work));
    row(what, turns.longest(), "<= 100 ms");
}

/// Answers come 20 ms after what the screen shows was asked for.
void readBodies(EventTable &table, QImage &screen, const char *what)
{
    table.setColumns({{models::event::EventColumn::Kind::Position, {}}, {models::event::EventColumn::Kind::Payload, {}}});
    Steps turns;
    for (int frame = 0; frame < 5; ++frame) {
        scroll(table, screen, frame);
        const double begin = bench::wallSeconds();
        while (bench::wallSeconds() - begin < 0.1)
            turns.measure([] { QApplication::processEvents(); });
    }
    row(what, turns.longest(), "<= 100 ms");
}

/// What looks for one event, or at all of them.
void jump(EventTableModel &model)
{
    const EventAddress last = model.list().address(model.list().end() - 1);
    turn("Finding the last event by its position", [&] { static_cast<void>(model.find(last)); });
    turn("Finding no event by a time", [&] { static_cast<void>(model.list().findTime(2'000'000'000'000)); });
}

/// What is taken of the table goes with the request, so that it is freed where the export ends.
void select(EventTableModel &model, EventTable &table)
{
    turn("Selecting all of them", [&] { table.selectAll(); });
    models::event::ExportRequest request;
    turn("Taking what is selected for an export", [&] {
        request.events = model.list().events();
        request.rows = model.rows();
        request.spans = table.selectedRows();
    });
    turn("Copying what is selected", [&] {
        QKeyEvent copy(QEvent::KeyPress, Qt::Key_C, Qt::ControlModifier);
        QApplication::sendEvent(&table, &copy);
    });
    table.clearSelection();
}

void sort(EventTableModel &model, EventTable &table, QImage &screen, models::event::EventColumn::Kind kind, const char *what)
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
    readBodies(table, screen, "Longest turn while bodies come into the sorted table");
    select(model, table);
    turn("Back into the order of reading", [&] { model.sortBy(std::nullopt, Qt::AscendingOrder); });
}

void search(EventTableModel &model, const QString &text, const char *what)
{
    Steps turns;
    const double begin = bench::wallSeconds();
    turns.measure([&model, &text] { model.setSearch(text); });
    while (model.isSearching())
        turns.measure([] { QApplication::processEvents(); });
    row(what, QByteArray::number((bench::wallSeconds() - begin) * 1e3, 'f', 0) + " ms, " + QByteArray::number(model.rowCount()) + " found", "");
    row("Longest turn while searching", turns.longest(), "<= 100 ms");
    turns = {};
    turns.measure([&model] { model.setSearch({}); });
    while (model.isSearching())
        turns.measure([] { QApplication::processEvents(); });
    row("Longest turn while the search ends", turns.longest(), "<= 100 ms");
}

} // namespace

int main(int argc, char *argv[])
{
    qputenv("QT_QPA_PLATFORM", "offscreen");
    const QApplication application(argc, argv);
    EventTableModel model;
    model.reset(std::make_shared<Rereader>());
    EventTable table(&model);
    table.resize(1000, 700);
    table.show();
    std::printf("what | measured | target\n--- | --- | ---\n");
    takeIn(model);
    QImage screen(table.viewport()->size(), QImage::Format_RGB32);
    scrollThrough(table, screen);
    scrollWhileFollowing(model, table, screen);
    jump(model);
    select(model, table);
    sort(model, table, screen, models::event::EventColumn::Kind::Correlation, "Sorting by the correlation");
    sort(model, table, screen, models::event::EventColumn::Kind::Time, "Sorting by the time");
    search(model, QStringLiteral("order-4711"), "Plain search through all of them");
    search(model, QStringLiteral("order"), "Plain search that finds all of them");
    turn("Choosing other columns", [&] { table.setColumns(models::event::defaultColumns()); });
    row("Peak resident memory in the end", QByteArray::number(residentMiB(), 'f', 0) + " MiB", "");
    turn("Emptying the table", [&] { model.reset(nullptr); });
    return 0;
}
