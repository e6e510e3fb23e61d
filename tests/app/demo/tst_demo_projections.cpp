// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/session/demo/demo.h"
#include "app/session/demo/demo_projections.h"
#include "connectors/sqlite/database.h"
#include "models/journal/journal.h"
#include "models/projection/projection_machine.h"
#include "models/projection/projection_planner.h"
#include "tests/support/store_factory.h"
#include "tests/support/store_fixture.h"

#include <QFile>
#include <QTest>

#include <atomic>

using namespace connectors;
using namespace models::projection;
using session::demo::DemoProjection;
using session::demo::DemoProjector;
using session::demo::ShopProjection;

/// The shop's read models: what a user finds on the Projections page of a demo.
class TestDemoProjections final : public QObject
{
    Q_OBJECT

private:
    /// Fills beside the live tables what the definition makes of all events, and compares the two.
    [[nodiscard]] std::vector<TableComparison> rebuild(const QByteArray &text)
    {
        const auto planned = planRebuild(m_factory, {text, QStringLiteral("shop.json"), m_fixture.spec(), m_target, 0, false, false}, {});
        if (!planned)
            qFatal("%s", qPrintable(planned.error().message));
        const auto journal = models::journal::Journal::open(m_fixture.folder() + u"/journal.db");
        ProjectionMachine machine(**journal, m_factory);
        const QString id = machine.store(planned->plan).value();
        const auto approval = models::replay::approve(demandsOf(planned->plan, planned->plan.environment), QString(), QStringLiteral("to compare"));
        const auto outcome = machine.apply(id, approval, {}, {});
        if (!outcome || outcome->state != models::journal::State::Done)
            qFatal("%s", qPrintable(outcome ? outcome->note : outcome.error().message));
        if (!readmodel::openSqliteReadModelWriter(m_target, {})->drop(planned->plan.job))
            qFatal("not dropped");
        return outcome->comparisons;
    }

private Q_SLOTS:
    void initTestCase()
    {
        {
            session::DemoOptions options;
            options.storePath = m_fixture.path();
            options.historyEvents = 2'000;
            session::Demo demo(options);
            QVERIFY(demo.start());
            QVERIFY(demo.waitForHistory(60'000));
        }
        std::atomic_bool isMade = false;
        const DemoProjector projector(m_fixture.spec(), [&](const std::vector<DemoProjection> &made) {
            m_made = made;
            isMade = true;
        });
        QTRY_VERIFY_WITH_TIMEOUT(isMade, 60'000);
        // The shop is closed, so that the live tables have every event once the projector has gone on for a moment.
        m_target = DemoProjector::targetOf(m_fixture.spec());
        m_target.environment = Environment::Development;
    }

    void threeAreOnThePageEachWithItsNewestFile()
    {
        QCOMPARE(m_made.size(), size_t(3));
        for (size_t i = 0; i < m_made.size(); ++i) {
            QFile file(m_made[i].path);
            QVERIFY(file.open(QIODevice::ReadOnly));
            QCOMPARE(file.readAll(), session::demo::shopProjections()[i].versions.back());
        }
    }

    void aFullReplayOfEachEqualsItsLiveReadModel()
    {
        for (const ShopProjection &projection : session::demo::shopProjections()) {
            for (const TableComparison &each : rebuild(projection.versions.front())) {
                QVERIFY(each.newRows > 0);
                QCOMPARE(each.oldRows, each.newRows);
                QCOMPARE(each.onlyOld + each.onlyNew + each.changed, 0);
            }
        }
    }

    void theSecondVersionMendsAMistakeThatTheComparisonShows()
    {
        const ShopProjection overview = session::demo::shopProjections().front();
        QCOMPARE(overview.versions.size(), size_t(2));
        const TableComparison comparison = rebuild(overview.versions.back()).front();
        sqlite::Database store(m_fixture.path(), sqlite::Database::Access::Look);
        const qint64 undone = store.queryInteger("SELECT count(*) FROM events WHERE event_type IN ('OrderRejected', 'OrderCancelled')");
        QVERIFY(undone > 0);
        QCOMPARE(comparison.changed, undone);
        QCOMPARE(comparison.onlyOld + comparison.onlyNew, 0);
        QCOMPARE(comparison.sample.front().before[4], Cell("placed"));
    }

    void theProjectorGoesOnWhereItWas()
    {
        sqlite::Database(m_target.path, sqlite::Database::Access::Write).execute("DELETE FROM payment_totals; UPDATE streamgauge_rebuilds SET checkpoint = '{\"events\":0,\"hash\":\"0\",\"positions\":[],\"parked\":[]}' WHERE projection = 'payment_totals'");
        const DemoProjector projector(m_fixture.spec(), [](const std::vector<DemoProjection> &) { });
        const auto rows = [this] { return sqlite::Database(m_target.path, sqlite::Database::Access::Look).queryInteger("SELECT count(*) FROM payment_totals"); };
        QTRY_VERIFY_WITH_TIMEOUT(rows() >= 2, 60'000);
    }

private:
    tests::StoreFixture m_fixture;
    tests::StoreFactory m_factory;
    ConnectionSpec m_target;
    std::vector<DemoProjection> m_made;
};

QTEST_GUILESS_MAIN(TestDemoProjections)
#include "tst_demo_projections.moc"
