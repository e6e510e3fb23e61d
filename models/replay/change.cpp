// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/replay/change.h"

#include "connectors/deliver.h"
#include "models/job/job_list.h"
#include "models/replay/change_end.h"
#include "models/replay/replay_session.h"

#include <QDateTime>
#include <QtConcurrent>

namespace models::replay {

using namespace connectors;
using journal::State;

Change::Change(ReplaySession &session, ConnectionSpec spec, QString consumer, QString journalId)
    : m_session(session)
    , m_spec(std::move(spec))
    , m_consumer(std::move(consumer))
    , m_recordId(std::move(journalId))
{
}

Change::~Change()
{
    m_stop.request_stop();
    if (m_job)
        m_job->finish(failure(ErrorCode::Cancelled, QString()));
}

void Change::begin(Stage stage)
{
    ++m_generation;
    m_stop = std::stop_source();
    m_stage = stage;
    m_error.reset();
    m_differences.clear();
    m_isPlannedAnew = false;
}

void Change::expect(QFuture<Result<StoredPlan>> future)
{
    connectors::deliver(future, this, [this, generation = m_generation](const Result<StoredPlan> &result) {
        if (generation == m_generation)
            receivePlan(result);
    });
    Q_EMIT changed();
}

void Change::planReset(const ResetRequest &request, const QString &csvPath)
{
    if (m_stage == Stage::Applying)
        return;
    m_request = request;
    m_csvPath = csvPath;
    m_hasRequest = true;
    begin(Stage::Planning);
    expect(QtConcurrent::run(m_session.threads(), [&factory = m_session.factory(), journal = m_session.journalPath(), spec = m_spec, request, csvPath,
                                                   stop = m_stop.get_token()] { return planResetAndStore(factory, journal, spec, request, csvPath, stop); }));
}

void Change::openPlanFile(const QString &path)
{
    if (m_stage == Stage::Applying)
        return;
    m_hasRequest = false;
    begin(Stage::Planning);
    expect(QtConcurrent::run(m_session.threads(), [&factory = m_session.factory(), journal = m_session.journalPath(), path] { return replay::openPlanFile(factory, journal, path); }));
}

void Change::planFromRecord(bool isMovedOnAccepted)
{
    if (m_stage == Stage::Applying)
        return;
    m_isMovedOnAccepted = isMovedOnAccepted;
    m_hasRequest = false;
    begin(Stage::Planning);
    expect(QtConcurrent::run(m_session.threads(), [&factory = m_session.factory(), journal = m_session.journalPath(), id = m_recordId,
                                                   open = m_session.openConnections(), isMovedOnAccepted, stop = m_stop.get_token()] {
        return openRecord(factory, journal, id, open, isMovedOnAccepted, stop);
    }));
}

void Change::planAgain()
{
    if (!m_recordId.isEmpty())
        planFromRecord(m_isMovedOnAccepted);
    else if (m_hasRequest)
        planReset(m_request, m_csvPath);
    else
        startOver(); // it came as a plan: what was asked for is not known
}

void Change::enter()
{
    const bool isUntouched = m_stage == Stage::Reviewing && m_recordId.isEmpty() && !m_error && m_differences.empty(); // nobody has approved it
    if (isUntouched && m_plan && QDateTime::currentMSecsSinceEpoch() - m_plan->created > m_session.pace().planGoodFor.count())
        planAgain();
}

void Change::receivePlan(const Result<StoredPlan> &result)
{
    m_session.journal().read();
    if (!result) {
        m_stage = Stage::Asking;
        if (result.error().code != ErrorCode::Cancelled)
            m_error = result.error();
        Q_EMIT changed();
        return;
    }
    m_stored = *result;
    m_plan = result->plan;
    m_spec = result->plan.spec;
    m_consumer = result->plan.consumer;
    m_outcome = result->outcome;
    if (!m_outcome)
        m_recordId = m_plan->undoes; // a stored reset is a reset like any other; what it leads to has a record of its own
    m_takeUp.reset();
    m_stage = m_outcome ? Stage::Ended : Stage::Reviewing;
    Q_EMIT changed();
}

RunObserver Change::observer()
{
    // Told on the machine's thread. The session waits for that thread before it destroys its changes.
    RunObserver observer;
    observer.stateReached = [this, generation = m_generation](State state) {
        QMetaObject::invokeMethod(this, [this, generation, state] {
            if (generation != m_generation || m_stage != Stage::Applying)
                return;
            m_runState = state;
            Q_EMIT changed();
        }, Qt::QueuedConnection);
    };
    observer.membersLeft = [this, generation = m_generation](const std::vector<ConsumerMember> &members) {
        QMetaObject::invokeMethod(this, [this, generation, members] {
            if (generation != m_generation || m_stage != Stage::Applying)
                return;
            m_membersLeft = members;
            Q_EMIT changed();
        }, Qt::QueuedConnection);
    };
    return observer;
}

void Change::apply(const QString &confirmation, const QString &reason, bool isSkippingRefused, std::chrono::milliseconds lifetime)
{
    if (m_stage != Stage::Reviewing || m_stored.journalId.isEmpty())
        return; // pressed twice, or nothing to run
    const Approval approval = approve(*m_plan, confirmation, reason, isSkippingRefused, lifetime);
    begin(Stage::Applying);
    m_runState = State::Planned;
    m_membersLeft.clear();
    m_approvedUntil = approval.until;
    RunOptions options;
    options.form = ConfirmationForm::Effect;
    options.maxWait = lifetime; // the approval itself ends the waiting
    options.waitInterval = m_session.pace().waitInterval;
    options.retryDelay = m_session.pace().retryDelay;
    options.settleTime = m_session.pace().settleTime;
    if (m_session.jobs()) {
        const QString title = m_plan->kind == PlanKind::Undo ? tr("Put back the checkpoints of %1") : tr("Reset %1");
        m_job = m_session.jobs()->start(title.arg(m_consumer.left(100)), job::JobUnit::Steps);
        m_job->setOrigin(m_recordId.isEmpty() ? job::JobOrigin{QStringLiteral("replay"), m_spec.name, m_consumer} : job::JobOrigin{QStringLiteral("replay"), {}, m_recordId});
        connect(m_job, &job::Job::cancelRequested, this, &Change::cancel);
    }
    const auto answer = QtConcurrent::run(m_session.threads(), [&factory = m_session.factory(), journal = m_session.journalPath(), id = m_stored.journalId, approval, options,
                                            observer = observer(), stop = m_stop.get_token()] {
        return applyStored(factory, journal, id, approval, options, observer, stop);
    });
    connectors::deliver(answer, this, [this, generation = m_generation](const Result<RunOutcome> &result) {
        if (generation == m_generation)
            receiveOutcome(result);
    });
    Q_EMIT changed();
}

void Change::receiveOutcome(const Result<RunOutcome> &result)
{
    m_session.journal().read();
    if (const QPointer<job::Job> job = std::exchange(m_job, {})) {
        const ChangeEnd end = endOf(result, job->title());
        job->finish(end.result, end.words);
    }
    if (result && result->state != State::Planned) {
        end(*result);
        return;
    }
    if (!result)
        m_error = result.error();
    if (!result && result.error().code == ErrorCode::OutcomeUnknown) {
        end({m_stored.journalId, State::Unknown, {}, {}, result.error().message});
        return;
    }
    m_stage = Stage::Reviewing;
    review(result ? result->differences : std::vector<QString>());
}

/// A consumer that goes on until it is stopped is elsewhere when it has: the plan for that place is made at once, and is
/// looked at and approved like any other.
void Change::review(const std::vector<QString> &differences)
{
    const bool canPlanAgain = !m_recordId.isEmpty() || m_hasRequest;
    if (!differences.empty() && canPlanAgain) {
        planAgain();
        m_isPlannedAnew = true;
    }
    m_differences = differences;
    Q_EMIT changed();
}

void Change::end(const RunOutcome &outcome)
{
    m_stage = Stage::Ended;
    m_outcome = outcome;
    watchTakeUp();
    Q_EMIT changed();
}

void Change::watchTakeUp()
{
    std::vector<PlanRow> moved;
    for (const RowOutcome &row : m_outcome->rows) {
        if (row.result == RowResult::Done || row.result == RowResult::DoneInUse)
            moved.push_back(row.row);
    }
    if (moved.empty() || m_takeUp)
        return;
    WatchPace pace = m_session.pace().watch;
    pace.whileShown = m_session.pace().takeUpInterval;
    m_takeUp = std::make_unique<TakeUpWatch>(m_consumer, TakeUp(std::move(moved), QDateTime::currentMSecsSinceEpoch(), m_session.pace().takeUpAlarm), pace);
    m_takeUp->setShown(!m_shownBy.isEmpty());
    connect(m_takeUp.get(), &TakeUpWatch::changed, this, &Change::changed);
    const auto opened = QtConcurrent::run(m_session.threads(), [&factory = m_session.factory(), spec = m_spec] { return factory.open(spec); });
    connectors::deliver(opened, this, [this, watch = QPointer(m_takeUp.get())](const Result<std::shared_ptr<Connector>> &connector) {
        if (!watch)
            return;
        if (connector)
            return watch->lookThrough(m_session.closer().guard(*connector));
        m_takeUp.reset(); // it was open a moment ago; the result stands without the watch
        Q_EMIT changed();
    });
}

void Change::setShown(QObject *by, bool isShown)
{
    if (isShown && !m_shownBy.contains(by)) {
        m_shownBy.insert(by);
        connect(by, &QObject::destroyed, this, [this](QObject *gone) { setShown(gone, false); });
    } else if (!isShown && m_shownBy.remove(by)) {
        disconnect(by, &QObject::destroyed, this, nullptr);
    }
    if (m_takeUp)
        m_takeUp->setShown(!m_shownBy.isEmpty());
}

void Change::closeConnection()
{
    if (m_takeUp)
        m_takeUp->closeConnection();
}

void Change::cancel()
{
    m_stop.request_stop();
    Q_EMIT changed();
}

void Change::findOut()
{
    if (m_stage != Stage::Ended || m_isFindingOut)
        return;
    m_isFindingOut = true;
    m_stop = std::stop_source();
    m_error.reset();
    const auto answer = QtConcurrent::run(m_session.threads(), [&factory = m_session.factory(), journal = m_session.journalPath(), id = m_stored.journalId, stop = m_stop.get_token(),
                                            settleTime = m_session.pace().settleTime] {
        return replay::findOut(factory, journal, id, stop, settleTime);
    });
    connectors::deliver(answer, this, [this, generation = m_generation](const Result<RunOutcome> &result) {
        m_isFindingOut = false;
        m_session.journal().read();
        if (generation != m_generation)
            return;
        if (result) {
            end(*result);
            return;
        }
        m_error = result.error();
        Q_EMIT changed();
    });
    Q_EMIT changed();
}

void Change::startOver()
{
    if (m_stage == Stage::Applying)
        return;
    m_stop.request_stop();
    begin(Stage::Asking);
    m_stored = {};
    m_plan.reset();
    m_outcome.reset();
    m_takeUp.reset();
    Q_EMIT changed();
}

} // namespace models::replay
