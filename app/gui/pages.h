// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/connection/workspace.h"
#include "models/history/history.h"
#include "models/job/job_list.h"
#include "models/projection/projection_session.h"
#include "models/replay/replay_session.h"

#include <QStringList>

namespace ui::frame {
class MainWindow;
}

namespace gui {

/// What the pages of one window work on; everything outlives the window.
struct PageParts {
    models::connection::Workspace &workspace; ///< shared by all windows
    models::history::History &history;        ///< shared by all windows
    models::replay::ReplaySession &replay;    ///< shared by all windows
    models::projection::ProjectionSession &projections; ///< shared by all windows
    models::job::JobList &jobs;               ///< of this window
};

/// Adds every page there is, in the order of the navigation.
void addPages(ui::frame::MainWindow &window, const PageParts &parts);

/// The ids of those in the navigation, in the same order: what `--page` and links may name. Never the wizard.
[[nodiscard]] QStringList pageIds();

} // namespace gui
