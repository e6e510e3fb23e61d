// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/models/projection/filling.h"

using namespace connectors;
using namespace models::projection;
using tests::FakeLog;
using tests::Filling;
using tests::MemoryTables;
using tests::Topic;

namespace {

/// Counts events by order in a variable of its own for each, and deletes an order when it is cancelled.
const QByteArray Projector = R"sh(while IFS= read -r line; do
  position=${line#*\"position\":}; position=${position%%,*}
  order=${line#*\"aggregateId\":\"}; order=${order%%\"*}
  name=count_$(echo "$order" | tr - _)
  eval "$name=\$((\${$name:-0} + 1)); count=\$$name"
  case $line in
    *OrderCancelled*) eval "$name=0"; echo "{\"ack\":$position,\"delete\":[{\"id\":\"$order\"}]}" ;;
    *) echo "{\"ack\":$position,\"upsert\":[{\"id\":\"$order\",\"events\":$count}]}" ;;
  esac
done)sh";

/// A projection file whose rules are that program.
QByteArray projectionBy(QByteArray script)
{
    script.replace('\\', QByteArray("\\\\")).replace('"', QByteArray("\\\"")).replace('\n', QByteArray("\\n"));
    return R"json({"projection": "counts", "version": 1, "source": {"streams": ["orders"]},
        "target": {"table": "counts", "key": ["id"], "columns": {"id": "text", "events": "bigint"}},
        "handler": ["/bin/sh", "-c", ")json" + script + "\"]}";
}

QByteArray ended(const QByteArray &when)
{
    QByteArray script = Projector;
    return script.replace(QByteArray("  order="), QByteArray("  [ \"$position\" = " + when + " ] && exit 7\n  order="));
}

} // namespace

/// Tables that a team's own program fills, one event after another.
class TestHandlerFill final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theProgramsRowsAreStored()
    {
        FakeLog log;
        addSome(log);
        MemoryTables tables;
        QVERIFY(Filling(log, tables, projectionBy(Projector)).run());
        QCOMPARE(tables.text(false), QStringLiteral("0 o-1 2\n0 o-3 1"));
        QCOMPARE(tables.checkpoint.events, 5);
    }

    void eventsThatComeLaterGoToTheSameProgram()
    {
        FakeLog log;
        addSome(log);
        MemoryTables tables;
        Filling filling(log, tables, projectionBy(Projector));
        QVERIFY(filling.run());
        log.add(Topic, 0, "OrderPlaced", "o-3", "{}");
        QVERIFY(filling.run()); // a new one, which counts from nothing: what it says is what counts
        QCOMPARE(tables.text(false), QStringLiteral("0 o-1 2\n0 o-3 1"));
    }

    void aProgramThatDiesLeavesWhatItHadAcknowledgedInWholeChunks()
    {
        FakeLog log;
        addSome(log);
        MemoryTables tables;
        Filling filling(log, tables, projectionBy(ended("3")));
        filling.options.chunkEvents = 2;
        const Result<void> filled = filling.run();
        QVERIFY(!filled);
        QVERIFY2(filled.error().message.contains(QStringLiteral("ended with status 7")), qPrintable(filled.error().message));
        QCOMPARE(tables.checkpoint.events % 2, 0);
        QVERIFY(tables.checkpoint.events < 5);
        QVERIFY(Filling(log, tables, projectionBy(Projector)).run());
        QCOMPARE(tables.checkpoint.events, 5);
    }

    void aProgramThatIsNotThereEndsItBeforeAnythingIsStored()
    {
        FakeLog log;
        addSome(log);
        MemoryTables tables;
        QByteArray missing = projectionBy(Projector);
        missing.replace("/bin/sh", "/nowhere/projector");
        const Result<void> filled = Filling(log, tables, missing).run();
        QVERIFY(!filled && filled.error().code == ErrorCode::NotFound);
        QCOMPARE(tables.checkpoint, RebuildCheckpoint());
    }

private:
    static void addSome(FakeLog &log)
    {
        for (const char *order : {"o-1", "o-2", "o-1"})
            log.add(Topic, 0, "OrderPlaced", order, "{}");
        log.add(Topic, 0, "OrderCancelled", "o-2", "{}");
        log.add(Topic, 0, "OrderPlaced", "o-3", "{}");
    }
};

QTEST_GUILESS_MAIN(TestHandlerFill)
#include "tst_handler_fill.moc"
