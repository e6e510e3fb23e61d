// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/sqlite/database.h"

#include <memory>

namespace connectors::eventstore {

/// Format of the file that this program writes; kept in PRAGMA user_version and in the `store` table.
/// 2 has the table of snapshots; a file of version 1 is read as it is.
inline constexpr int SchemaVersion = 2;

/// Opens the store for looking: mode=ro, nothing changes, not even side files stay behind (see closeLooking).
/// Errors say plainly what is there instead of a store of ours.
[[nodiscard]] std::unique_ptr<sqlite::Database> openForLooking(const QString &path);

/// Opens the store for writing, creating file and schema where `mayCreate` and nothing is there. Several programs may
/// do so at the same moment: one creates, the others find it made. A file of an older version is brought to SchemaVersion, in
/// one transaction, so that the older program that meets it says that it is of a newer one.
[[nodiscard]] std::unique_ptr<sqlite::Database> openForWriting(const QString &path, bool mayCreate);

/// Removes the -wal and -shm files that only looking has left. SQLite itself does it, under its own locks, as the
/// last connection that could write closes; it does nothing while another program has the store open.
void removeIdleSideFiles(const QString &path);

/// Fails where the file was deleted, or another one is in its place, since it was opened.
void requireUnmoved(const sqlite::Database &database);

/// The store's own UUID.
[[nodiscard]] QString storeId(sqlite::Database &database);

} // namespace connectors::eventstore
