// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/readmodel/sqlite_read_model.h"
#include "connectors/readmodel/sqlite_read_model_writer.h"
#include "connectors/sqlite/database.h"
#include "models/projection/projection_machine.h"
#include "models/projection/projection_planner.h"
#include "tests/models/projection/filling.h"
#include "tests/support/verify_done.h"

#include <QTemporaryDir>

using namespace connectors;
using namespace models::projection;
using models::journal::Journal;
using models::journal::State;
using models::replay::approve;
using tests::addOrders;
using tests::FakeLog;
using tests::Topic;

namespace {

/// A log as source, SQLite files as targets.
class LogFactory final : public ConnectionFactory
{
public:
    std::shared_ptr<FakeLog> log = std::make_shared<FakeLog>();
    int writers = 0; ///< so many were opened

    Result<std::shared_ptr<Connector>> open(const ConnectionSpec &) override { return log; }
    Result<std::unique_ptr<CheckpointWriter>> openCheckpointWriter(const ConnectionSpec &) override { return failure(ErrorCode::Unsupported, QStringLiteral("A log has no consumers.")); }
    Result<std::unique_ptr<ReadModel>> openReadModel(const ConnectionSpec &spec) override { return readmodel::openSqliteReadModel(spec); }
    Result<std::unique_ptr<ReadModelWriter>> openReadModelWriter(const ConnectionSpec &spec, const std::vector<TableSpec> &tables) override
    {
        ++writers;
        return readmodel::openSqliteReadModelWriter(spec, tables);
    }
    [[nodiscard]] std::vector<ConnectionSpec> named(const QString &) const override { return {}; }
};

} // namespace

/// What a step asks again before it does anything, and how it is found out what became of it.
class TestProjectionMachine final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_factory = std::make_unique<LogFactory>();
        m_journal = Journal::open(m_folder->filePath(QStringLiteral("journal.db")), QString()).value();
        m_factory->log->addTopic(Topic, 2);
        addOrders(*m_factory->log, 2, 100, 1);
    }

    void aRebuildIsFilledComparedAndDone()
    {
        const auto outcome = apply(plan());
        VERIFY_DONE(outcome);
        QVERIFY(outcome->state == State::Done);
        QCOMPARE(outcome->eventsApplied, 100);
        QCOMPARE(outcome->comparisons.size(), size_t{2});
        QCOMPARE(outcome->comparisons[0].onlyNew, outcome->comparisons[0].newRows);
    }

    void whatRetentionRemovedSinceThePlanRefusesIt()
    {
        const ProjectionPlan planned = plan();
        m_factory->log->removeBefore(Topic, 1, 3);
        const auto refused = apply(planned);
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::Refused);
        QVERIFY2(refused.error().message.contains(QStringLiteral("begins at 3 now")), qPrintable(refused.error().message));
        QCOMPARE(m_factory->writers, 0);
        QVERIFY(m_journal->records()->front().state == State::Planned); // nothing was begun
        VERIFY_DONE(apply(plan()));                                     // what is there now is planned and applied
    }

    void aSourceThatIsAnotherSystemNowRefusesIt()
    {
        ProjectionPlan planned = plan();
        planned.sourceSystemId = QStringLiteral("another log");
        const auto refused = apply(planned);
        QVERIFY(!refused);
        QVERIFY2(refused.error().message.contains(QStringLiteral("reads from system another log, but log answers")), qPrintable(refused.error().message));
        QCOMPARE(m_factory->writers, 0);
    }

    void aTargetThatIsAnotherFileNowRefusesIt()
    {
        ProjectionPlan planned = plan();
        planned.targetSystemId = QStringLiteral("sqlite:/elsewhere.db");
        const auto refused = apply(planned);
        QVERIFY(!refused);
        QVERIFY2(refused.error().message.contains(QStringLiteral("The plan was made for sqlite:/elsewhere.db")), qPrintable(refused.error().message));
        QCOMPARE(m_factory->writers, 0);
    }

    void aPlanWithARefusalIsNotApplied()
    {
        ProjectionPlan planned = plan();
        planned.refusals = {QStringLiteral("It would lack something.")};
        const auto refused = apply(planned);
        QVERIFY(!refused);
        QCOMPARE(refused.error().message, QStringLiteral("It would lack something."));
        QCOMPARE(m_factory->writers, 0);
    }

    void anApprovalOfAnotherPlanOrOfYesterdayIsNone()
    {
        const ProjectionPlan planned = plan();
        ProjectionPlan other = planned;
        other.events = 1;
        const QString id = machine().store(planned).value();
        QVERIFY(!machine().apply(id, approve(demandsOf(other, Environment::Development), {}, {}), {}, {}));
        auto old = approve(demandsOf(planned, Environment::Development), {}, {});
        old.until = 1;
        QVERIFY(!machine().apply(id, old, {}, {}));
        QCOMPARE(m_factory->writers, 0);
        VERIFY_DONE(machine().apply(id, approve(demandsOf(planned, Environment::Development), {}, {}), {}, {}));
        QVERIFY(!machine().apply(id, approve(demandsOf(planned, Environment::Development), {}, {}), {}, {})); // once
    }

    void aFillingThatIsCancelledIsPartialAndGoneOnWith()
    {
        const ProjectionPlan planned = plan();
        const QByteArray expected = undisturbedHash();
        m_factory->log->failAfter(37, {ErrorCode::Cancelled, QStringLiteral("Reading the events was cancelled."), {}, false});
        const auto ended = apply(planned);
        VERIFY_DONE(ended);
        QVERIFY(ended->state == State::Partial);
        QCOMPARE(ended->rebuild->checkpoint.events, 37);
        QVERIFY2(ended->note.contains(QStringLiteral("37 events are applied and stored")), qPrintable(ended->note));
        forgetSignsOfLife();
        const auto done = apply(step(ProjectionAction::Resume, planned.job).value());
        VERIFY_DONE(done);
        QVERIFY(done->state == State::Done);
        QCOMPARE(done->eventsApplied, 63);
        QCOMPARE(done->comparisons.front().hash, expected);
    }

    void whatRetentionRemovesBeforeAnythingWasStoredRefusesToGoOn()
    {
        const ProjectionPlan planned = plan();
        m_factory->log->failAfter(0, {ErrorCode::Cancelled, QStringLiteral("Reading the events was cancelled."), {}, false});
        const auto ended = apply(planned);
        VERIFY_DONE(ended);
        QVERIFY(ended->state == State::Partial);
        forgetSignsOfLife();
        m_factory->log->removeBefore(Topic, 0, 5);
        const auto refused = apply(step(ProjectionAction::Resume, planned.job).value());
        QVERIFY(!refused);
        QVERIFY2(refused.error().message.contains(QStringLiteral("begins at 5 now")), qPrintable(refused.error().message));
    }

    void aStepThatWasNotBegunIsResolvedSo()
    {
        const QString id = machine().store(plan()).value();
        const auto planned = machine().resolve(id);
        VERIFY_DONE(planned);
        QVERIFY(planned->state == State::Planned); // it may still be applied
        VERIFY_DONE(m_journal->append(id, State::Approved));
        const auto resolved = machine().resolve(id);
        VERIFY_DONE(resolved);
        QVERIFY(resolved->state == State::NotApplied);
        const auto again = machine().resolve(id);
        VERIFY_DONE(again);
        QVERIFY(again->state == State::NotApplied);
    }

