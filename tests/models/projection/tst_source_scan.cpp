// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/projection/source_scan.h"
#include "tests/models/projection/order_projection.h"
#include "tests/support/fake_event_connector.h"

using namespace models::projection;
using connectors::ErrorCode;

namespace {

ProjectionFile flows()
{
    return tests::projectionOf(R"({"projection": "flows", "version": 1, "source": {"streams": ["order-*", "payments"]},
        "targets": {"flow": {"key": ["id"], "columns": {"id": "text", "events": "bigint"}}, "payment": {"key": ["id"], "columns": {"id": "text", "order": "bigint"}}},
        "on": {"OrderPlaced": {"flow": {"upsert": {"id": "/correlationId"}, "add": {"events": 1}}},
               "PaymentTaken": {"flow": {"upsert": {"id": "/correlationId"}, "add": {"events": 1}}, "payment": {"upsert": {"id": "/aggregateId", "order": "/causationId"}}}}})");
}

} // namespace

class TestSourceScan final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_connector = std::make_unique<tests::FakeEventConnector>(QStringLiteral("shop"));
        const auto add = [this](const char *stream, const char *type, const char *cause, const char *flow, const char *aggregate) {
            m_connector->add(QString::fromLatin1(stream), {QStringLiteral("e"), QString::fromLatin1(type), QString::fromLatin1(cause), QString::fromLatin1(flow), QString::fromLatin1(aggregate), {}});
        };
        add("order-1", "OrderPlaced", "", "f-1", "o-1");
        add("order-2", "OrderPlaced", "", "f-2", "o-2");
        add("order-2", "OrderSeen", "", "f-2", "o-2");
        add("payments", "PaymentTaken", "17", "f-1", "p-1");
        add("payments", "PaymentTaken", "seventeen", "f-2", "p-2");
        add("invoices", "OrderPlaced", "", "f-3", "o-3"); // none of its streams
    }

    void whatARebuildWouldMeetIsCounted()
    {
        int told = 0;
        const auto scan = scanSource(*m_connector, flows(), 0, {}, [&told](const connectors::ReadReport &) { ++told; });
        QVERIFY2(scan, scan ? "" : qPrintable(scan.error().message));
        QCOMPARE(scan->events, 5);
        QCOMPARE(scan->types, (std::vector<TypeCount>{{QStringLiteral("OrderPlaced"), 2, true}, {QStringLiteral("PaymentTaken"), 2, true}, {QStringLiteral("OrderSeen"), 1, false}}));
        QCOMPARE(scan->withoutRule, 1);
        QCOMPARE(scan->rows.at(0).table, QStringLiteral("flow"));
        QCOMPARE(scan->rows.at(0).rows, 2);
        QCOMPARE(scan->rows.at(1).rows, 1);
        QVERIFY(told > 0);
    }

    void anEventThatDoesNotFitIsNamed()
    {
        const auto scan = scanSource(*m_connector, flows(), 0, {});
        QCOMPARE(scan->unfitCount, 1);
        QCOMPARE(scan->unfit.front().address, (connectors::EventAddress{QStringLiteral("payments"), 0, 1}));
        QVERIFY2(scan->unfit.front().why.contains(QStringLiteral("does not fit the column “order”")), qPrintable(scan->unfit.front().why));
    }

    void streamsThatAreNotThereAreSaid()
    {
        ProjectionFile file = flows();
        file.streams = {QStringLiteral("nobody-*")};
        const auto scan = scanSource(*m_connector, file, 0, {});
        QVERIFY(!scan);
        QCOMPARE(scan.error().code, ErrorCode::NotFound);
        QCOMPARE(scan.error().message, QStringLiteral("No event is in a stream called nobody-*."));
    }

    void aReadThatFailsIsNoAnswer()
    {
        m_connector->leaveOutWith({ErrorCode::Incomplete, QStringLiteral("The batch at position 3 exceeds the limit."), {}, false});
        const auto scan = scanSource(*m_connector, flows(), 0, {});
        QVERIFY(!scan);
        QCOMPARE(scan.error().code, ErrorCode::Incomplete);
    }

private:
    std::unique_ptr<tests::FakeEventConnector> m_connector;
};

QTEST_GUILESS_MAIN(TestSourceScan)
#include "tst_source_scan.moc"
