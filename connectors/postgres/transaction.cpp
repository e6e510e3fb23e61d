// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/postgres/transaction.h"

#include <utility>

namespace connectors::postgres {

Transaction::Transaction(Database &database, Kind kind)
    : m_database(database)
{
    database.execute(kind == Kind::Write ? "BEGIN READ WRITE" : "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
}

Transaction::~Transaction()
{
    if (m_isOpen)
        m_database.rollBack();
}

void Transaction::commit()
{
    // Nobody who has got this far is interrupted: what was asked to end might have happened.
    const auto isCancelled = std::exchange(m_database.m_isCancelled, {});
    const auto answer = guarded([this] { return m_database.query("COMMIT").command(); });
    m_database.m_isCancelled = isCancelled;
    m_isOpen = false;
    if (!answer && answer.error().code != ErrorCode::CannotConnect && answer.error().code != ErrorCode::TimedOut)
        throw ThrownError{answer.error()};
    if (!answer)
        fail(ErrorCode::OutcomeUnknown, QStringLiteral("It is not known whether it was stored. %1").arg(answer.error().message), QStringLiteral("Read it to find out."));
    if (*answer != "COMMIT") // a transaction in which something has failed ends so, without an error
        fail(ErrorCode::Internal, QStringLiteral("%1: nothing was stored, because a statement before had failed.").arg(m_database.place()));
}

} // namespace connectors::postgres