private:
    [[nodiscard]] ConnectionSpec target(const QString &file = QStringLiteral("tables.db")) const
    {
        ConnectionSpec spec;
        spec.kind = SystemKind::EventStoreSqlite;
        spec.path = m_folder->filePath(file);
        spec.name = QStringLiteral("sqlite:") + spec.path;
        spec.environment = Environment::Development;
        return spec;
    }
    ProjectionMachine machine() { return ProjectionMachine(*m_journal, *m_factory); }
    ProjectionPlan plan(const QString &file = QStringLiteral("tables.db"))
    {
        ConnectionSpec source;
        source.name = QStringLiteral("kafka://log:1");
        source.hosts = QStringList{QStringLiteral("log:1")};
        auto planned = planRebuild(*m_factory, {tests::ShopProjection, QStringLiteral("shop.json"), source, target(file), 0, false, false}, {});
        if (!planned)
            qFatal("%s", qPrintable(planned.error().message));
        return planned->plan;
    }
    Result<ProjectionPlan> step(ProjectionAction action, const QString &job) { return planStep(*m_factory, *m_journal->records(), {action, job, QStringLiteral("nobody")}, {}); }
    Result<ProjectionOutcome> apply(const ProjectionPlan &plan)
    {
        const auto id = machine().store(plan);
        if (!id)
            return tl::unexpected(id.error());
        return machine().apply(*id, approve(demandsOf(plan, Environment::Development), {}, {}), {}, {});
    }
    QByteArray undisturbedHash()
    {
        const auto outcome = apply(plan(QStringLiteral("others.db")));
        return outcome ? outcome->comparisons.front().hash : QByteArray();
    }
    void forgetSignsOfLife() const
    {
        sqlite::Database(target().path, sqlite::Database::Access::Write).execute("UPDATE streamgauge_rebuilds SET heartbeat = 1");
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<LogFactory> m_factory;
    std::unique_ptr<Journal> m_journal;
};

QTEST_GUILESS_MAIN(TestProjectionMachine)
#include "tst_projection_machine.moc"
