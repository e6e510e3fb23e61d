// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

struct sqlite3;

namespace connectors::query {

class EventInHand;

/// Makes the table `event` known: the events of the batch that `event` has, from its firstRow() on. It has at most one
/// cursor, which is `event` itself. Equality of a text column with a text is checked here, before SQLite sees the event.
/// `event` must outlive the connection.
void addEventTable(sqlite3 *database, EventInHand *event);

} // namespace connectors::query
