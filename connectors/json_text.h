// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// JSON as the text it is: checked, searched and minified without ever being parsed into numbers and written again, so that
/// 9007199254740993, 1.10 and duplicate names stay exactly what they were. Nothing here recurses.
namespace connectors::json {

/// What other libraries survive, and far more than a person reads. Containers inside one another.
inline constexpr int MaxDepth = 512;

enum class Verdict { Valid, TooDeep, Invalid };

struct Member {
    std::string_view name;  ///< between the quotes, escapes as they stand
    std::string_view value; ///< the value's whole text
};

/// RFC 8259, one value with white space around it, valid UTF-8; a byte order mark, a NUL or anything after the value is
/// invalid. With `members`, the members of a top-level object are appended (views into `text`). One pass, linear.
[[nodiscard]] Verdict check(std::string_view text, std::vector<Member> *members = nullptr);

/// Strict (RFC 3629): no overlong forms, no surrogates, nothing above U+10FFFF.
[[nodiscard]] bool isUtf8(std::string_view bytes);

// The functions below expect texts that check() found valid, or a value out of one, or the beginning of such a text: then the
// last value may be cut, and ends where the text does.

enum class Kind { Object, Array, String, Number, Boolean, Null };
[[nodiscard]] Kind kindOf(std::string_view value);

/// False from the visitor ends the walk.
void forEachMember(std::string_view object, const std::function<bool(const Member &)> &visit);
void forEachElement(std::string_view array, const std::function<bool(std::string_view)> &visit);

/// One step of a path: a member by (unescaped) name or an element by index; a negative index counts from the end.
struct Step {
    std::string name;
    std::optional<long long> index; ///< null: only a name
};
/// RFC 6901. Null when the pointer is malformed. A token of digits is a name or an index, as the value has it.
[[nodiscard]] std::optional<std::vector<Step>> parsePointer(std::string_view pointer);
/// The value at the path; null where there is none. The first of duplicate names counts.
[[nodiscard]] std::optional<std::string_view> find(std::string_view value, const std::vector<Step> &path);

/// The text of a string value (with its quotes), escapes resolved; a lone surrogate becomes U+FFFD.
[[nodiscard]] std::string unquoted(std::string_view stringValue);
[[nodiscard]] inline bool hasEscape(std::string_view text) { return text.find('\\') != std::string_view::npos; }

/// The same text without white space between tokens.
[[nodiscard]] std::string minified(std::string_view text);

} // namespace connectors::json
