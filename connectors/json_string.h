// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace connectors::json {

/// The inside of a checked string, without its quotes, escapes resolved; a lone surrogate becomes U+FFFD.
[[nodiscard]] std::string unescaped(std::string_view inner);

} // namespace connectors::json
