// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/connection_factory.h"
#include "models/journal/journal.h"
#include "models/projection/projection_plan.h"
#include "models/projection/table_fill.h"
#include "models/replay/approval.h"
#include "models/replay/taken_record.h"

namespace models::projection {

/// How a step ended. Done, NotApplied, Partial (a filling that can be gone on with), or Unknown.
struct ProjectionOutcome {
    QString journalId;
    journal::State state = journal::State::Planned;
    std::optional<connectors::Rebuild> rebuild; ///< as its database has it; null: there is none
    std::vector<connectors::TableComparison> comparisons; ///< one a table, after a filling
    std::vector<QString> recreated; ///< of a swap
    QString note;
    qint64 milliseconds = 0; ///< of the filling
    qint64 eventsApplied = 0; ///< in this run
};

/// Told on the machine's thread.
struct ProjectionObserver {
    std::function<void(journal::State)> stateReached;
    FillObserver filling;
    std::function<void(const QString &table, qint64 rows)> comparing;
};

struct ProjectionRunOptions {
    FillOptions fill;         ///< but what the plan says itself
    qsizetype sampleRows = 100; ///< of each kind of difference
    qint64 maxBytesPerSecond = -1; ///< −1: as the plan has it
    std::chrono::milliseconds pause{1'000}; ///< between two looks for new events, while tables are kept up to date
};

/// What a person must say to it: on production the projection's name and a reason; anywhere, with the number of rows, where a swap
/// puts an empty or much smaller table in place.
[[nodiscard]] replay::Demands demandsOf(const ProjectionPlan &plan, connectors::Environment now);

/// Carries out the steps of rebuilds as Machine does resets: approve → intent (on the disk) → the step → read back → end. One
/// object a thread; blocks.
class ProjectionMachine final
{
public:
    ProjectionMachine(journal::Journal &journal, connectors::ConnectionFactory &factory, ProjectionObserver observer = {});

    /// Keeps the plan; gives its journal id.
    [[nodiscard]] connectors::Result<QString> store(const ProjectionPlan &plan);
    /// Runs a stored plan, once. An error means that nothing was changed, except OutcomeUnknown.
    [[nodiscard]] connectors::Result<ProjectionOutcome> apply(const QString &journalId, const replay::Approval &approval, const ProjectionRunOptions &options, const std::stop_token &stop);
    /// Finds out by reading what became of a step that was interrupted; changes nothing but the journal.
    [[nodiscard]] connectors::Result<ProjectionOutcome> resolve(const QString &journalId);

private:
    struct Run;
    [[nodiscard]] connectors::Result<void> append(replay::FailpointStep step, const Run &run, journal::State state, const QJsonObject &body);
    [[nodiscard]] connectors::Result<void> check(const Run &run, const replay::Approval &approval, const std::stop_token &stop);
    [[nodiscard]] connectors::Result<void> checkState(const ProjectionPlan &plan);
    [[nodiscard]] connectors::Result<void> carryOut(Run &run, const std::stop_token &stop);
    [[nodiscard]] connectors::Result<void> fill(Run &run, const std::stop_token &stop);
    [[nodiscard]] connectors::Result<void> keepUp(Run &run, const std::stop_token &stop);
    struct Events;
    [[nodiscard]] connectors::Result<Events> openEvents(const Run &run, const std::stop_token &stop);
    /// Applies what is there; `keep` is asked after each time whether to go on.
    [[nodiscard]] connectors::Result<void> fillFrom(Run &run, connectors::ReadModelWriter &writer, const connectors::RebuildCheckpoint &from, const std::stop_token &stop,
                                                    const std::function<connectors::Result<bool>()> &keep = {});
    [[nodiscard]] connectors::Result<void> exchange(Run &run, const std::stop_token &stop);
    [[nodiscard]] connectors::Result<ProjectionOutcome> verify(Run &run, const connectors::Result<void> &carriedOut, const std::stop_token &stop);
    void compare(const Run &run, connectors::ReadModel &model, ProjectionOutcome &outcome, const std::stop_token &stop);
    [[nodiscard]] connectors::Result<std::optional<connectors::Rebuild>> read(const ProjectionPlan &plan);

    journal::Journal &m_journal;
    connectors::ConnectionFactory &m_factory;
    const ProjectionObserver m_observer;
};

} // namespace models::projection
