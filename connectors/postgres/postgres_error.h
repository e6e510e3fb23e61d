// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/thrown_error.h"

#include <QByteArray>

namespace connectors::postgres {

/// What the server refused a statement with, for whoever must tell one refusal from another. Caught as ThrownError elsewhere.
struct SqlError : ThrownError {
    SqlError(Error what, QByteArray state, QString brokenConstraint)
        : ThrownError{std::move(what)}
        , sqlState(std::move(state))
        , constraint(std::move(brokenConstraint))
    {
    }
    QByteArray sqlState; ///< five characters, PostgreSQL's appendix A; empty where libpq itself failed
    QString constraint;  ///< the name of what was violated, where that is it
    /// Somebody else's transaction was in the way: the same transaction may succeed when it is tried again.
    [[nodiscard]] bool isOfTheMoment() const { return sqlState == "40001" || sqlState == "40P01"; }
};

/// What an SQLSTATE means to a person. `message` is the server's, without its state; `place` names the database and the server.
[[nodiscard]] Error errorOf(const QByteArray &sqlState, const QString &message, const QString &place);

/// Why no connection came about, from what libpq says with PQERRORS_VERBOSE: it hands out no state, but writes it.
[[nodiscard]] Error connectionError(const QString &text, const QString &place);

} // namespace connectors::postgres
