// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/postgres/database.h"

namespace connectors::pgstore {

inline constexpr qint64 SchemaVersion = 1;

/// Makes the tables of an event store, and the schema around them, unless somebody else was faster. Refused where the schema
/// holds anything else, and in a database that is not in UTF-8. Throws ThrownError.
void createSchema(postgres::Database &database, const QString &schema);

} // namespace connectors::pgstore
