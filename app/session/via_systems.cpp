// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/session/via_systems.h"

namespace session {

using namespace connectors;

Result<std::shared_ptr<Connector>> ViaSystems::open(const ConnectionSpec &spec, const Credentials &credentials, const DeclarationSource &declarations) const
{
    return of(spec).open(spec, credentials, declarations);
}

Result<std::unique_ptr<CheckpointWriter>> ViaSystems::openCheckpointWriter(const ConnectionSpec &spec, const Credentials &credentials) const
{
    return of(spec).openCheckpointWriter(spec, credentials);
}

Result<std::unique_ptr<LineLog>> ViaSystems::openLineLog(const ConnectionSpec &spec, const Credentials &credentials, const QString &topic) const
{
    return of(spec).openLineLog(spec, credentials, topic);
}

Result<std::unique_ptr<ReadModel>> ViaSystems::openReadModel(const ConnectionSpec &spec, const Credentials &credentials) const
{
    return of(spec).openReadModel(spec, credentials);
}

Result<std::unique_ptr<ReadModelWriter>> ViaSystems::openReadModelWriter(const ConnectionSpec &spec, const Credentials &credentials, const std::vector<TableSpec> &tables) const
{
    return of(spec).openReadModelWriter(spec, credentials, tables);
}

} // namespace session
