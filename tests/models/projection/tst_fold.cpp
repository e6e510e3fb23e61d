// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/projection/fold.h"
#include "tests/models/projection/order_projection.h"

using namespace connectors;
using namespace models::projection;
using tests::EventsOfOrders;
using tests::projectionOf;

namespace {

QString textOf(const Row &row)
{
    QStringList cells;
    for (const Cell &cell : row.cells)
        cells += cell ? QString::fromStdString(*cell) : QStringLiteral("null");
    return cells.join(u' ') + QStringLiteral(" @%1").arg(row.position);
}

/// Rows as a table would keep them.
class Stored final
{
public:
    explicit Stored(const ProjectionFile &file, qint64 mostBytes = 1 << 20, EnvelopeIn envelope = EnvelopeIn::Events)
        : m_applier(file, envelope)
        , m_fold(file, true, mostBytes)
    {
    }

    connectors::Result<void> apply(const connectors::EventBatchPtr &batch)
    {
        for (qsizetype row = 0; row < batch->count(); ++row) {
            const auto changes = m_applier.changesOf(*batch, row);
            if (!changes)
                return tl::unexpected(changes.error());
            for (const RowKey &key : m_fold.missing(*changes)) {
                ++loads;
                const auto found = m_rows.find(key.parts.front());
                m_fold.load(key, found == m_rows.end() ? std::nullopt : std::optional(found->second));
            }
            if (auto applied = m_fold.apply(*changes); !applied)
                return applied;
            if (row % 2 == 1)
                write();
        }
        write();
        return {};
    }

    [[nodiscard]] QString text() const
    {
        QStringList lines;
        for (const auto &[key, row] : m_rows)
            lines += textOf(row);
        return lines.join(u'\n');
    }
    int loads = 0;
    int writes = 0;

private:
    void write()
    {
        for (ChangedRow &changed : m_fold.takeChanged()) {
            ++writes;
            if (changed.row)
                m_rows.insert_or_assign(changed.key.parts.front(), std::move(*changed.row));
            else
                m_rows.erase(changed.key.parts.front());
        }
    }

    RuleApplier m_applier;
    Fold m_fold;
    std::map<std::string, Row> m_rows;
};

connectors::EventBatchPtr someOrders()
{
    return EventsOfOrders()
        .add("OrderPlaced", "o-1", R"({"customerId":"c-1","total":12.50})")
        .add("OrderPlaced", "o-2", R"({"customerId":"c-2","total":9007199254740993})")
        .add("OrderShipped", "o-1", "{}")
        .add("OrderShipped", "o-9", "{}") // nobody placed it
        .add("SomethingElse", "o-1", "{}")
        .add("OrderPlaced", "o-3", R"({"total":null})")
        .add("OrderCancelled", "o-2", "{}")
        .take();
}

const QString SomeRows = QStringLiteral("o-1 c-1 12.5 shipped 2 @3\no-3 null null placed 1 @6");

} // namespace

