// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

struct sqlite3;

namespace connectors::query {

class EventInHand;
class NegativeNumbers;
class PathUses;

/// What the JSON functions work on; must outlive the connection.
struct JsonFunctions {
    EventInHand *event = nullptr;
    PathUses *paths = nullptr;
    const NegativeNumbers *negatives = nullptr;
};

/// Adds `field(BODY, '/pointer')` and puts our own `->`, `->>` and `json_extract` in the place of SQLite's, whose first body
/// that is not JSON ends the statement. Ours give NULL for it and tell `event`; they take numbers as they are written: what
/// needs more than 63 bits is text, or a chosen double where it is negative (see decimal.h); `negative_('digits')` is that of
/// a number in the condition. Of duplicate names the first counts.
void addJsonFunctions(sqlite3 *database, JsonFunctions *functions);

} // namespace connectors::query
