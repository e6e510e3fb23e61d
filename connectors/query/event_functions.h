// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/position.h"

#include <string_view>

struct sqlite3;
struct sqlite3_context;
struct sqlite3_value;

namespace connectors::query {

class EventInHand;

/// Text in the batch's arena, which outlives the statement's step: not copied.
void resultStableText(sqlite3_context *context, std::string_view text);
/// Text where it is UTF-8, else a blob. Not copied.
void resultBytes(sqlite3_context *context, std::string_view bytes);
/// The headers as a JSON list of pairs in order: `[["name","value"],…]`; null, or `{"base64":…}` where it is not UTF-8.
void resultHeaders(sqlite3_context *context, const EventInHand &event);

/// The text of an argument, valid while the function runs.
[[nodiscard]] std::string_view argumentText(sqlite3_value *value);
void resultError(sqlite3_context *context, const QString &message);

/// Adds `header(BODY, 'name')` (the first of that name), `ago('15m')`, and the collations `decimal` and `eventtime`.
/// `now` is what ago() counts back from and must outlive the connection.
void addEventFunctions(sqlite3 *database, const EpochMs *now);

} // namespace connectors::query
