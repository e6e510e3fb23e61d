// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/connection_spec.h"
#include "connectors/read_model.h"

namespace connectors::pgreadmodel {

/// The read models in one schema of a PostgreSQL database: the one that the address names (`schema=`), else the first of the
/// user's search path that has tables and is no event store. Opening does no I/O. InvalidInput, Refused: the address cannot be used, see postgres::optionsOf().
[[nodiscard]] Result<std::unique_ptr<ReadModel>> openPostgresReadModel(const ConnectionSpec &spec, const Credentials &credentials);

} // namespace connectors::pgreadmodel
