// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/connection_spec.h"

#include <QJsonObject>

namespace models::connection {

/// A connection as plans keep it: without secrets.
[[nodiscard]] QJsonObject toJson(const connectors::ConnectionSpec &spec);
/// As it is written; see isKnown().
[[nodiscard]] connectors::ConnectionSpec specFrom(const QJsonValue &value);

/// False where another version wrote what this one has no word for.
[[nodiscard]] bool isKnown(const connectors::ConnectionSpec &spec);
[[nodiscard]] bool isKnown(connectors::Environment environment);

} // namespace models::connection
