// SPDX-License-Identifier: GPL-3.0-or-later
// A projection rebuilt in PostgreSQL: 1,000,000 events that change 200,000 rows, stored in chunks with their checkpoint; then two
// tables of 1,000,000 rows compared, against EXCEPT both ways on the same server. What | measured | yardstick | ratio.
//
//   STREAMGAUGE_TEST_POSTGRES=postgresql://… pg_rebuild_bench [CHUNK]
#include "connectors/pgreadmodel/postgres_read_model.h"
#include "connectors/pgreadmodel/postgres_read_model_writer.h"
#include "connectors/postgres/database.h"
#include "tests/bench/stopwatch.h"
#include "tests/support/postgres_server.h"

#include <QTextStream>

using namespace connectors;

namespace {

constexpr qint64 Events = 1'000'000;
constexpr qint64 FoldedRows = 200'000;
constexpr qint64 ComparedRows = 1'000'000;

TableSpec tableOf(const QString &name)
{
    return {name,
            {{QStringLiteral("order_id"), ColumnType::Text, {}}, {QStringLiteral("customer"), ColumnType::Text, {}}, {QStringLiteral("total"), ColumnType::Numeric, {}},
             {QStringLiteral("status"), ColumnType::Text, {}}, {QStringLiteral("events"), ColumnType::BigInt, {}}},
            {0}};
}

Rebuild rebuildOf(const QString &table)
{
    Rebuild rebuild;
    rebuild.job = QStringLiteral("bench000");
    rebuild.projection = table;
    rebuild.tables = {table};
    return rebuild;
}

template<typename T>
T required(Result<T> result)
{
    if (!result)
        qFatal("%s", qPrintable(result.error().message));
    if constexpr (!std::is_void_v<T>)
        return *std::move(result);
}

ChangedRow rowOf(qint64 number, qint64 event)
{
    const std::string key = "order-" + std::to_string(number);
    return {{0, {key}}, Row{{key, "customer-" + std::to_string(number % 977), std::to_string(event % 5000) + ".5", event % 3 == 0 ? "shipped" : "placed", std::to_string(event / FoldedRows)}, event}};
}

/// Events come in an order that jumps over all rows; what of a chunk is of one row is one change, as the fold makes it.
double fill(const ConnectionSpec &spec, qint64 chunkEvents, qint64 *stored)
{
    const TableSpec table = tableOf(QStringLiteral("folded"));
    const auto writer = required(pgreadmodel::openPostgresReadModelWriter(spec, {}, {table}));
    required(writer->begin(rebuildOf(table.name)));
    const double begun = bench::wallSeconds();
    RebuildCheckpoint checkpoint;
    checkpoint.positions = {{}};
    for (qint64 chunk = 0; chunk < Events; chunk += chunkEvents) {
        QHash<qint64, qint64> last;
        for (qint64 event = chunk; event < std::min(Events, chunk + chunkEvents); ++event)
            last[event * 7'919'993 % 1'000'003 % FoldedRows] = event;
        std::vector<ChangedRow> rows;
        for (auto each = last.cbegin(); each != last.cend(); ++each)
            rows.push_back(rowOf(each.key(), each.value()));
        *stored += std::ssize(rows);
        checkpoint.events = std::min(Events, chunk + chunkEvents);
        required(writer->store(std::move(rows), checkpoint));
    }
    required(writer->finishFilling());
    return bench::wallSeconds() - begun;
}

void compare(const ConnectionSpec &spec, postgres::Database &database, QTextStream &out)
{
    const TableSpec table = tableOf(QStringLiteral("compared"));
    const Rebuild rebuild = rebuildOf(table.name);
    for (const QString &name : {table.name, shadowName(rebuild, 0)})
        database.execute("CREATE TABLE " + name.toUtf8() + " AS SELECT 'order-' || i AS order_id, 'customer-' || i % 977 AS customer, (i % 5000)::numeric / 10 AS total, 'placed'::text AS status, i::bigint AS events, i::bigint AS "
                         + PositionColumn + " FROM generate_series(1, " + QByteArray::number(ComparedRows) + ") i; ALTER TABLE " + name.toUtf8() + " ADD PRIMARY KEY (order_id)");
    database.execute("UPDATE compared__rb_bench000 SET total = total + 1 WHERE events % 1000 = 0; ANALYZE compared; ANALYZE compared__rb_bench000");
    const auto model = required(pgreadmodel::openPostgresReadModel(spec, {}));
    double ours = 1e9;
    double theirs = 1e9;
    for (int round = 0; round < 3; ++round) {
        double begun = bench::wallSeconds();
        const TableComparison comparison = required(model->compare(rebuild, table, 0, 100, {}, {}, {}));
        ours = std::min(ours, bench::wallSeconds() - begun);
        if (comparison.changed != ComparedRows / 1000)
            qFatal("%lld rows are changed", comparison.changed);
        const QByteArray columns = "SELECT order_id, customer, total, status, events FROM ";
        begun = bench::wallSeconds();
        database.execute("SELECT count(*) FROM (" + columns + "compared EXCEPT " + columns + "compared__rb_bench000) a");
        database.execute("SELECT count(*) FROM (" + columns + "compared__rb_bench000 EXCEPT " + columns + "compared) a");
        theirs = std::min(theirs, bench::wallSeconds() - begun);
    }
    out << "compare 2 × 1,000,000 rows | " << ours << " s | EXCEPT both ways " << theirs << " s | " << ours / theirs << " ×\n";
}

} // namespace

int main(int argc, char **argv)
{
    QTextStream out(stdout);
    const tests::FreshDatabase fresh;
    const auto database = fresh.open();
    for (const qint64 chunk : argc > 1 ? std::vector<qint64>{QByteArray(argv[1]).toLongLong()} : std::vector<qint64>{1'000, 10'000, 100'000}) {
        qint64 stored = 0;
        const double seconds = fill(fresh.spec(), chunk, &stored);
        out << "rebuild of 1,000,000 events into 200,000 rows, chunks of " << chunk << " | " << static_cast<qint64>(static_cast<double>(Events) / seconds) << " events/s, "
            << static_cast<qint64>(static_cast<double>(stored) / seconds) << " rows/s\n";
        out.flush();
        database->execute("DROP TABLE folded__rb_bench000, streamgauge_rebuilds");
    }
    compare(fresh.spec(), *database, out);
    return 0;
}
