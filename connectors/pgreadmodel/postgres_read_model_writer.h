// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/connection_spec.h"
#include "connectors/read_model.h"

namespace connectors::pgreadmodel {

/// For the tables of one projection file, in the schema that openPostgresReadModel() looks at. Opening does no I/O. A connection that
/// was lost is made anew by the next call; what a call has stored is told by the epoch and the checkpoint, never by the connection.
[[nodiscard]] Result<std::unique_ptr<ReadModelWriter>> openPostgresReadModelWriter(const ConnectionSpec &spec, const Credentials &credentials, std::vector<TableSpec> tables);

} // namespace connectors::pgreadmodel
