// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/event/event_cache.h"

#include <QString>

#include <stop_token>

/// Texts made of an event, for showing and copying. All of these may take long for a large body: not on the GUI thread.
namespace ui::event {

/// So much of a body is shown as text at once; the rest is in the hex view, in copies and in exports.
inline constexpr qsizetype ShownTextBytes = 1024 * 1024;
inline constexpr qsizetype LongestLine = 4000;

struct ShownText {
    QString text;
    QString note; ///< what was left out or cannot be shown as it is; empty when nothing
};

/// The body for people: JSON with a line a value and every token as it was written; anything else as it is. Lines are cut
/// and the whole is cut, so that showing it is quick.
[[nodiscard]] ShownText prettyText(const models::event::CachedEvent &event, const std::stop_token &stop);

/// A page of a body that is not there as a whole: as it is, but for characters that the page's ends cut through.
[[nodiscard]] QString pageText(const QByteArray &page);

/// A JSON text, known to be valid and at most 512 levels deep, with two spaces a level. Numbers and strings stay as they
/// are. Ends early once `limit` characters were made.
[[nodiscard]] QByteArray indentedJson(std::string_view json, qsizetype limit, const std::stop_token &stop);

/// Bytes as text: invalid UTF-8 becomes U+FFFD, control and bidirectional characters (but line ends and tabs) escapes.
[[nodiscard]] QString shownBytes(std::string_view bytes);

/// The event as Markdown: a table of the envelope and the body in a fence. The body is cut at 64 KiB.
[[nodiscard]] QString markdown(const models::event::CachedEvent &event);

} // namespace ui::event
