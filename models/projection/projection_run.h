// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/projection/projection_machine.h"

namespace models::projection {

/// One step under way.
struct ProjectionMachine::Run {
    QString journalId;
    ProjectionPlan plan;
    ProjectionFile file;
    ProjectionRunOptions options;
    std::vector<QString> recreated = {};
    qint64 milliseconds = 0;
    qint64 eventsBefore = 0;
    qint64 eventsAfter = 0;
};

/// Where events come from, opened.
struct ProjectionMachine::Events {
    std::shared_ptr<connectors::Connector> connector;
    ProjectionSource source;
};

[[nodiscard]] inline bool isFilling(ProjectionAction action)
{
    return action == ProjectionAction::Rebuild || action == ProjectionAction::Resume;
}

} // namespace models::projection
