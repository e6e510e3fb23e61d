// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/json_string.h"

#include "connectors/json_text.h"

#include <charconv>
#include <cstdint>

namespace connectors::json {

namespace {

void appendUtf8(std::string *out, uint32_t code)
{
    const auto push = [out](uint32_t byte) { out->push_back(static_cast<char>(byte)); };
    if (code < 0x80) {
        push(code);
    } else if (code < 0x800) {
        push(0xC0 | (code >> 6));
        push(0x80 | (code & 0x3F));
    } else if (code < 0x10000) {
        push(0xE0 | (code >> 12));
        push(0x80 | ((code >> 6) & 0x3F));
        push(0x80 | (code & 0x3F));
    } else {
        push(0xF0 | (code >> 18));
        push(0x80 | ((code >> 12) & 0x3F));
        push(0x80 | ((code >> 6) & 0x3F));
        push(0x80 | (code & 0x3F));
    }
}

uint32_t hexAt(std::string_view text, size_t at)
{
    uint32_t value = 0;
    std::from_chars(text.data() + at, text.data() + at + 4, value, 16);
    return value;
}

/// The code point of the \u escape at `at`; advances it. A lone surrogate gives U+FFFD.
uint32_t unicodeEscape(std::string_view text, size_t *at)
{
    const uint32_t first = hexAt(text, *at + 2);
    *at += 6;
    if (first < 0xD800 || first > 0xDFFF)
        return first;
    if (first <= 0xDBFF && *at + 6 <= text.size() && text[*at] == '\\' && text[*at + 1] == 'u') {
        const uint32_t second = hexAt(text, *at + 2);
        if (second >= 0xDC00 && second <= 0xDFFF) {
            *at += 6;
            return 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00);
        }
    }
    return 0xFFFD;
}

} // namespace

std::string unescaped(std::string_view inner)
{
    std::string out;
    out.reserve(inner.size());
    for (size_t at = 0; at < inner.size();) {
        if (inner[at] != '\\') {
            out.push_back(inner[at++]);
            continue;
        }
        const char kind = inner[at + 1];
        if (kind == 'u') {
            appendUtf8(&out, unicodeEscape(inner, &at));
            continue;
        }
        constexpr std::string_view from = "bfnrt";
        constexpr std::string_view to = "\b\f\n\r\t";
        const size_t known = from.find(kind);
        out.push_back(known == std::string_view::npos ? kind : to[known]);
        at += 2;
    }
    return out;
}

std::string unquoted(std::string_view stringValue)
{
    const std::string_view inner = stringValue.substr(1, stringValue.size() - 2);
    return hasEscape(inner) ? unescaped(inner) : std::string(inner);
}

} // namespace connectors::json
