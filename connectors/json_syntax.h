// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

/// What RFC 8259 calls white space and digits; shared by what checks a text and what walks through it.
namespace connectors::json {

[[nodiscard]] inline bool isSpace(char c)
{
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

[[nodiscard]] inline bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

} // namespace connectors::json
