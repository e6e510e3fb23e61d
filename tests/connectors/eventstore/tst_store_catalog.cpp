// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/eventstore/catalog_queries.h"
#include "connectors/eventstore/store_file.h"
#include "connectors/eventstore/store_writer.h"
#include "tests/support/store_fixture.h"

#include <QTest>

#include <sqlite3.h>

using namespace connectors;
using namespace connectors::eventstore;
using tests::newEvent;
using tests::StoreFixture;

namespace {

/// What SQLite did since the last reset(), over every connection opened after install().
struct Work {
    static inline qint64 statements = 0;
    static inline qint64 steps = 0; ///< of SQLite's virtual machine

    static void reset()
    {
        statements = 0;
        steps = 0;
    }

    static void install()
    {
        sqlite3_auto_extension(reinterpret_cast<void (*)()>(&Work::follow));
    }

private:
    static int follow(sqlite3 *database, char **, const void *)
    {
        return sqlite3_trace_v2(database, SQLITE_TRACE_PROFILE, &Work::count, nullptr);
    }

    static int count(unsigned, void *, void *statement, void *)
    {
        ++statements;
        steps += sqlite3_stmt_status(static_cast<sqlite3_stmt *>(statement), SQLITE_STMTSTATUS_VM_STEP, 1);
        return 0;
    }
};

void append(const StoreFixture &fixture, int first, int count)
{
    const auto database = openForWriting(fixture.path(), true);
    StoreWriter writer(*database);
    sqlite::Transaction transaction(*database, sqlite::Transaction::Kind::Write);
    for (int i = first; i < first + count; ++i) {
        const QString stream = i % 10 == 0 ? QStringLiteral("audit") : QStringLiteral("order-%1").arg(i / 2);
        std::ignore = writer.append({newEvent(stream, QStringLiteral("e-%1").arg(i), i)}, 1'700'000'000'000 + i);
    }
    transaction.commit();
}

StreamListRequest withInternal()
{
    StreamListRequest request;
    request.withInternal = true;
    return request;
}

} // namespace

class TestStoreCatalog final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { Work::install(); }

    void init() { m_fixture = std::make_unique<StoreFixture>(); }

    void singleStreamsHaveTheirExtents()
    {
        append(*m_fixture, 0, 20);
        const auto database = openForLooking(m_fixture->path());
        CatalogQueries catalog(*database);
        StreamListRequest request = withInternal();
        request.withTimes = true;
        const StreamList list = catalog.listStreams(request);
        QStringList shown;
        for (const StreamInfo &stream : list.streams) {
            const PartitionExtent &extent = stream.partitions.front();
            shown += QStringLiteral("%1 [%2,%3) %4").arg(stream.stream).arg(*extent.start).arg(*extent.end).arg(*extent.events);
        }
        shown.resize(6);
        QCOMPARE(shown, (QStringList{QStringLiteral("$all [1,21) 20"), QStringLiteral("audit [1,12) 2"), QStringLiteral("order-* [2,21) 18"),
                                     QStringLiteral("order-0 [2,3) 1"), QStringLiteral("order-1 [3,5) 2"), QStringLiteral("order-2 [5,7) 2")}));
        QCOMPARE(list.streams[4].partitions.front().firstTime, std::optional<EpochMs>(1'700'000'000'002));
        QVERIFY(list.problems.empty());
    }

    void theNumberOfStatementsDoesNotGrowWithTheStreams()
    {
        append(*m_fixture, 0, 100);
        const qint64 few = statementsToList();
        append(*m_fixture, 100, 4000);
        QCOMPARE(statementsToList(), few);
        QVERIFY2(few < 40, qPrintable(QString::number(few)));
    }

    void askingAgainCostsWhatIsNew()
    {
        append(*m_fixture, 0, 4000);
        const auto database = openForLooking(m_fixture->path());
        CatalogQueries catalog(*database);
        Work::reset();
        const size_t before = catalog.listStreams(withInternal()).streams.size();
        const qint64 first = Work::steps;
        append(*m_fixture, 4000, 10);
        Work::reset();
        const StreamList after = catalog.listStreams(withInternal());
        QVERIFY2(Work::steps * 10 < first, qPrintable(QStringLiteral("%1 of %2").arg(Work::steps).arg(first)));
        QCOMPARE(after.streams.size(), before + 5);
        QCOMPARE(after.streams.front().partitions.front().events, std::optional<qint64>(4010));
    }

    void withoutInternalStreamsNoEventIsWalked()
    {
        append(*m_fixture, 0, 4000);
        const auto database = openForLooking(m_fixture->path());
        CatalogQueries catalog(*database);
        std::ignore = catalog.listStreams({}); // counts the categories once
        Work::reset();
        QCOMPARE(catalog.listStreams({}).streams.size(), size_t(2));
        QVERIFY2(Work::steps < 1000, qPrintable(QString::number(Work::steps)));
    }

private:
    qint64 statementsToList()
    {
        const auto database = openForLooking(m_fixture->path());
        CatalogQueries catalog(*database);
        Work::reset();
        std::ignore = catalog.listStreams(withInternal());
        return Work::statements;
    }

    std::unique_ptr<StoreFixture> m_fixture;
};

QTEST_GUILESS_MAIN(TestStoreCatalog)
#include "tst_store_catalog.moc"
