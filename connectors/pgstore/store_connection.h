// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/postgres/database.h"

#include <memory>

namespace connectors::pgstore {

/// One connection to a database in which an event store was found; unqualified names are the store's. One thread at a time.
struct StoreConnection {
    postgres::Database database;
    QString schema;
    QString storeId;       ///< the store's own UUID
    qint64 lockNumber = 0; ///< names it among advisory locks and notifications

    StoreConnection(const postgres::Options &options, postgres::Database::Access access, const postgres::Database::CancelledCheck &isCancelled);
    [[nodiscard]] QString channel() const { return QStringLiteral("streamgauge_%1").arg(lockNumber); }
    /// "streamgauge in orders at db.example:5432", for messages.
    [[nodiscard]] QString place() const { return schema + QStringLiteral(" in ") + database.place(); }
};

/// NotFound where there is no event store, Unsupported where it is of a newer version of this program, the server of too old
/// a version of PostgreSQL, or a standby, which does not know of open transactions. All throw ThrownError.
[[nodiscard]] std::unique_ptr<StoreConnection> openForLooking(const postgres::Options &options, const postgres::Database::CancelledCheck &isCancelled = {});
[[nodiscard]] std::unique_ptr<StoreConnection> openForWriting(const postgres::Options &options, bool mayCreate,
                                                              const postgres::Database::CancelledCheck &isCancelled = {});

} // namespace connectors::pgstore
