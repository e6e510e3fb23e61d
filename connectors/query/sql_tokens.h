// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace connectors::query {

enum class TokenKind { Word, QuotedName, String, Blob, Number, Operator, Open, Close, Comma, Dot, Semicolon, Parameter, Bad };

struct Token {
    TokenKind kind = TokenKind::Bad;
    size_t begin = 0; ///< bytes of the text: [begin, end)
    size_t end = 0;
};

/// SQLite's tokens without white space and comments. What SQLite would not accept as a token, or only at the end of the
/// text (a string or a comment that is never closed, a NUL), is one Bad token that reaches to the end. Linear.
[[nodiscard]] std::vector<Token> tokensOf(std::string_view sql);

[[nodiscard]] inline std::string_view textOf(std::string_view sql, const Token &token)
{
    return sql.substr(token.begin, token.end - token.begin);
}
/// A name or keyword in lower case, quotes removed; empty for other tokens.
[[nodiscard]] std::string nameOf(std::string_view sql, const Token &token);
/// The value of a String token.
[[nodiscard]] std::string stringValueOf(std::string_view sql, const Token &token);

} // namespace connectors::query
