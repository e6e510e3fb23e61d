// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCoreApplication>

namespace session {

/// For sentences of files that have no QObject of their own.
[[nodiscard]] inline QString tr(const char *text)
{
    return QCoreApplication::translate("session", text);
}

} // namespace session
