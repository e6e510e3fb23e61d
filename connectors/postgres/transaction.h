// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/postgres/database.h"

namespace connectors::postgres {

/// BEGIN … COMMIT, rolled back unless committed.
class Transaction final
{
public:
    enum class Kind {
        Read, ///< all statements see the same moment, and none can write
        Write ///< each statement sees what was committed before it
    };
    Transaction(Database &database, Kind kind);
    ~Transaction();
    Transaction(const Transaction &) = delete;
    Transaction &operator=(const Transaction &) = delete;
    /// OutcomeUnknown where the connection is lost meanwhile: only reading tells then. After any other error nothing was changed.
    void commit();

private:
    Database &m_database;
    bool m_isOpen = true;
};

} // namespace connectors::postgres
