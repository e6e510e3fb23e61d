// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/connection_spec.h"
#include "connectors/read_model.h"

namespace connectors::readmodel {

/// For the tables of one projection file, in an SQLite file that begin() makes where there is none. Opening does no I/O.
[[nodiscard]] std::unique_ptr<ReadModelWriter> openSqliteReadModelWriter(const ConnectionSpec &spec, std::vector<TableSpec> tables);

} // namespace connectors::readmodel
