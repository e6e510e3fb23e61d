// SPDX-License-Identifier: GPL-3.0-or-later
// Appending to the event store in durable batches of 500, against bare sqlite3 inserts into the same schema with the same
// settings: what | events/s | yardstick | ratio | target. Best of several rounds, in turn, each on a new file.
//
//   append_bench [FOLDER]     on whose disk the stores are made; default: the temporary folder
#include "connectors/eventstore/event_store_connector.h"
#include "tests/bench/stopwatch.h"

#include <sqlite3.h>

#include <QHash>
#include <QTemporaryDir>
#include <QTextStream>

#include <algorithm>

using namespace connectors;

namespace {

constexpr int EventCount = 50'000;
constexpr int BatchEvents = 500;
constexpr int Streams = 2000;
constexpr int Rounds = 3;
constexpr double Target = 0.8;

std::vector<NewEvent> makeEvents()
{
    std::vector<NewEvent> events;
    for (int i = 0; i < EventCount; ++i) {
        NewEvent event;
        event.stream = QStringLiteral("order-%1").arg(i % Streams);
        event.eventId = QStringLiteral("%1-5b1f-4c3e-9d2a-7f6e5d4c3b2a").arg((i * 2'654'435'761LL) & 0xffffffff, 8, 16, QLatin1Char('0'));
        event.eventType = QStringLiteral("OrderPlaced");
        event.aggregateId = event.stream;
        event.timestamp = QStringLiteral("2026-01-01T00:00:00.000Z");
        event.correlationId = QStringLiteral("flow-%1").arg(i % 10'000);
        event.payload = "{\"n\":" + QByteArray::number(i) + ",\"note\":\"" + QByteArray(380, 'x') + "\"}";
        events.push_back(event);
    }
    return events;
}

ConnectionSpec specOf(const QString &path)
{
    ConnectionSpec spec;
    spec.kind = SystemKind::EventStoreSqlite;
    spec.path = path;
    spec.mayCreate = true;
    return spec;
}

std::vector<NewEvent> batchAt(const std::vector<NewEvent> &events, int begin)
{
    return {events.begin() + begin, events.begin() + begin + BatchEvents};
}

double ours(const std::vector<NewEvent> &events, const QString &path)
{
    const auto store = *eventstore::openEventStore(specOf(path));
    store->eventWriter()->append({}).waitForFinished(); // makes the file
    const double start = bench::wallSeconds();
    for (int begin = 0; begin < EventCount; begin += BatchEvents) {
        auto appended = store->eventWriter()->append(batchAt(events, begin));
        appended.waitForFinished();
        if (!appended.result())
            qFatal("%s", qPrintable(appended.result().error().message));
    }
    return EventCount / (bench::wallSeconds() - start);
}

/// What must succeed.
void check(sqlite3 *database, int result)
{
    if (result != SQLITE_OK && result != SQLITE_DONE)
        qFatal("%s", sqlite3_errmsg(database));
}

double bare(const std::vector<NewEvent> &events, const QString &path)
{
    (*eventstore::openEventStore(specOf(path)))->eventWriter()->append({}).waitForFinished(); // the same schema
    sqlite3 *database = nullptr;
    check(database, sqlite3_open(path.toUtf8().constData(), &database));
    check(database, sqlite3_exec(database, "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON", nullptr, nullptr, nullptr));
    sqlite3_stmt *insert = nullptr;
    check(database, sqlite3_prepare_v2(database,
                                       "INSERT INTO events (stream, category, stream_version, event_id, event_type, aggregate_id, timestamp, version,"
                                       " correlation_id, recorded_at, payload) VALUES (?1, 'order', ?2, ?3, ?4, ?5, ?6, ?2, ?7, ?8, ?9)",
                                       -1, &insert, nullptr));
    const auto bind = [&](int parameter, const QByteArray &text) {
        check(database, sqlite3_bind_text(insert, parameter, text.constData(), static_cast<int>(text.size()), SQLITE_TRANSIENT));
    };
    QHash<QString, qint64> versions;
    const double start = bench::wallSeconds();
    for (int begin = 0; begin < EventCount; begin += BatchEvents) {
        check(database, sqlite3_exec(database, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr));
        for (int i = begin; i < begin + BatchEvents; ++i) {
            const NewEvent &event = events[static_cast<size_t>(i)];
            bind(1, event.stream.toUtf8());
            check(database, sqlite3_bind_int64(insert, 2, ++versions[event.stream]));
            bind(3, event.eventId.toUtf8());
            bind(4, event.eventType.toUtf8());
            bind(5, event.aggregateId.toUtf8());
            bind(6, event.timestamp.toUtf8());
            bind(7, event.correlationId.toUtf8());
            check(database, sqlite3_bind_int64(insert, 8, 1'700'000'000'000));
            bind(9, event.payload);
            check(database, sqlite3_step(insert));
            sqlite3_reset(insert);
        }
        check(database, sqlite3_exec(database, "COMMIT", nullptr, nullptr, nullptr));
    }
    const double rate = EventCount / (bench::wallSeconds() - start);
    sqlite3_finalize(insert);
    sqlite3_close(database);
    return rate;
}

} // namespace

int main(int argc, char **argv)
{
    const QTemporaryDir folder(argc > 1 ? QString::fromLocal8Bit(argv[1]) + QStringLiteral("/append-bench-XXXXXX") : QString());
    const std::vector<NewEvent> events = makeEvents();
    double best = 0;
    double yardstick = 0;
    for (int round = 0; round < Rounds; ++round) {
        yardstick = std::max(yardstick, bare(events, folder.filePath(QStringLiteral("bare-%1.db").arg(round))));
        best = std::max(best, ours(events, folder.filePath(QStringLiteral("ours-%1.db").arg(round))));
    }
    QTextStream(stdout) << "append in durable batches of " << BatchEvents << " | " << qRound64(best) << " events/s | bare sqlite3 inserts "
                        << qRound64(yardstick) << " events/s | " << QString::number(best / yardstick, 'f', 2) << " | >= " << Target << '\n';
    return 0;
}
