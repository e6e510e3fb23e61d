// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCoreApplication>

namespace ui::traces {

/// For sentences of files that have no QObject of their own.
[[nodiscard]] inline QString tr(const char *source)
{
    return QCoreApplication::translate("Traces", source);
}

} // namespace ui::traces
