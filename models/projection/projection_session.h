// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/connection/workspace.h"
#include "models/job/job_list.h"
#include "models/projection/projection.h"

#include <QPointer>
#include <QThreadPool>

namespace models::projection {

/// The projections of a window: which there are, and what is done with them. Lives on the GUI thread; steps run on threads of
/// their own. At the end fillings are stopped, and what they have stored is kept.
class ProjectionSession final : public QObject
{
    Q_OBJECT

public:
    /// The factory must be thread-safe; all must outlive the session.
    ProjectionSession(connection::Workspace &workspace, connectors::ConnectionFactory &factory, QString journalPath, QObject *parent = nullptr);
    ~ProjectionSession() override;

    void setJobs(job::JobList *jobs) { m_jobs = jobs; }
    [[nodiscard]] const std::vector<std::unique_ptr<Projection>> &projections() const { return m_projections; }
    /// The one that is there already with the same file and target, or a new one. Reads its status.
    Projection *add(const ProjectionPlace &place);
    /// From the list; its file and tables stay. Not while something is being done with it.
    void remove(const Projection *projection);
    void refresh();
    [[nodiscard]] bool isApplying() const;
    void cancelAll();

    // for Projection
    [[nodiscard]] connectors::ConnectionFactory &factory() const { return m_factory; }
    [[nodiscard]] const QString &journalPath() const { return m_journalPath; }
    [[nodiscard]] job::JobList *jobs() const { return m_jobs; }
    [[nodiscard]] QThreadPool *threads() { return &m_threads; }
    /// The open connection to a projection's events; null while it is not open.
    [[nodiscard]] std::shared_ptr<connectors::Connector> openSource(const connectors::ConnectionSpec &spec) const;

Q_SIGNALS:
    void listChanged();
    void projectionChanged(models::projection::Projection *projection);
    void applyingEnded(); ///< of the last step that was being applied

private:
    connection::Workspace &m_workspace;
    connectors::ConnectionFactory &m_factory;
    const QString m_journalPath;
    QPointer<job::JobList> m_jobs;
    std::vector<std::unique_ptr<Projection>> m_projections;
    bool m_wasApplying = false;
    QThreadPool m_threads;
};

} // namespace models::projection
