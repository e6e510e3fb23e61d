// SPDX-License-Identifier: GPL-3.0-or-later
// Rebuilding a projection on SQLite: events of an embedded store filled into tables beside the live ones, compared and swapped,
// against a fold of the same bytes in memory with simdjson; and comparing two tables against EXCEPT both ways in the database.
//
//   rebuild_bench [EVENTS [FOLDER]]     default: 1000000, in the temporary folder; a fifth as many rows
#include "connectors/eventstore/event_store_connector.h"
#include "connectors/eventstore/store_file.h"
#include "connectors/eventstore/store_writer.h"
#include "connectors/readmodel/sqlite_read_model.h"
#include "connectors/readmodel/sqlite_read_model_writer.h"
#include "models/projection/table_fill.h"
#include "tests/bench/stopwatch.h"
#include "tests/support/resident_memory.h"

#include <QCoreApplication>
#include <QTemporaryDir>
#include <QTextStream>

#include <simdjson.h>

#include <unordered_map>

using namespace connectors;
using models::projection::ProjectionFile;
using models::projection::ProjectionSource;
using models::projection::TableFill;

namespace {

constexpr int EventsOfARow = 5;
constexpr qsizetype BodyBytes = 420;

const QByteArray Definition = R"json({ "projection": "order_summary", "version": 2, "source": {"streams": ["order-*"]},
  "target": {"table": "order_summary", "key": ["order_id"],
             "columns": {"order_id": "text", "customer": "text", "total": "numeric", "status": "text", "events": "bigint"}},
  "on": {"OrderChanged": {"upsert": {"order_id": "/aggregateId", "customer": "/data/customerId", "total": "/data/total", "status": "=placed"}, "add": {"events": 1}}} })json";

