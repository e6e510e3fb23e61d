// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/job/job.h"
#include "models/replay/replay_steps.h"
#include "models/replay/take_up_watch.h"

#include <QFuture>
#include <QObject>
#include <QPointer>
#include <QSet>

namespace models::replay {

class ReplaySession;

/// Where a change is for the person who makes it.
enum class Stage {
    Asking,    ///< nothing is planned yet
    Planning,  ///< the system is being read
    Reviewing, ///< a plan is there to be read and approved
    Applying,  ///< approved: it waits, checks, writes or verifies
    Ended      ///< it was tried; outcome() says with what result
};

/// One change of one consumer, from the wish to its result, while the window goes elsewhere and comes back. Lives on the
/// GUI thread and belongs to the session; everything that blocks runs on other threads and comes back with a generation.
class Change final : public QObject
{
    Q_OBJECT

public:
    /// A change of a consumer, or (with `journalId`) of what a record says.
    Change(ReplaySession &session, connectors::ConnectionSpec spec, QString consumer, QString journalId);
    ~Change() override;

    [[nodiscard]] Stage stage() const { return m_stage; }
    [[nodiscard]] const connectors::ConnectionSpec &spec() const { return m_spec; } ///< no name until a record was read
    [[nodiscard]] const QString &consumer() const { return m_consumer; }
    /// The record that it puts back or shows; empty: a reset.
    [[nodiscard]] const QString &recordId() const { return m_recordId; }
    [[nodiscard]] const QString &journalId() const { return m_stored.journalId; } ///< of the plan at hand
    [[nodiscard]] const std::optional<Plan> &plan() const { return m_plan; }
    /// The plan came from request() and can be made again; false where it came from a file or the journal.
    [[nodiscard]] bool hasRequest() const { return m_hasRequest; }
    [[nodiscard]] const ResetRequest &request() const { return m_request; }
    /// What the plan at hand is judged by: its own environment, or a stricter one that its connection has now.
    [[nodiscard]] connectors::Environment environment() const { return m_stored.environment; }
    /// The plan at hand, or the change that it puts back, came in a file that was not made here.
    [[nodiscard]] bool isForeign() const { return m_stored.isForeign; }
    [[nodiscard]] const QString &csvPath() const { return m_csvPath; }
    [[nodiscard]] const std::optional<connectors::Error> &storeProblem() const { return m_stored.storeProblem; }
    /// Why the newest step did not go on. Nothing was changed, unless outcome() says otherwise.
    [[nodiscard]] const std::optional<connectors::Error> &error() const { return m_error; }
    /// Why it came back to review.
    [[nodiscard]] const std::vector<QString> &differences() const { return m_differences; }
    /// The differences are those from the plan that was approved; the one at hand was made anew with what is so now.
    [[nodiscard]] bool isPlannedAnew() const { return m_isPlannedAnew; }

    [[nodiscard]] journal::State runState() const { return m_runState; } ///< while applying
    [[nodiscard]] const std::vector<connectors::ConsumerMember> &membersLeft() const { return m_membersLeft; }
    [[nodiscard]] connectors::EpochMs approvedUntil() const { return m_approvedUntil; }
    [[nodiscard]] bool isCancelling() const { return m_stop.stop_requested(); }
    [[nodiscard]] const std::optional<RunOutcome> &outcome() const { return m_outcome; }
    [[nodiscard]] bool isFindingOut() const { return m_isFindingOut; }
    /// Null unless something was moved.
    [[nodiscard]] const TakeUpWatch *takeUp() const { return m_takeUp.get(); }

    void planReset(const ResetRequest &request, const QString &csvPath = {});
    void openPlanFile(const QString &path);
    /// Opens the record again: with an acceptance that the consumer has moved on.
    void planFromRecord(bool isMovedOnAccepted);
    /// Somebody comes to it from elsewhere: a plan that nobody has approved and that has become old is made again.
    void enter();
    /// Plans the same once more.
    void planAgain();
    /// The approval is good for `lifetime`; members that still read are waited for as long.
    void apply(const QString &confirmation, const QString &reason, bool isSkippingRefused, std::chrono::milliseconds lifetime = ApprovalLifetime);
    /// Stops planning, waiting or finding out; a step in hand is finished.
    void cancel();
    void findOut();
    /// Back to the question; only while nothing is being applied.
    void startOver();
    /// Somebody looks at it now, or does not any more: what happens after the change is asked for at that pace.
    void setShown(QObject *by, bool isShown);
    void closeConnection(); ///< the user has closed its connection

Q_SIGNALS:
    void changed();

private:
    void begin(Stage stage);
    void expect(QFuture<connectors::Result<StoredPlan>> future);
    void receivePlan(const connectors::Result<StoredPlan> &result);
    void receiveOutcome(const connectors::Result<RunOutcome> &result);
    void review(const std::vector<QString> &differences);
    void end(const RunOutcome &outcome);
    void watchTakeUp();
    [[nodiscard]] RunObserver observer();

    ReplaySession &m_session;
    connectors::ConnectionSpec m_spec;
    QString m_consumer;
    QString m_recordId;
    Stage m_stage = Stage::Asking;
    ResetRequest m_request;
    QString m_csvPath;
    bool m_hasRequest = false; ///< it can be planned again
    bool m_isMovedOnAccepted = false;
    StoredPlan m_stored;
    std::optional<Plan> m_plan;
    std::optional<connectors::Error> m_error;
    std::vector<QString> m_differences;
    bool m_isPlannedAnew = false;
    journal::State m_runState = journal::State::Planned;
    std::vector<connectors::ConsumerMember> m_membersLeft;
    connectors::EpochMs m_approvedUntil = 0;
    std::optional<RunOutcome> m_outcome;
    std::unique_ptr<TakeUpWatch> m_takeUp;
    QSet<QObject *> m_shownBy;
    bool m_isFindingOut = false;
    quint64 m_generation = 0; ///< answers to an earlier question are dropped
    std::stop_source m_stop;
    QPointer<job::Job> m_job; ///< while applying, where the session has a list; owned by the list
};

} // namespace models::replay
