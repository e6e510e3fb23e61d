// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/projection/projection_session.h"

#include <algorithm>
#include <utility>

namespace models::projection {

using connectors::ConnectionSpec;

ProjectionSession::ProjectionSession(connection::Workspace &workspace, connectors::ConnectionFactory &factory, QString journalPath, QObject *parent)
    : QObject(parent)
    , m_workspace(workspace)
    , m_factory(factory)
    , m_journalPath(std::move(journalPath))
{
    constexpr int MostThreads = 16;
    m_threads.setMaxThreadCount(MostThreads);
}

ProjectionSession::~ProjectionSession()
{
    cancelAll();
    m_threads.waitForDone();
}

Projection *ProjectionSession::add(const ProjectionPlace &place)
{
    const auto known = std::find_if(m_projections.begin(), m_projections.end(), [&place](const auto &each) { return each->place().path == place.path && each->place().target == place.target; });
    if (known != m_projections.end())
        return known->get();
    m_projections.push_back(std::make_unique<Projection>(*this, place));
    Projection *added = m_projections.back().get();
    connect(added, &Projection::changed, this, [this, added] {
        Q_EMIT projectionChanged(added);
        const bool wasApplying = std::exchange(m_wasApplying, isApplying());
        if (wasApplying && !m_wasApplying)
            Q_EMIT applyingEnded();
    });
    Q_EMIT listChanged();
    added->refresh();
    return added;
}

void ProjectionSession::remove(const Projection *projection)
{
    if (projection->isBusy())
        return;
    std::erase_if(m_projections, [projection](const auto &each) { return each.get() == projection; });
    Q_EMIT listChanged();
}

void ProjectionSession::refresh()
{
    for (const auto &each : m_projections)
        each->refresh();
}

bool ProjectionSession::isApplying() const
{
    return std::any_of(m_projections.begin(), m_projections.end(), [](const auto &each) { return each->stage() == ProjectionStage::Applying; });
}

void ProjectionSession::cancelAll()
{
    for (const auto &each : m_projections)
        each->cancel();
}

std::shared_ptr<connectors::Connector> ProjectionSession::openSource(const ConnectionSpec &spec) const
{
    const connection::Connection *open = m_workspace.find(spec.name);
    return open ? open->connector() : nullptr;
}

} // namespace models::projection
