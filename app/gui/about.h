// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>

class QWidget;

namespace gui {

/// "Qt 6.4.2", "librdkafka 2.0.2" …: what bug reports need to name, as it runs.
[[nodiscard]] QStringList libraryVersions();
/// Version, licence and libraries; not modal, and the same dialog again while it is open.
void showAbout(QWidget *window);

} // namespace gui
