// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/query/sql_tokens.h"

#include <algorithm>
#include <array>

namespace connectors::query {

namespace {

bool isSpace(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r';
}

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

bool isWordStart(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}

bool isWordPart(char c)
{
    return isWordStart(c) || isDigit(c) || c == '$';
}

char toLower(char c)
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

class Tokenizer final
{
public:
    explicit Tokenizer(std::string_view sql)
        : m_sql(sql)
    {
    }

    std::vector<Token> run()
    {
        std::vector<Token> tokens;
        while (true) {
            const size_t bad = skipSpaceAndComments();
            if (bad != std::string_view::npos) {
                tokens.push_back({TokenKind::Bad, bad, m_sql.size()});
                return tokens;
            }
            if (m_at >= m_sql.size())
                return tokens;
            Token token{TokenKind::Bad, m_at, m_at};
            token.kind = next();
            token.end = token.kind == TokenKind::Bad ? m_sql.size() : m_at;
            tokens.push_back(token);
            if (token.kind == TokenKind::Bad)
                return tokens;
        }
    }

private:
    char at(size_t index) const { return index < m_sql.size() ? m_sql[index] : '\0'; }

    /// Where a comment starts that is never closed; else npos.
    size_t skipSpaceAndComments()
    {
        while (m_at < m_sql.size()) {
            if (isSpace(m_sql[m_at])) {
                ++m_at;
            } else if (m_sql.substr(m_at, 2) == "--") {
                m_at = std::min(m_sql.find('\n', m_at), m_sql.size());
            } else if (m_sql.substr(m_at, 2) == "/*") {
                const size_t close = m_sql.find("*/", m_at + 2);
                if (close == std::string_view::npos)
                    return m_at;
                m_at = close + 2;
            } else {
                break;
            }
        }
        return std::string_view::npos;
    }

    TokenKind next()
    {
        const char c = m_sql[m_at];
        if ((c == 'x' || c == 'X') && at(m_at + 1) == '\'') {
            ++m_at;
            return quoted('\'') ? TokenKind::Blob : TokenKind::Bad;
        }
        if (isWordStart(c))
            return word();
        if (isDigit(c) || (c == '.' && isDigit(at(m_at + 1))))
            return number();
        switch (c) {
        case '\'': return quoted('\'') ? TokenKind::String : TokenKind::Bad;
        case '"': return quoted('"') ? TokenKind::QuotedName : TokenKind::Bad;
        case '`': return quoted('`') ? TokenKind::QuotedName : TokenKind::Bad;
        case '[': return quoted(']') ? TokenKind::QuotedName : TokenKind::Bad;
        case '(': return single(TokenKind::Open);
        case ')': return single(TokenKind::Close);
        case ',': return single(TokenKind::Comma);
        case '.': return single(TokenKind::Dot);
        case ';': return single(TokenKind::Semicolon);
        case '?':
        case ':':
        case '@':
        case '#':
        case '$': return single(TokenKind::Parameter);
        default: return operation();
        }
    }

    TokenKind single(TokenKind kind)
    {
        ++m_at;
        return kind;
    }

    TokenKind word()
    {
        while (m_at < m_sql.size() && isWordPart(m_sql[m_at]))
            ++m_at;
        return TokenKind::Word;
    }

    TokenKind number()
    {
        if (m_sql[m_at] == '0' && toLower(at(m_at + 1)) == 'x') {
            m_at += 2;
            return word() == TokenKind::Word ? TokenKind::Number : TokenKind::Bad;
        }
        const auto digits = [this] {
            while (isDigit(at(m_at)))
                ++m_at;
        };
        digits();
        if (at(m_at) == '.') {
            ++m_at;
            digits();
        }
        const size_t afterSign = m_at + (at(m_at + 1) == '+' || at(m_at + 1) == '-' ? 2 : 1);
        if (toLower(at(m_at)) == 'e' && isDigit(at(afterSign))) {
            m_at = afterSign;
            digits();
        }
        while (m_at < m_sql.size() && isWordPart(m_sql[m_at])) // SQLite refuses such a number; newer ones know 1_000
            ++m_at;
        return TokenKind::Number;
    }

    /// From the opening quote; a doubled closing quote stands for itself (not in brackets).
    bool quoted(char close)
    {
        ++m_at;
        while (m_at < m_sql.size() && m_sql[m_at] != '\0') {
            if (m_sql[m_at++] != close)
                continue;
            if (close == ']' || at(m_at) != close)
                return true;
            ++m_at;
        }
        return false;
    }

    TokenKind operation()
    {
        constexpr std::array<std::string_view, 22> operators = {"->>", "->", "<<", ">>", "<=", ">=", "<>", "==", "!=", "||", "<",
                                                                ">",   "=",  "+",  "-",  "*",  "/",  "%",  "&",  "|",  "~",  "!"};
        for (const std::string_view candidate : operators) {
            if (m_sql.substr(m_at, candidate.size()) == candidate) {
                m_at += candidate.size();
                return candidate == "!" ? TokenKind::Bad : TokenKind::Operator;
            }
        }
        return TokenKind::Bad;
    }

    std::string_view m_sql;
    size_t m_at = 0;
};

std::string withoutQuotes(std::string_view quoted)
{
    const char close = quoted.back();
    std::string value;
    for (size_t i = 1; i + 1 < quoted.size(); ++i) {
        value.push_back(quoted[i]);
        if (quoted[i] == close && close != ']')
            ++i;
    }
    return value;
}

} // namespace

std::vector<Token> tokensOf(std::string_view sql)
{
    return Tokenizer(sql).run();
}

std::string nameOf(std::string_view sql, const Token &token)
{
    std::string name;
    if (token.kind == TokenKind::Word)
        name = textOf(sql, token);
    else if (token.kind == TokenKind::QuotedName)
        name = withoutQuotes(textOf(sql, token));
    std::transform(name.begin(), name.end(), name.begin(), toLower);
    return name;
}

std::string stringValueOf(std::string_view sql, const Token &token)
{
    return token.kind == TokenKind::String ? withoutQuotes(textOf(sql, token)) : std::string();
}

} // namespace connectors::query
