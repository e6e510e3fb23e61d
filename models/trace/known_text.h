// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/trace/trace.h"
#include "models/trace/trace_search.h"

namespace models::trace {

/// What a text that somebody typed looks like before anything was searched.
enum class TextShape { Nothing, Address, Id, Words };

struct KnownText {
    TextShape shape = TextShape::Nothing;
    std::optional<connectors::EventAddress> address; ///< of TextShape::Address
};

/// Reads `orders/3@1204` (as traces are exported), `orders 3:1204` (as tables and letters are copied) and `orders@1204` (partition 0)
/// as an address, a UUID or another word of hexadecimal digits as an id.
[[nodiscard]] KnownText understand(const QString &text);

/// As what a found trace knows the text: the envelope's field that equals it, else Text.
[[nodiscard]] KnownAs foundAs(const Trace &trace, const QString &text);

} // namespace models::trace
