// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/remote/worker_connector.h"
#include "tests/support/folders.h"
#include "tests/support/pgstore_fixture.h"
#include "tests/support/store_fixture.h"

#include <QTest>

using namespace connectors;
using tests::newEvent;

/// An event that is larger than what a process may take.
class TestPgStoreMemory final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        REQUIRE_POSTGRES();
        m_fixture = std::make_unique<tests::PgStoreFixture>();
        m_fixture->change([](pgstore::StoreWriter &writer) {
            for (int i = 1; i <= 5; ++i) {
                NewEvent event = newEvent(QStringLiteral("s"), QStringLiteral("e-%1").arg(i));
                if (i == 4)
                    event.payload = '"' + QByteArray(60'000'000, 'x') + '"';
                std::ignore = writer.append({event});
            }
        });
    }

    void whatIsBeforeAndBehindItIsRead_data()
    {
        QTest::addColumn<qint64>("mebibytes"); // libpq fails with little, we with more
        for (const qint64 mebibytes : {64, 128, 200})
            QTest::addRow("%lld MiB", static_cast<long long>(mebibytes)) << mebibytes;
    }

    void whatIsBeforeAndBehindItIsRead()
    {
        QFETCH(qint64, mebibytes);
        const QStringList program{tests::programFolder() + QStringLiteral("/streamgauge-worker"), QStringLiteral("--memory-limit"), QString::number(mebibytes << 20)};
        const auto opened = remote::openThroughWorker({program, {m_fixture->spec(), {}}});
        QVERIFY2(opened, opened ? "" : qPrintable(describe(opened.error())));
        ReadRequest request;
        const tests::ReadEvents before = tests::readAll((*opened)->eventReader()->read(request));
        QCOMPARE(before.positions(), (std::vector<qint64>{1, 2, 3}));
        QVERIFY(!before.result);
        QVERIFY2(before.result.error().message.contains(u"position 4"), qPrintable(before.result.error().message));
        request.from = AtPosition{5};
        const tests::ReadEvents behind = tests::readAll((*opened)->eventReader()->read(request));
        QVERIFY2(behind.result, behind.result ? "" : qPrintable(describe(behind.result.error())));
        QCOMPARE(behind.positions(), std::vector<qint64>{5});
    }

private:
    std::unique_ptr<tests::PgStoreFixture> m_fixture;
};

QTEST_GUILESS_MAIN(TestPgStoreMemory)
#include "tst_pgstore_memory.moc"
