// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/connection_spec.h"
#include "connectors/result.h"
#include "models/connection/connection_url.h"

#include <optional>

namespace session {

/// True for text that is meant as a URL (`kafka://…`, `sqlite:…`, `postgresql://…`), false for a saved connection's name.
[[nodiscard]] bool looksLikeUrl(const QString &text);

/// `kafka://[user@]host[:port][,host…][?property=value&…]`, `sqlite:PATH[?…]` or `postgresql://[user@]host[:port][,host…]/database[?…]`. An own parser, because QUrl refuses several
/// hosts. IPv6 in brackets; values may be percent-encoded; a sqlite path is taken as written up to the first `?`.
/// `environment` and `via` (models/connection/via.h) are taken out of the properties; the rest is left for the connector's allow-list.
/// A password or another secret in it is InvalidInput, and the error never repeats it. Systems and options that are
/// known but not built in are Unsupported.
[[nodiscard]] connectors::Result<connectors::ConnectionSpec> parseConnection(const QString &url);

using models::connection::connectionUrl;

/// `production`, `staging`, `development`; null for other words.
[[nodiscard]] std::optional<connectors::Environment> environmentFromWord(const QString &word);
using models::connection::environmentWord;

/// Whether a property of this name would carry a secret.
[[nodiscard]] bool isSecretProperty(const QString &name);

} // namespace session
