// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/pgstore/store_connection.h"
#include "connectors/position.h"

#include <optional>

namespace connectors::pgstore {

/// Up to where a store can be read without missing anything.
///
/// Transactions take positions in one order and end in another, so a later event may be visible before an earlier one.
/// It would be wrong to read below the oldest running transaction's id instead (pg_snapshot_xmin): two transactions that take
/// positions in turn have both an event above one of the other's, and whichever ends first would hide the other's; and a
/// long transaction that appends nothing, in another database even, would hold all readers back.
/// Here every appending transaction shows, in an advisory lock, the lowest position that it may have taken. Let E be the next
/// position, then (later) L the lowest of these locks, then (later still) S a snapshot. An event at a position p < min(E, L) that S does
/// not show will never be there: its position was taken before E was read, so its transaction had its lock at p or below by then;
/// it was gone when L was read, so the transaction had ended, and S is younger. Cost: one look at the lock table.
struct StoreHead {
    qint64 start = 1;    ///< the first position; `end` where the store is empty
    qint64 safeHead = 1; ///< below it nothing will be added any more
    qint64 end = 1;      ///< after the last event that can be seen now
    EpochMs now = 0;     ///< by the server's clock
};

/// Not within a Transaction of Kind::Read, whose snapshot would be older; statements that read events come after it.
[[nodiscard]] StoreHead readHead(StoreConnection &store);

/// Who holds the safe head back: "process 4711, user shop, application billing, since 2026-03-01T12:00:00Z". The server tells
/// the last two only to those who may read all statistics. Empty: nobody any more.
[[nodiscard]] QString holderOf(StoreConnection &store);

/// What a read says where events wait behind an open transaction; empty where none do.
[[nodiscard]] QString heldBackNote(StoreConnection &store, const StoreHead &head);

} // namespace connectors::pgstore
