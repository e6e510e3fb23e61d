// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/app/ctl/ctl_process.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonObject>
#include <QTest>

using tests::CtlRun;

namespace {

const QByteArray Projection = R"json({ "projection": "order_summary", "version": 2, "source": {"streams": ["order-*"]},
  "target": {"table": "order_summary", "key": ["order_id"], "columns": {"order_id": "text", "total": "numeric(10,2)"}},
  "on": {"OrderPlaced": {"upsert": {"order_id": "/aggregateId", "total": "/data/total"}},
         "OrderCancelled": {"delete": {"order_id": "/aggregateId"}}} })json";

QByteArray lineOf(int number, const char *type, const char *order, const QByteArray &data)
{
    return QByteArray(R"({"eventId":"e-)") + QByteArray::number(number) + R"(","eventType":")" + type + R"(","aggregateId":")" + order
        + R"(","timestamp":"2026-03-01T12:00:00Z","version":1,"correlationId":"c","causationId":null,"data":)" + data + "}\n";
}

} // namespace

/// What a rebuild of a projection would meet, looked at without writing anything.
class TestCtlProjection final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        m_store = QStringLiteral("sqlite:") + m_ctl.path(QStringLiteral("shop.db"));
        const QByteArray events = lineOf(1, "OrderPlaced", "order-1", R"({"total":12.5})") + lineOf(2, "OrderPlaced", "order-2", R"({"total":3})")
            + lineOf(3, "OrderSeen", "order-2", "{}") + lineOf(4, "OrderCancelled", "order-2", "{}") + lineOf(5, "InvoiceSent", "invoice-1", "{}")
            + lineOf(6, "OrderPlaced", "order-3", "{\"total\":7,\"padding\":\"" + QByteArray(2'000'000, 'p') + "\"}"); // more than is read at once
        QCOMPARE(m_ctl.run({QStringLiteral("append"), m_store}, events).status, 0);
    }

    void aPlanCountsEventsRowsAndTypesWithoutARule()
    {
        const CtlRun plan = run(Projection);
        QVERIFY2(plan.status == 0, qPrintable(plan.err));
        const QJsonDocument told = plan.json();
        QCOMPARE(told[u"projection"].toString(), QStringLiteral("order_summary"));
        QCOMPARE(told[u"events"].toInt(), 5); // the invoice is of another stream
        QCOMPARE(told[u"withoutRule"].toInt(), 1);
        QCOMPARE(told[u"types"].toArray().size(), 3);
        QCOMPARE(told[u"types"][0][u"type"].toString(), QStringLiteral("OrderPlaced"));
        QCOMPARE(told[u"types"][0][u"events"].toInt(), 3);
        QVERIFY(told[u"types"][0][u"hasRule"].toBool());
        QCOMPARE(told[u"rows"][0][u"rows"].toInt(), 3);
        QCOMPARE(told[u"unfitCount"].toInt(-1), 0);
        QVERIFY2(plan.err.contains(QStringLiteral("nothing was written")), qPrintable(plan.err));
    }

    void anEventThatDoesNotFitIsNamedAndTheStatusSaysSo()
    {
        QByteArray narrow = Projection;
        narrow.replace("numeric(10,2)", "bigint");
        const CtlRun plan = run(narrow);
        QCOMPARE(plan.status, 1);
        QCOMPARE(plan.json()[u"unfitCount"].toInt(), 1);
        QCOMPARE(plan.json()[u"unfit"][0][u"position"].toInt(), 1);
        QVERIFY2(plan.err.contains(QStringLiteral("The event at position 1 of “order-1” has 12.5 at /data/total, which does not fit the column “total”.")), qPrintable(plan.err));
    }

    void theRowsThatTheEventsMakeAreALineEach()
    {
        const CtlRun rows = run(Projection, QStringLiteral("rows"));
        QVERIFY2(rows.status == 0, qPrintable(rows.err));
        QCOMPARE(rows.lines().join(u'\n'), QStringLiteral("{\"position\":1,\"row\":{\"order_id\":\"order-1\",\"total\":12.5}}\n{\"position\":6,\"row\":{\"order_id\":\"order-3\",\"total\":7}}"));
        QVERIFY2(rows.err.contains(QStringLiteral("order_summary, version 2: 2 rows of 5 events.")), qPrintable(rows.err));
        QByteArray odd = Projection;
        odd.replace("\"total\": ", "\"x\\\"; drop table y;--\": ").replace("numeric(10,2)", "text");
        QVERIFY2(run(odd, QStringLiteral("rows")).lines().front().endsWith(QStringLiteral("\"x\\\"; drop table y;--\":\"12.5\"}}")), qPrintable(run(odd, QStringLiteral("rows")).err));
        QByteArray narrow = Projection;
        narrow.replace("numeric(10,2)", "bigint");
        const CtlRun unfit = run(narrow, QStringLiteral("rows"));
        QCOMPARE(unfit.status, 1);
        QVERIFY2(unfit.out.startsWith("{\"refused\"") && unfit.err.contains(QStringLiteral("has 12.5 at /data/total")), qPrintable(unfit.err));
    }

    void mistakesInTheFileAreALineEach()
    {
        QByteArray wrong = Projection;
        wrong.replace("numeric(10,2)", "money").replace("\"delete\"", "\"remove\"");
        const CtlRun plan = run(wrong);
        QCOMPARE(plan.status, 2);
        const QStringList lines = plan.err.split(u'\n');
        QVERIFY2(lines[0].startsWith(QStringLiteral("orders.json:2: /target/columns/total: “money” is no type")), qPrintable(plan.err));
        QVERIFY2(lines[1].startsWith(QStringLiteral("orders.json:4: /on/OrderCancelled/remove: “remove” is not known here")), qPrintable(plan.err));
    }

    void whatIsMissingIsSaid()
    {
        QVERIFY(m_ctl.run({QStringLiteral("projection"), QStringLiteral("plan"), QStringLiteral("/nowhere.json"), QStringLiteral("--source"), m_store}).err.contains(QStringLiteral("/nowhere.json cannot be read")));
        const CtlRun elsewhere = run(QByteArray(Projection).replace("order-*", "nobody-*"));
        QCOMPARE(elsewhere.status, 1);
        QVERIFY(elsewhere.err.contains(QStringLiteral("No event is in a stream called nobody-*.")));
        const CtlRun sourceless = m_ctl.run({QStringLiteral("projection"), QStringLiteral("plan"), m_ctl.path(QStringLiteral("orders.json"))});
        QCOMPARE(sourceless.status, 2);
        QVERIFY(sourceless.err.contains(QStringLiteral("--source")));
    }

private:
    CtlRun run(const QByteArray &text, const QString &what = QStringLiteral("plan"))
    {
        QFile file(m_ctl.path(QStringLiteral("orders.json")));
        if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size())
            qFatal("no file can be written");
        file.close();
        return m_ctl.run({QStringLiteral("projection"), what, file.fileName(), QStringLiteral("--source"), m_store, QStringLiteral("--json")});
    }

    tests::CtlProcess m_ctl;
    QString m_store;
};

QTEST_GUILESS_MAIN(TestCtlProjection)
#include "tst_ctl_projection.moc"