class TestFold final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void eventsBecomeRows()
    {
        const ProjectionFile file = projectionOf(tests::OrderProjection);
        Stored stored(file);
        QVERIFY(stored.apply(someOrders()).has_value());
        QCOMPARE(stored.text(), SomeRows);
        QCOMPARE(stored.loads, 0); // it began empty
    }

    void applyingTheSameAgainChangesNothing()
    {
        const ProjectionFile file = projectionOf(tests::OrderProjection);
        Stored stored(file);
        QVERIFY(stored.apply(someOrders()).has_value());
        QVERIFY(stored.apply(someOrders()).has_value());
        QCOMPARE(stored.text(), SomeRows);
    }

    void rowsThatWereForgottenAreLoadedAgain()
    {
        const ProjectionFile file = projectionOf(tests::OrderProjection);
        Stored stored(file, 1);
        QVERIFY(stored.apply(someOrders()).has_value());
        QCOMPARE(stored.text(), SomeRows);
        QVERIFY(stored.loads > 0);
    }

    void aRowIsWrittenOnceForAChunk()
    {
        const ProjectionFile file = projectionOf(tests::OrderProjection);
        Stored stored(file);
        QVERIFY(stored.apply(EventsOfOrders().add("OrderPlaced", "o-1", R"({"total":1})").add("OrderShipped", "o-1", "{}").take()).has_value());
        QCOMPARE(stored.writes, 1);
    }

    void eachElementIsApplied()
    {
        const ProjectionFile file = projectionOf(R"({"projection": "p", "version": 1, "source": {"streams": ["*"]},
            "target": {"table": "stock", "key": ["sku"], "columns": {"sku": "text", "sold": "bigint", "turnover": "numeric"}},
            "on": {"OrderPlaced": {"each": "/data/lines", "upsert": {"sku": "/each/sku"}, "add": {"sold": "/each/pieces", "turnover": "/each/price"}}}})");
        Stored stored(file);
        const auto orders = [] {
            return EventsOfOrders()
                .add("OrderPlaced", "o-1", R"({"lines":[{"sku":"a","pieces":2,"price":0.1},{"sku":"b","pieces":1,"price":5},{"sku":"a","pieces":3,"price":0.2}]})")
                .add("OrderPlaced", "o-2", R"({"lines":[]})")
                .add("OrderPlaced", "o-3", "{}")
                .take();
        };
        QVERIFY(stored.apply(orders()).has_value());
        QCOMPARE(stored.text(), QStringLiteral("a 5 0.3 @1\nb 1 5 @1"));
        QVERIFY(stored.apply(orders()).has_value());
        QCOMPARE(stored.text(), QStringLiteral("a 5 0.3 @1\nb 1 5 @1"));
    }

    void theContentOfAnEventThatIsNoNativeEnvelopeIsItsWholeBody()
    {
        const ProjectionFile file = projectionOf(R"({"projection": "p", "version": 1, "source": {"streams": ["*"]},
            "target": {"table": "t", "key": ["k"], "columns": {"k": "text", "v": "text"}}, "on": {"T": {"upsert": {"k": "=1", "v": "/data/data"}}}})");
        connectors::EventBatchBuilder builder;
        connectors::EventRecord record;
        record.stream = builder.internStream(QStringLiteral("s"));
        record.position = 1;
        record.format = connectors::BodyFormat::Json;
        record.eventType = builder.addBytes("T");
        record.payload = builder.addBytes(R"({"data": {"a": [1, 2]}})");
        builder.add(record);
        const auto batch = builder.take();
        Stored stored(file);
        QVERIFY(stored.apply(batch).has_value());
        QCOMPARE(stored.text(), QStringLiteral("1 {\"a\":[1,2]} @1"));
        Stored ofAStore(file, 1 << 20, EnvelopeIn::Columns); // there it is what is left of a native one
        QVERIFY(ofAStore.apply(batch).has_value());
        QCOMPARE(ofAStore.text(), QStringLiteral("1 null @1"));
    }

    void anOlderSchemaVersionIsBroughtToTheNewest()
    {
        QByteArray text = tests::OrderProjection;
        const ProjectionFile file = projectionOf(text.replace("\"on\":", R"("upcast": [{"eventType": "OrderPlaced", "from": 1, "to": 2, "rename": {"/amount": "/total"}}], "on":)"));
        Stored stored(file);
        QVERIFY(stored.apply(EventsOfOrders().add("OrderPlaced", "o-1", R"({"amount":7})").take()).has_value());
        QCOMPARE(stored.text(), QStringLiteral("o-1 null 7 placed 1 @1"));
    }

    void whatDoesNotFitNamesTheEvent_data()
    {
        QTest::addColumn<QByteArray>("data");
        QTest::addColumn<QString>("told");
        QTest::newRow("no number") << QByteArray(R"({"total":"much"})") << QStringLiteral("The event at position 1 of “order-1” has \"much\" at /data/total, which does not fit the column “total”.");
        QTest::newRow("an object") << QByteArray(R"({"total":{}})") << QStringLiteral("has {} at /data/total");
    }
    void whatDoesNotFitNamesTheEvent()
    {
        QFETCH(const QByteArray, data);
        QFETCH(const QString, told);
        const ProjectionFile file = projectionOf(tests::OrderProjection);
        Stored stored(file);
        const auto applied = stored.apply(EventsOfOrders().add("OrderPlaced", "o-1", data).take());
        QVERIFY(!applied);
        QCOMPARE(applied.error().code, ErrorCode::Unreadable);
        QVERIFY2(applied.error().message.contains(told), qPrintable(applied.error().message));
    }

    void aSumThatDoesNotFitNamesThePlace()
    {
        const ProjectionFile file = projectionOf(R"({"projection": "p", "version": 1, "source": {"streams": ["*"]},
            "target": {"table": "t", "key": ["k"], "columns": {"k": "text", "n": "bigint"}}, "on": {"T": {"upsert": {"k": "=1"}, "add": {"n": "/data/n"}}}})");
        Stored stored(file);
        const auto applied = stored.apply(EventsOfOrders().add("T", "a", R"({"n":9223372036854775807})").add("T", "a", R"({"n":1})").take());
        QVERIFY(!applied);
        QCOMPARE(applied.error().message, QStringLiteral("At position 2 the sum of 9223372036854775807 and 1 does not fit the column “n”."));
    }
};

QTEST_GUILESS_MAIN(TestFold)
#include "tst_fold.moc"
