// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/read_model.h"

namespace connectors {

namespace {

QString besideName(const QString &table, const QString &suffix, size_t index)
{
    const qsizetype room = LongestTableName - suffix.toUtf8().size();
    QString beginning = table;
    if (beginning.toUtf8().size() <= room)
        return beginning + suffix;
    const QString number = QStringLiteral("~%1").arg(index); // others may begin alike
    while (beginning.toUtf8().size() + number.size() > room)
        beginning.chop(beginning.back().isLowSurrogate() ? 2 : 1);
    return beginning + number + suffix;
}

} // namespace

QString shadowName(const Rebuild &rebuild, size_t table)
{
    return besideName(rebuild.tables[table], QStringLiteral("__rb_") + rebuild.job, table);
}

QString oldName(const Rebuild &rebuild, size_t table)
{
    return besideName(rebuild.tables[table], QStringLiteral("__old_") + rebuild.job, table);
}

} // namespace connectors
