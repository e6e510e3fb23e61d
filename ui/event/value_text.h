// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/event/event_column.h"

/// Words for the columns and values of events, the same in the table, in the panel and in menus.
namespace ui::event {

[[nodiscard]] QString columnTitle(const models::event::EventColumn &column);
/// Ids and keys differ at either end: they are cut in the middle.
[[nodiscard]] bool isId(const models::event::EventColumn &column);
/// One line, escaped and cut; "–" for a value that the event does not have. Ids are shortened in the middle if wanted.
[[nodiscard]] QString valueWords(const models::event::EventColumn &column, const QVariant &value, bool isShortened);
/// The exact value for a tool tip, as plain text: a time in UTC, a size in bytes, an id whole.
[[nodiscard]] QString exactWords(const models::event::EventColumn &column, const QVariant &value);
/// "orders 3:1204".
[[nodiscard]] QString addressWords(const connectors::EventAddress &address);
/// A link that opens the Streams page at the event, and what prints the event in a shell.
[[nodiscard]] QString linkTo(const QString &connection, const connectors::EventAddress &address);
[[nodiscard]] QString commandFor(const QString &connection, const connectors::EventAddress &address);
/// A text as one word of a POSIX shell.
[[nodiscard]] QString shellQuoted(const QString &text);

} // namespace ui::event
