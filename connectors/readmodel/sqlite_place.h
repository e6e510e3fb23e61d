// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace connectors::readmodel {

/// Refused where no SQLite file is at this path and none can come to be there: it is a folder, or in a folder that does not exist.
void requirePlace(const QString &path);

} // namespace connectors::readmodel