NewEvent eventAt(qint64 i, qint64 rows)
{
    NewEvent event;
    event.stream = QStringLiteral("order-%1").arg((i * 7'919) % rows);
    event.eventId = QStringLiteral("e-%1").arg(i, 9, 10, QLatin1Char('0'));
    event.eventType = QStringLiteral("OrderChanged");
    event.aggregateId = event.stream;
    event.timestamp = QStringLiteral("2026-03-01T12:01:04.220Z");
    event.correlationId = QStringLiteral("flow-%1").arg(i / EventsOfARow);
    QByteArray body = "{\"eventId\":\"" + event.eventId.toUtf8() + "\",\"eventType\":\"OrderChanged\",\"aggregateId\":\"" + event.aggregateId.toUtf8()
        + "\",\"timestamp\":\"2026-03-01T12:01:04.220Z\",\"version\":1,\"data\":{\"customerId\":\"customer-" + QByteArray::number(i % 50'000) + "\",\"total\":" + QByteArray::number(i % 1'000) + ".50,\"note\":\"";
    body += QByteArray(std::max<qsizetype>(0, BodyBytes - 3 - body.size()), '.') + "\"}}";
    event.payload = body;
    return event;
}

void makeStore(const QString &path, qint64 events)
{
    const auto database = eventstore::openForWriting(path, true);
    database->execute("PRAGMA synchronous = OFF");
    eventstore::StoreWriter writer(*database);
    constexpr qint64 AtOnce = 20'000;
    for (qint64 begin = 0; begin < events; begin += AtOnce) {
        sqlite::Transaction transaction(*database, sqlite::Transaction::Kind::Write);
        std::vector<NewEvent> batch;
        for (qint64 i = begin; i < std::min(events, begin + AtOnce); ++i)
            batch.push_back(eventAt(i, events / EventsOfARow));
        std::ignore = writer.append(batch, 1'700'000'000'000 + begin);
        transaction.commit();
    }
}

struct FoldedRow {
    std::string customer;
    double total = 0;
    std::string status;
    qint64 events = 0;
};

/// The yardstick: what the very same bytes cost when nothing is kept exact, nothing read from a disk and nothing written.
double foldInMemory(const std::vector<std::string> &bodies)
{
    const double start = bench::wallSeconds();
    std::unordered_map<std::string, FoldedRow> rows;
    simdjson::ondemand::parser parser;
    for (const std::string &body : bodies) {
        auto document = parser.iterate(body.data(), body.size(), body.capacity());
        const std::string_view aggregate = document["aggregateId"].get_string();
        FoldedRow &row = rows[std::string(aggregate)];
        auto data = document["data"].get_object().value();
        row.customer = std::string_view(data["customerId"].get_string());
        row.total = data["total"].get_double();
        row.status = "placed";
        ++row.events;
    }
    return bench::wallSeconds() - start;
}

std::vector<std::string> bodiesOf(const QString &path)
{
    const auto database = eventstore::openForLooking(path);
    sqlite::Statement all(*database, "SELECT payload FROM events ORDER BY position");
    std::vector<std::string> bodies;
    while (all.step()) {
        std::string body(all.text(0));
        body.reserve(body.size() + simdjson::SIMDJSON_PADDING);
        bodies.push_back(std::move(body));
    }
    return bodies;
}

/// What must succeed.
template<typename T>
T checked(Result<T> result)
{
    if (!result)
        qFatal("%s", qPrintable(describe(result.error())));
    if constexpr (!std::is_void_v<T>)
        return std::move(*result);
}

ConnectionSpec specOf(const QString &path)
{
    ConnectionSpec spec;
    spec.kind = SystemKind::EventStoreSqlite;
    spec.path = path;
    return spec;
}

struct Times {
    double fill = 0;
    double compare = 0;
    double swap = 0;
    [[nodiscard]] double whole() const { return fill + compare + swap; }
};

Times rebuild(const QString &store, const QString &target, const QString &job, const ProjectionFile &file)
{
    Rebuild rebuild;
    rebuild.job = job;
    rebuild.projection = file.name;
    rebuild.tables = {file.tables.front().name};
    const auto connector = checked(eventstore::openEventStore(specOf(store)));
    const auto writer = readmodel::openSqliteReadModelWriter(specOf(target), file.tables);
    Times times;
    double start = bench::wallSeconds();
    checked(writer->begin(rebuild));
    auto source = checked(ProjectionSource::open(*connector, file, {}));
    checked(TableFill(source, file, *writer, {}, {}).run({}, {}));
    checked(writer->finishFilling());
    times.fill = bench::wallSeconds() - start;
    start = bench::wallSeconds();
    rebuild.state = RebuildState::Filled;
    std::ignore = checked(readmodel::openSqliteReadModel(specOf(target))->compare(rebuild, file.tables.front(), 0, 100, {}, {}, {}));
    times.compare = bench::wallSeconds() - start;
    start = bench::wallSeconds();
    std::ignore = checked(writer->swap(job));
    times.swap = bench::wallSeconds() - start;
    return times;
}

double exceptBothWays(const QString &target, const QString &job)
{
    sqlite::Database database(target, sqlite::Database::Access::Look);
    const QByteArray columns = "order_id, customer, total, status, events";
    const QByteArray old = "SELECT " + columns + " FROM order_summary__old_" + job.toLatin1();
    const QByteArray live = "SELECT " + columns + " FROM order_summary";
    const double start = bench::wallSeconds();
    std::ignore = database.queryInteger("SELECT (SELECT count(*) FROM (" + old + " EXCEPT " + live + ")) + (SELECT count(*) FROM (" + live + " EXCEPT " + old + "))");
    return bench::wallSeconds() - start;
}

} // namespace

int main(int argc, char *argv[])
{
    const QCoreApplication application(argc, argv);
    const qint64 events = argc > 1 ? QString::fromLocal8Bit(argv[1]).toLongLong() : 1'000'000;
    const QTemporaryDir folder(argc > 2 ? QString::fromLocal8Bit(argv[2]) + QStringLiteral("/rebuild-bench-XXXXXX") : QString());
    const QString store = folder.filePath(QStringLiteral("events.db"));
    const QString target = folder.filePath(QStringLiteral("tables.db"));
    makeStore(store, events);
    const ProjectionFile file = checked(models::projection::parseProjection(Definition, QStringLiteral("orders.json")));
    const Times first = rebuild(store, target, QStringLiteral("job00001"), file); // nothing lives yet
    const qint64 memory = tests::residentBytes();
    const Times second = rebuild(store, target, QStringLiteral("job00002"), file);
    const double except = exceptBothWays(target, QStringLiteral("job00002"));
    const double folded = foldInMemory(bodiesOf(store));
    QTextStream out(stdout);
    const auto perSecond = [events](double seconds) { return QString::number(static_cast<double>(events) / seconds, 'f', 0); };
    out << "| rebuild of " << events << " events, filled, compared and swapped | " << perSecond(second.whole()) << " events/s | fold in memory with simdjson " << perSecond(folded) << " events/s | "
        << QString::number(folded / second.whole(), 'f', 2) << " × | ≥ 250,000 events/s |\n"
        << "| … filling alone, the first time | " << perSecond(first.fill) << " events/s | | | |\n"
        << "| comparing " << events / EventsOfARow << " rows each side | " << QString::number(second.compare, 'f', 2) << " s | EXCEPT both ways " << QString::number(except, 'f', 2) << " s | "
        << QString::number(second.compare / except, 'f', 2) << " × | ≤ 1 × |\n"
        << "| memory of the process after it | " << memory / (1024 * 1024) << " MiB | | | ≤ 512 MiB |\n";
    return 0;
}
