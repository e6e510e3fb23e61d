// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/gui/link.h"
#include "app/gui/look.h"
#include "app/session/demo/demo.h"
#include "app/session/worker_systems.h"

#include <QSize>
#include <QStringList>

namespace gui {

/// What the command line of `streamgauge` asks for.
struct Options {
    QStringList connections;       ///< saved names or URLs
    std::optional<Link> link;      ///< the page to open; its connection is among `connections`
    std::optional<session::DemoOptions> demo;
    QString screenshotFile;        ///< not empty: write this picture and quit
    QString page;                  ///< empty: where the user was last
    double afterSeconds = 5;       ///< before the picture is taken
    std::optional<QSize> size;     ///< of the window, in pixels independent of the screen
    std::optional<Look> look;      ///< null: as chosen last
    qint64 memoryLimit = session::WorkerSystems::DefaultMemoryLimit; ///< of each connection's process, in bytes
    bool isHelpWanted = false;
    bool isVersionWanted = false;
};

/// `arguments` without the program's name. Errors are InvalidInput: a sentence for stderr, exit status 2. No I/O.
[[nodiscard]] connectors::Result<Options> parseOptions(const QStringList &arguments);
/// Needs an application object for the program's name.
[[nodiscard]] QString helpText();

} // namespace gui
