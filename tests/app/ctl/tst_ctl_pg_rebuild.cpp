// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/app/ctl/rebuild_fixture.h"
#include "tests/support/postgres_server.h"

#include <QTest>

using namespace tests;

/// A whole rebuild whose tables are in PostgreSQL, with the program that people use.
class TestCtlPgRebuild final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        REQUIRE_POSTGRES();
        m_fresh = std::make_unique<FreshDatabase>();
        m_database = m_fresh->open();
    }

    void aProjectionIsRebuiltSwappedSwappedBackAndDropped()
    {
        m_database->execute("CREATE TABLE order_summary (order_id text PRIMARY KEY, total numeric(20,2), status text, events bigint); CREATE INDEX by_status ON order_summary (status);"
                            "CREATE VIEW shipped AS SELECT order_id, total FROM order_summary WHERE status = 'shipped'; INSERT INTO order_summary VALUES ('order-1', 1, 'placed', 1), ('order-9', 5, 'shipped', 3)");
        m_rebuild.append(orderEvent(1, "OrderPlaced", "order-1", R"({"total":9007199254740993.25})") + orderEvent(2, "OrderShipped", "order-1") + orderEvent(3, "OrderPlaced", "order-2", R"({"total":7})"));
        const CtlRun filled = m_rebuild.ctl().run({QStringLiteral("projection"), QStringLiteral("rebuild"), m_rebuild.file(), QStringLiteral("--source"), m_rebuild.source(), QStringLiteral("--target"), target(),
                                                   QStringLiteral("--json"), QStringLiteral("--execute")});
        QVERIFY2(filled.status == 0, qPrintable(filled.err));
        const QString job = text("SELECT job FROM streamgauge_rebuilds WHERE state = 'filled'");
        QVERIFY(!job.isEmpty());
        QCOMPARE(text("SELECT string_agg(order_id, ' ' ORDER BY 1) FROM order_summary"), QStringLiteral("order-1 order-9"));
        const CtlRun diff = m_rebuild.run(QStringLiteral("diff ") + job);
        QVERIFY2(diff.lines().join(u'\n').contains(QStringLiteral("9007199254740993.25")), qPrintable(diff.err));
        const CtlRun swapped = m_rebuild.run(QStringLiteral("swap %1 --writer nobody --execute").arg(job));
        QVERIFY2(swapped.status == 0, qPrintable(swapped.err));
        QCOMPARE(text("SELECT string_agg(order_id || ' ' || total, ' ') FROM shipped"), QStringLiteral("order-1 9007199254740993.25"));
        QCOMPARE(text("SELECT tablename FROM pg_indexes WHERE indexname = 'by_status'"), QStringLiteral("order_summary"));
        const CtlRun back = m_rebuild.run(QStringLiteral("swap-back %1 --execute").arg(job));
        QVERIFY2(back.status == 0, qPrintable(back.err));
        QCOMPARE(text("SELECT string_agg(order_id, ' ') FROM shipped"), QStringLiteral("order-9"));
        const CtlRun dropped = m_rebuild.run(QStringLiteral("drop %1 --execute").arg(job));
        QVERIFY2(dropped.status == 0, qPrintable(dropped.err));
        QCOMPARE(text("SELECT string_agg(tablename, ' ') FROM pg_tables WHERE schemaname = 'public'"), QStringLiteral("order_summary"));
    }

private:
    [[nodiscard]] QString target() const
    {
        QString url = postgresUrl();
        url.truncate(url.lastIndexOf(u'/') + 1);
        return url + m_fresh->name() + QStringLiteral("?environment=development");
    }

    /// The first answer to a question; empty where there is none.
    [[nodiscard]] QString text(const QByteArray &sql)
    {
        const connectors::postgres::Rows rows = m_database->query(sql);
        return rows.count() == 0 ? QString() : rows.string(0, 0);
    }

    RebuildFixture m_rebuild;
    std::unique_ptr<FreshDatabase> m_fresh;
    std::unique_ptr<connectors::postgres::Database> m_database;
};

QTEST_GUILESS_MAIN(TestCtlPgRebuild)
#include "tst_ctl_pg_rebuild.moc"
