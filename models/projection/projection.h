// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/job/job.h"
#include "models/projection/projection_steps.h"

#include <QFuture>
#include <QObject>
#include <QPointer>

namespace models::projection {

class ProjectionSession;

/// Where a step of a projection is for the person who makes it.
enum class ProjectionStage {
    Idle,
    Planning,  ///< events and tables are being read
    Reviewing, ///< a plan is there to be read and approved
    Applying,  ///< approved: it is being carried out
    Ended      ///< it was tried: outcome(), or error()
};

/// One projection of a window, and the step that is being made with it. Lives on the GUI thread and belongs to the session;
/// everything that blocks runs on other threads and comes back with a generation.
class Projection final : public QObject
{
    Q_OBJECT

public:
    Projection(ProjectionSession &session, ProjectionPlace place);
    ~Projection() override;

    [[nodiscard]] const ProjectionPlace &place() const { return m_place; }
    [[nodiscard]] QString name() const; ///< of the projection, or of its file while it was not read
    /// Null until it was read once; see statusError().
    [[nodiscard]] const std::optional<ProjectionStatus> &status() const { return m_status; }
    /// Why it could not be read the last time.
    [[nodiscard]] const std::optional<connectors::Error> &statusError() const { return m_statusError; }

    [[nodiscard]] ProjectionStage stage() const { return m_stage; }
    [[nodiscard]] const std::optional<StoredProjectionPlan> &plan() const { return m_plan; }
    [[nodiscard]] const std::optional<ProjectionOutcome> &outcome() const { return m_outcome; }
    /// Why the newest step did not go on; nothing was changed.
    [[nodiscard]] const std::optional<connectors::Error> &error() const { return m_error; }
    [[nodiscard]] const FillProgress &progress() const { return m_progress; } ///< while applying

    /// Null until compare() has answered.
    [[nodiscard]] const std::optional<std::vector<TableDifference>> &differences() const { return m_differences; }
    [[nodiscard]] bool isComparing() const { return m_isComparing; }
    /// The first rows of the live tables, one list a table of the file.
    [[nodiscard]] const std::vector<std::vector<connectors::Row>> &rows() const { return m_rows; }
    [[nodiscard]] bool isBusy() const { return m_stage == ProjectionStage::Planning || m_stage == ProjectionStage::Applying; }

    void refresh(); ///< status and rows
    /// `nextWriter`: of a swap; `isParking` and `areLossesAccepted`: of a rebuild.
    void plan(ProjectionAction action, const QString &nextWriter = {}, bool isParking = false, bool areLossesAccepted = false);
    void apply(const QString &confirmation, const QString &reason);
    /// Ends planning, or lets the chunk in hand be the last: what is filled can be gone on with.
    void cancel();
    /// Back to where nothing is planned.
    void dismiss();
    void compare();

Q_SIGNALS:
    void changed();
    void differencesRead();
    void rowsRead();

private:
    void receiveStatus(const connectors::Result<ProjectionStatus> &result);
    void readFirstRows();
    void receiveOutcome(const connectors::Result<ProjectionOutcome> &result);
    [[nodiscard]] const connectors::Rebuild *comparedRebuild() const;
    void beginJob(const QString &title);

    ProjectionSession &m_session;
    const ProjectionPlace m_place;
    std::optional<ProjectionStatus> m_status;
    std::optional<connectors::Error> m_statusError;
    ProjectionStage m_stage = ProjectionStage::Idle;
    std::optional<StoredProjectionPlan> m_plan;
    std::optional<ProjectionOutcome> m_outcome;
    std::optional<connectors::Error> m_error;
    FillProgress m_progress;
    std::optional<std::vector<TableDifference>> m_differences;
    std::vector<std::vector<connectors::Row>> m_rows;
    bool m_isComparing = false;
    bool m_isReading = false;
    quint64 m_generation = 0; ///< answers to an earlier step are dropped
    std::stop_source m_stop;  ///< of the step
    QPointer<job::Job> m_job; ///< owned by the session's list
};

} // namespace models::projection
