// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/models/projection/order_projection.h"

using namespace connectors;
using namespace models::projection;

class TestProjectionFile final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aFileIsReadWhole()
    {
        const ProjectionFile file = tests::projectionOf(tests::OrderProjection);
        QCOMPARE(file.name, QStringLiteral("order_summary"));
        QCOMPARE(file.version, 2);
        QCOMPARE(file.streams, QStringList{QStringLiteral("order-*")});
        const TableSpec &table = file.tables.front();
        QStringList columns;
        for (const ColumnSpec &column : table.columns)
            columns += column.name;
        QCOMPARE(columns.join(u' '), QStringLiteral("order_id customer total status events")); // in the order of the file
        QCOMPARE(table.key, std::vector<size_t>{0});
        QCOMPARE(file.rules.size(), size_t(3));
        const Rule &placed = file.rules.at("OrderPlaced").front();
        QCOMPARE(placed.action, Rule::Action::Upsert);
        QCOMPARE(placed.key.front().value.kind, ValueSource::Kind::Envelope);
        QCOMPARE(placed.set.size(), size_t(3));
        QCOMPARE(placed.add.front().value.literal, std::optional<std::string>("1"));
    }

    void severalTablesAndStepsOfUpcasting()
    {
        const ProjectionFile file = tests::projectionOf(R"json({"projection": "p", "version": 1, "source": {"streams": ["order-*", "invoice"]},
            "targets": {"order_line": {"key": ["order_id", "sku"], "columns": {"order_id": "text", "sku": "text", "amount": "numeric(38,10)", "open": "boolean"}}},
            "upcast": [{"eventType": "OrderPlaced", "from": 2, "to": 3, "default": {"/currency": "EUR"}}, {"eventType": "OrderPlaced", "from": 1, "to": 2, "rename": {"/amount": "/total"}}],
            "on": {"OrderPlaced": {"order_line": {"each": "/data/lines", "upsert": {"order_id": "/aggregateId", "sku": "/each/sku", "amount": "/each/price", "open": true}}}}})json");
        const Rule &rule = file.rules.at("OrderPlaced").front();
        QVERIFY(rule.each.has_value());
        QCOMPARE(rule.key.at(1).value.kind, ValueSource::Kind::Element);
        QCOMPARE(file.tables.front().columns.at(2).precision, std::optional(Precision{38, 10}));
        const std::vector<Upcast> &steps = file.upcasts.at(QStringLiteral("OrderPlaced"));
        QCOMPARE(steps.front().from, 1);
        QCOMPARE(steps.front().renames.front(), (std::pair<std::string, std::string>("/amount", "/total")));
        QCOMPARE(steps.back().defaults.front().second, std::string("\"EUR\""));
    }

    void everyMistakeIsNamedByLineAndPointer_data()
    {
        QTest::addColumn<QByteArray>("before");
        QTest::addColumn<QByteArray>("after");
        QTest::addColumn<QString>("told");
        const auto row = [](const char *name, const char *before, const char *after, const char *told) {
            QTest::newRow(name) << QByteArray(before) << QByteArray(after) << QString::fromUtf8(told);
        };
        row("no JSON", "\"version\": 2,", "\"version\": 2,,", "orders.json:1: the file: This is no JSON");
        row("nothing", "", "", "");
        row("unknown member", "\"version\": 2", "\"version\": 2, \"sorce\": {}", "orders.json:1: /sorce: “sorce” is not known here");
        row("twice", "\"version\": 2", "\"version\": 2, \"version\": 3", "orders.json:1: /version: “version” is there twice.");
        row("no version", "\"version\": 2, ", "", "orders.json:1: the file: “version” is missing.");
        row("version 0", "\"version\": 2", "\"version\": 0", "orders.json:1: /version: The version is a whole number from 1.");
        row("no name", "\"order_summary\", \"version\"", "\"\", \"version\"", "/projection: The projection's name is a text that is not empty.");
        row("no streams", "[\"order-*\"]", "[]", "/source/streams: At least one stream is named.");
        row("streams no array", "[\"order-*\"]", "\"order-*\"", "/source/streams: “streams” is an array.");
        row("both targets", "\"on\":", "\"targets\": {}, \"on\":", "There is either “target”, one table, or “targets”, several by name.");
        row("rules and a handler", "\"on\":", "\"handler\": [\"projector\"], \"on\":", "orders.json:1: the file: There is either “on”, what each event type does, or “handler”, a program that says it.");
        row("unknown type", "\"numeric\"", "\"money\"", "orders.json:3: /target/columns/total: “money” is no type");
        row("wrong precision", "\"numeric\"", "\"numeric(5,6)\"", "orders.json:3: /target/columns/total: numeric(p,s) has p from 1");
        row("own name", "\"status\": \"text\"", "\"sg_position\": \"text\"", "/target/columns/sg_position: Names that begin with “sg_” are the program's own.");
        row("long name", "\"table\": \"order_summary\"", "\"table\": \"a234567890123456789012345678901234567890123456789012345678901234\"", "orders.json:2: /target/table: A name has 1 to 63 bytes.");
        row("key unknown", "[\"order_id\"]", "[\"orderId\"]", "orders.json:2: /target/key/0: “orderId” is none of the columns.");
        row("key twice", "[\"order_id\"]", "[\"order_id\", \"order_id\"]", "/target/key/1: “order_id” is there twice.");
        row("key empty", "[\"order_id\"]", "[]", "/target/key: The key has at least one column.");
        row("no rule", "\"delete\": {\"order_id\": \"/aggregateId\"}", "", "orders.json:7: /on/OrderCancelled: A rule has exactly one of “upsert”, “update” and “delete”.");
        row("two rules", "\"delete\":", "\"update\": {\"order_id\": \"=1\"}, \"delete\":", "/on/OrderCancelled: A rule has exactly one of");
        row("column unknown", "\"status\": \"=shipped\"", "\"state\": \"=shipped\"", "orders.json:6: /on/OrderShipped/update/state: “state” is no column of “order_summary”.");
        row("key missing", "{\"order_id\": \"/aggregateId\", \"status\": \"=shipped\"}", "{\"status\": \"=shipped\"}", "orders.json:6: /on/OrderShipped/update: The key column “order_id” is missing.");
        row("no pointer", "\"/data/total\"", "\"data/total\"", "orders.json:5: /on/OrderPlaced/upsert/total: “data/total” is neither a JSON Pointer");
        row("bad escape", "\"/data/total\"", "\"/data/to~2tal\"", "/on/OrderPlaced/upsert/total: “/data/to~2tal” is neither");
        row("no such field", "\"/data/total\"", "\"/total\"", "/on/OrderPlaced/upsert/total: An event has no “/total”: it has /eventId,");
        row("each without each", "\"/data/total\"", "\"/each/total\"", "An event has no “/each/total”");
        row("literal of another type", "\"/data/total\"", "\"=much\"", "/on/OrderPlaced/upsert/total: “much” does not fit the type of “total”.");
        row("add to text", "{\"events\": 1}} }", "{\"status\": 1}}, \"x\": {\"delete\": {\"order_id\": \"=1\"}} }", "");
        row("value an object", "\"=placed\"", "{}", "/on/OrderPlaced/upsert/status: A value is a JSON Pointer");
        row("deletes with values", "{\"delete\": {\"order_id\": \"/aggregateId\"}", "{\"delete\": {\"order_id\": \"/aggregateId\", \"status\": \"=x\"}", "/on/OrderCancelled/delete/status: Only the key says which row is deleted.");
        row("pointer with a slash in a name", "\"OrderShipped\":", "\"Order/Shipped\": {}, \"OrderShipped\":", "/on/Order~1Shipped: A rule has exactly one of");
        row("upcast backwards", "\"on\":", "\"upcast\": [{\"eventType\": \"A\", \"from\": 2, \"to\": 1}], \"on\":", "/upcast/0/to: “to” is greater than “from”.");
        row("upcast overlapping", "\"on\":", "\"upcast\": [{\"eventType\": \"A\", \"from\": 1, \"to\": 3}, {\"eventType\": \"A\", \"from\": 2, \"to\": 4}], \"on\":", "/upcast/1: Another step of “A” is about the same versions.");
        row("upcast no pointer", "\"on\":", "\"upcast\": [{\"eventType\": \"A\", \"from\": 1, \"to\": 2, \"rename\": {\"a\": \"/b\"}}], \"on\":", "/upcast/0/rename/a: “a” is no JSON Pointer");
    }
    void everyMistakeIsNamedByLineAndPointer()
    {
        QFETCH(const QByteArray, before);
        QFETCH(const QByteArray, after);
        QFETCH(const QString, told);
        QByteArray text = tests::OrderProjection;
        if (const qsizetype at = text.indexOf(before); at >= 0)
            text.replace(at, before.size(), after);
        QVERIFY(before.isEmpty() || told.isEmpty() || text != tests::OrderProjection);
        const auto file = parseProjection(text, QStringLiteral("orders.json"));
        QCOMPARE(file.has_value(), told.isEmpty());
        if (!file)
            QVERIFY2(file.error().message.contains(told), qPrintable(file.error().message));
    }

    void allMistakesAreToldTogetherUpToABound()
    {
        QByteArray text = tests::OrderProjection;
        text.replace("\"=placed\"", "{}").replace("\"=shipped\"", "[]");
        QCOMPARE(parseProjection(text, QStringLiteral("f")).error().message.count(u'\n'), 1);
        QByteArray rules;
        for (int i = 0; i < 30; ++i)
            rules += "\"T" + QByteArray::number(i) + "\": {}, ";
        text = tests::OrderProjection;
        text.replace("\"OrderPlaced\":", QByteArray(rules + "\"OrderPlaced\":"));
        const QString told = parseProjection(text, QStringLiteral("f")).error().message;
        QCOMPARE(told.count(u'\n'), 20);
        QVERIFY(told.endsWith(QStringLiteral("10 more.")));
    }
};

QTEST_GUILESS_MAIN(TestProjectionFile)
#include "tst_projection_file.moc"
