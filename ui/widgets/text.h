// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/position.h"
#include "connectors/result.h"

#include <QDateTime>
#include <QString>

/// Words for numbers, durations, times and text from outside, the same everywhere, in the user's locale.
namespace ui::widgets::text {

[[nodiscard]] QString exact(qint64 value);          ///< 1,204,311
[[nodiscard]] QString number(qint64 value);         ///< 1,204 · 12.4 k · 3.1 M; give exact() as the tool tip
[[nodiscard]] QString number(std::optional<qint64> value); ///< "–" for null
[[nodiscard]] QString rate(double perSecond);       ///< 0 · 0.3 · 41 · 1.2 k
[[nodiscard]] QString bytes(qint64 value);          ///< 420 B · 12.4 kB · 3.1 MB
[[nodiscard]] QString duration(qint64 milliseconds); ///< 830 ms · 4.2 s · 3 min 10 s · 2 d 4 h
[[nodiscard]] QString clock(qint64 milliseconds);   ///< 0:04 · 12:31 · 3:02:17, for remaining time
/// Times are written in the local zone or in UTC, for the whole program, as QLocale::setDefault() is. GUI thread only; what is
/// shown already stays until it is written anew.
enum class TimeZone { Local, Utc };
void setTimeZone(TimeZone zone);
[[nodiscard]] TimeZone timeZone();
[[nodiscard]] QDateTime dateTime(connectors::EpochMs time); ///< in the zone that is shown
[[nodiscard]] QString localTime(connectors::EpochMs time); ///< 2026-03-01 12:01:04.220 in the zone that is shown
[[nodiscard]] QString utcTime(connectors::EpochMs time);   ///< RFC 3339 with milliseconds and Z; the tool tip of localTime()
[[nodiscard]] QString shortTime(connectors::EpochMs time); ///< 12:01:04

/// Text from a broker for one line of a widget: control and bidirectional characters shown as escapes, cut at `limit`.
/// It is still plain text: never give it to anything that guesses at rich text (tool tips: toolTip()).
[[nodiscard]] QString untrusted(const QString &text, int limit = 200);
/// Untrusted text for a tool tip, which Qt would otherwise take for rich text when it looks like it.
[[nodiscard]] QString toolTip(const QString &text, int limit = 2000);
/// An id shortened in the middle: 6513270e…b0c1.
[[nodiscard]] QString shortId(const QString &id, int length = 12);
/// An error for a widget: message and advice, escaped and cut.
[[nodiscard]] QString error(const connectors::Error &error);

} // namespace ui::widgets::text
