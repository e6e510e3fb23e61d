// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/connection_spec.h"
#include "connectors/result.h"

#include <QByteArray>

#include <utility>
#include <vector>

namespace connectors::postgres {

/// How to reach one database, checked: everything that can be said without asking the server.
struct Options {
    QString place;  ///< "orders at db.example:5432", for messages
    QString schema; ///< where our tables are
    QString databaseName;
    std::vector<std::pair<QByteArray, QByteArray>> parameters; ///< libpq's own, with the password
};

/// From `postgresql://[user@]host[:port][,host…]/database`. Allowed properties are libpq's sslmode, sslrootcert, sslcert, sslkey,
/// sslcrl, target_session_attrs and channel_binding, and `schema`. InvalidInput for any other (whoever knows more takes them out before), and for an address
/// without a database; Refused where a password could be read on its way: to another machine it goes over TLS only, whose certificate is
/// verified unless sslmode says otherwise, or by SCRAM where libpq (16 and later) can be told to use nothing else.
[[nodiscard]] Result<Options> optionsOf(const ConnectionSpec &spec, const Credentials &credentials);

/// Whether "host:port" is this very machine by its name or number.
[[nodiscard]] bool isThisMachine(const QString &hostAndPort);

/// A name as SQL has it, in quotation marks.
[[nodiscard]] QByteArray quotedName(const QString &name);

} // namespace connectors::postgres
