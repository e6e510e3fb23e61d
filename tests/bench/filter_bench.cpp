// SPDX-License-Identifier: GPL-3.0-or-later
// Filtering 1,000,000 events of 420 bytes in memory, against a bare SQLite virtual table with the same columns and SQLite's
// own JSON functions: what | events/s | yardstick | ratio | target, one line each. Best of several rounds, in turn.
#include "connectors/query/event_filter.h"
#include "tests/bench/bare_event_table.h"
#include "tests/bench/stopwatch.h"

#include <sqlite3.h>

#include <QTextStream>

#include <algorithm>

using namespace connectors;

namespace {

constexpr int EventCount = 1'000'000;
constexpr int BatchEvents = 1000; // as readers make them
constexpr int Rounds = 3;
constexpr double Target = 0.8;

/// Where text begins and ends in the body, as the decoder finds it.
Slice within(Slice payload, const QByteArray &body, const QByteArray &text)
{
    return {payload.offset + static_cast<quint32>(body.indexOf(text)), static_cast<quint32>(text.size())};
}

std::vector<EventBatchPtr> makeEvents()
{
    std::vector<EventBatchPtr> batches;
    EventBatchBuilder builder;
    const QList<QByteArray> types = {"OrderPlaced", "PaymentRequested", "PaymentReceived", "OrderShipped"};
    for (int i = 0; i < EventCount; ++i) {
        const QByteArray id = QByteArray::number(1'000'000'000 + i) + "-5b1f-4c3e-9d2a-7f6e5d4c3b2a";
        const QByteArray &type = types[i % types.size()];
        const QByteArray order = "order-" + QByteArray::number(i % 50'000);
        QByteArray body = R"({"eventId":")" + id + R"(","eventType":")" + type + R"(","aggregateId":")" + order
            + R"(","timestamp":"2026-01-01T00:00:00.000Z","version":1,"correlationId":"flow-)" + QByteArray::number(i % 100'000)
            + R"(","causationId":null,"data":{"customer":"customer-17","currency":"EUR","amount":)" + QByteArray::number(i % 800) + R"(,"note":")";
        body += QByteArray(std::max<qsizetype>(420 - body.size() - 3, 0), 'x') + "\"}}";
        EventRecord record;
        record.stream = builder.internStream(QStringLiteral("orders"));
        record.position = i;
        record.time = 1'700'000'000'000 + i;
        record.payload = builder.addBytes({body.constData(), static_cast<size_t>(body.size())});
        record.size = body.size();
        record.format = BodyFormat::Json;
        record.eventId = within(record.payload, body, id);
        record.eventType = within(record.payload, body, type);
        record.aggregateId = within(record.payload, body, order);
        record.version = 1;
        builder.add(record);
        if (builder.count() == BatchEvents)
            batches.push_back(builder.take());
    }
    return batches;
}

struct Measured {
    double rate = 0; ///< events a second
    qint64 matches = 0;
};

Measured bare(const std::vector<EventBatchPtr> &batches, const QByteArray &where)
{
    const EventBatch *batch = batches.front().get();
    sqlite3 *database = nullptr;
    sqlite3_open(":memory:", &database);
    bench::addBareEventTable(database, &batch);
    sqlite3_stmt *statement = nullptr;
    const QByteArray sql = "SELECT rowid FROM event WHERE " + where;
    if (sqlite3_prepare_v2(database, sql.constData(), -1, &statement, nullptr) != SQLITE_OK)
        qFatal("%s", sqlite3_errmsg(database));
    Measured measured;
    const double start = bench::busySeconds();
    for (const EventBatchPtr &next : batches) {
        batch = next.get();
        while (sqlite3_step(statement) == SQLITE_ROW)
            ++measured.matches;
        sqlite3_reset(statement);
    }
    measured.rate = EventCount / (bench::busySeconds() - start);
    sqlite3_finalize(statement);
    sqlite3_close(database);
    return measured;
}

Measured ours(const std::vector<EventBatchPtr> &batches, const QByteArray &where)
{
    auto filter = query::EventFilter::compile(QString::fromUtf8(where));
    if (!filter)
        qFatal("%s", qPrintable(filter.error().message));
    Measured measured;
    const double start = bench::busySeconds();
    for (const EventBatchPtr &batch : batches)
        measured.matches += std::ssize((*filter)->apply(*batch, {})->matches);
    measured.rate = EventCount / (bench::busySeconds() - start);
    return measured;
}

} // namespace

int main()
{
    const std::vector<EventBatchPtr> batches = makeEvents();
    QTextStream out(stdout);
    const QList<QByteArray> conditions = {"eventType = 'OrderPlaced' AND payload ->> '$.data.amount' > 400", "payload ->> '$.data.amount' > 400",
                                          "eventType LIKE 'order%' AND version = 1"};
    for (const QByteArray &where : conditions) {
        Measured best;
        Measured yardstick;
        for (int round = 0; round < Rounds; ++round) {
            const Measured theirs = bare(batches, where);
            const Measured mine = ours(batches, where);
            if (theirs.matches != mine.matches)
                qFatal("The filters disagree: %lld and %lld matches.", theirs.matches, mine.matches);
            best = std::max(best, mine, [](const Measured &a, const Measured &b) { return a.rate < b.rate; });
            yardstick = std::max(yardstick, theirs, [](const Measured &a, const Measured &b) { return a.rate < b.rate; });
        }
        out << "filter " << where << " | " << qRound64(best.rate) << " events/s | bare SQLite table " << qRound64(yardstick.rate) << " events/s | "
            << QString::number(best.rate / yardstick.rate, 'f', 2) << " | >= " << Target << '\n';
    }
    return 0;
}
