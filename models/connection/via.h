// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/connection_spec.h"
#include "connectors/result.h"

namespace models::connection {

/// How another machine is reached, from which a system is talked to.
struct Via {
    QString user;    ///< ssh: empty: as its configuration says
    QString host;    ///< ssh: a name, an alias of the configuration, or an address; IPv6 without brackets
    int port = 0;    ///< ssh: 0: as its configuration says
    QString command; ///< exec: the name of a command that this user has written down; then the others are empty
    bool operator==(const Via &) const = default;
};

/// `ssh:[user@]host[:port]`, with IPv6 in brackets, or `exec:NAME`. InvalidInput for all else: what a shell, ssh or its
/// configuration would take for more than a name is no name here.
[[nodiscard]] connectors::Result<Via> parseVia(const QString &text);

/// Whether the spec can be opened from where its `via` says, if it has one: a file there needs its whole path.
[[nodiscard]] connectors::Result<void> checkVia(const connectors::ConnectionSpec &spec);

} // namespace models::connection
