// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QByteArrayList>

namespace connectors::pgreadmodel {

/// SQL over the catalog. Each takes $1 = live table, $2 = rising table (oids), $3 = all live tables (oid[]).

/// Rows of kind, name, isTold, before, after: see Dependant. In the order in which they are to be carried out.
[[nodiscard]] QByteArrayList dependantQueries(int serverVersion);
/// Rows of one description each.
[[nodiscard]] QByteArray obstacleQuery();
/// Rows of one description each, of $1 but not of $3.
[[nodiscard]] QByteArray outsiderQuery();
/// Rows of one statement each, of $2 only.
[[nodiscard]] QByteArray clearingQuery();
/// Rows of one statement each.
[[nodiscard]] QByteArray viewLockQuery();
/// Rows of one name each.
[[nodiscard]] QByteArray referringTableQuery();

} // namespace connectors::pgreadmodel
