// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/readmodel/sqlite_place.h"

#include "connectors/thrown_error.h"

#include <QDir>
#include <QFileInfo>

namespace connectors::readmodel {

void requirePlace(const QString &path)
{
    const QFileInfo file(path);
    if (file.isDir())
        fail(ErrorCode::NotFound, QStringLiteral("%1 is a folder.").arg(path), QStringLiteral("Give the path of an SQLite file."));
    if (!file.absoluteDir().exists())
        fail(ErrorCode::NotFound, QStringLiteral("The folder of %1 does not exist.").arg(path), QStringLiteral("Check the path, or make the folder first."));
}

} // namespace connectors::readmodel
