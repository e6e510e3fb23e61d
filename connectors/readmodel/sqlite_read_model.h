// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/connection_spec.h"
#include "connectors/read_model.h"

namespace connectors::readmodel {

/// The read models in an SQLite file; one that is not there yet is an empty one. Opening does no I/O.
[[nodiscard]] std::unique_ptr<ReadModel> openSqliteReadModel(const ConnectionSpec &spec);

} // namespace connectors::readmodel
