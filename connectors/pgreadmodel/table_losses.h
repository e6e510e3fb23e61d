// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/pgreadmodel/session.h"
#include "connectors/read_model.h"

namespace connectors::pgreadmodel {

/// What a table that is made from its projection file would lack of the one with this pg_class.oid. What hangs on the table and is
/// made again by a swap (indexes, triggers, views, grants …) is none of it.
[[nodiscard]] std::vector<QString> lossesOf(Session &session, const TableSpec &table, qint64 id);

/// Throws Refused where it is no table of its own: a view, a part of a partitioned table, one that others inherit from.
void requireOrdinaryTable(Session &session, const QString &name, qint64 id);

} // namespace connectors::pgreadmodel
