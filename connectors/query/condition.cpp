// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/query/condition.h"

#include "connectors/query/decimal.h"
#include "connectors/query/event_columns.h"
#include "connectors/query/time_text.h"

#include <algorithm>

namespace connectors::query {

namespace {

constexpr qsizetype MaxConditionLength = 100'000;
constexpr std::string_view Begin = "SELECT rowid FROM event WHERE (\n";
constexpr std::string_view End = "\n)"; // on a line of its own, lest a comment swallow it

const std::string &eventBody()
{
    static const std::string text = std::string("event.") + BodyColumn + " COLLATE decimal";
    return text;
}

qsizetype utf16Length(std::string_view utf8)
{
    return QString::fromUtf8(utf8.data(), std::ssize(utf8)).size();
}

bool isComparison(std::string_view text)
{
    constexpr std::string_view comparisons[] = {"=", "==", "<", "<=", ">", ">=", "<>", "!="};
    return std::find(std::begin(comparisons), std::end(comparisons), text) != std::end(comparisons);
}

QString shown(std::string_view text)
{
    return QString::fromUtf8(text.data(), std::ssize(text));
}

} // namespace

tl::expected<Condition, ConditionError> Condition::parse(const QString &where)
{
    if (where.size() > MaxConditionLength)
        return tl::unexpected(ConditionError{QStringLiteral("The condition is longer than %1 characters.").arg(MaxConditionLength), {}, 0, 0});
    Condition condition;
    condition.m_source = where.toStdString();
    condition.m_tokens = tokensOf(condition.m_source);
    if (const auto problem = condition.problem())
        return tl::unexpected(*problem);
    condition.write();
    condition.findComparedPaths();
    return condition;
}

std::optional<ConditionError> Condition::problem() const
{
    const auto error = [this](const Token &token, const QString &message, const QString &advice = {}) {
        ConditionError made = placeOf(token);
        made.message = message;
        made.advice = advice;
        return made;
    };
    if (m_tokens.empty())
        return ConditionError{QStringLiteral("The condition is empty."), QStringLiteral("Write for example: eventType = 'OrderPlaced'."), 0, 0};
    std::vector<size_t> open;
    for (size_t i = 0; i < m_tokens.size(); ++i) {
        const Token &token = m_tokens[i];
        const std::string_view text = textOf(m_source, token);
        if (token.kind == TokenKind::Bad && (text.front() == '\'' || text.front() == '"' || text.starts_with("/*")))
            return error(token, QStringLiteral("What begins here is never closed: %1").arg(shown(text.substr(0, 20))));
        if (token.kind == TokenKind::Bad)
            return error({token.kind, token.begin, token.begin + 1}, QStringLiteral("This character has no meaning in a condition."));
        if (token.kind == TokenKind::Semicolon)
            return error(token, QStringLiteral("A condition is one expression: nothing can follow a semicolon."));
        if (token.kind == TokenKind::Parameter)
            return error(token, QStringLiteral("A condition has no parameters."), QStringLiteral("Write text in single quotes: 'like this'."));
        if (token.kind == TokenKind::Open) {
            open.push_back(i);
        } else if (token.kind == TokenKind::Close) {
            if (open.empty())
                return error(token, QStringLiteral("This parenthesis closes none."));
            open.pop_back();
        } else if (const std::string name = nameOf(m_source, token); name == BodyColumn || name == "negative_") {
            return error(token, QStringLiteral("There is no “%1”.").arg(shown(text)));
        } else if (name == "event" && (i + 1 == m_tokens.size() || m_tokens[i + 1].kind != TokenKind::Dot)) {
            return error(token, QStringLiteral("A condition is about one event: it cannot select from the others."));
        }
        if (const auto callProblem = problemOfCall(i))
            return callProblem;
    }
    if (!open.empty())
        return error(m_tokens[open.back()], QStringLiteral("This parenthesis is never closed."));
    return std::nullopt;
}

/// Arguments written as text can be checked before there is an event.
std::optional<ConditionError> Condition::problemOfCall(size_t index) const
{
    const auto argument = [this](size_t at) { return at < m_tokens.size() && m_tokens[at].kind == TokenKind::String ? &m_tokens[at] : nullptr; };
    const auto error = [this](const Token &token, const QString &message, const QString &advice) {
        ConditionError made = placeOf(token);
        made.message = message.arg(shown(stringValueOf(m_source, token)));
        made.advice = advice;
        return made;
    };
    if (const Token *pointer = isCall(index, "field") ? argument(index + 2) : nullptr; pointer && !json::parsePointer(stringValueOf(m_source, *pointer)))
        return error(*pointer, QStringLiteral("“%1” is no JSON Pointer."), QStringLiteral("Write it with a slash before each name: '/data/amount'."));
    if (const Token *duration = isCall(index, "ago") ? argument(index + 2) : nullptr; duration && !parseDuration(stringValueOf(m_source, *duration)))
        return error(*duration, QStringLiteral("“%1” is no duration."), QStringLiteral("Write for example '15m', '2h' or '7d'."));
    if (const Token *path = isOperator(index, "->") || isOperator(index, "->>") ? argument(index + 1) : nullptr) {
        const std::string text = stringValueOf(m_source, *path);
        if (text.starts_with('$') && !parseJsonPath(text))
            return error(*path, QStringLiteral("“%1” is no JSON path."), QStringLiteral("Write for example '$.lines[0].price'."));
    }
    return std::nullopt;
}

void Condition::write()
{
    m_statement = Begin;
    size_t copied = 0;
    for (size_t i = 0; i < m_tokens.size();) {
        copy(copied, m_tokens[i].begin); // white space and comments
        const size_t next = writeToken(i);
        copied = m_tokens[next - 1].end;
        i = next;
    }
    copy(copied, m_source.size());
    m_statement += End;
}

/// Writes the token, or what stands in its place; returns the index of the next one to write.
size_t Condition::writeToken(size_t index)
{
    const Token &token = m_tokens[index];
    if (isCall(index, "field") || isCall(index, "header")) {
        copy(token.begin, m_tokens[index + 1].end);
        const bool hasArguments = m_tokens[index + 2].kind != TokenKind::Close;
        if (hasArguments)
            m_statement += eventBody() + ", ";
        return index + 2;
    }
    const size_t column = isName(index, "event") ? index + 2 : index;
    const bool isArgument = index >= 2 && isCall(index - 2, "json_extract") && column + 1 < m_tokens.size() && m_tokens[column + 1].kind == TokenKind::Comma;
    const bool isSubject = isOperator(column + 1, "->") || isOperator(column + 1, "->>") || isArgument;
    if (isName(column, "payload") && isSubject) {
        m_statement += eventBody();
        return column + 1;
    }
    if (isOperator(index, "-") && isSign(index) && isBigNumber(index + 1)) {
        const Token &number = m_tokens[index + 1];
        m_negativeNumbers.emplace_back(textOf(m_source, number));
        m_statement += "negative_('";
        copy(number.begin, number.end);
        m_statement += "')";
        return index + 2;
    }
    if (isBigNumber(index)) {
        m_statement += "('";
        copy(token.begin, token.end);
        m_statement += "' COLLATE decimal)";
        return index + 1;
    }
    copy(token.begin, token.end);
    return index + 1;
}

void Condition::copy(size_t begin, size_t end)
{
    if (begin == end)
        return;
    m_pieces.push_back({m_statement.size(), begin, end - begin});
    m_statement.append(m_source, begin, end - begin);
}

ConditionError Condition::placeOf(const Token &token) const
{
    const std::string_view source = m_source;
    return {{}, {}, utf16Length(source.substr(0, token.begin)), utf16Length(source.substr(token.begin, token.end - token.begin))};
}

ConditionError Condition::placeOf(int statementOffset) const
{
    const auto offset = static_cast<size_t>(std::max(statementOffset, 0));
    size_t source = 0;
    for (const Piece &piece : m_pieces) {
        if (piece.statementBegin > offset)
            break;
        source = piece.sourceBegin + std::min(offset - piece.statementBegin, piece.length);
    }
    const auto token = std::find_if(m_tokens.cbegin(), m_tokens.cend(), [source](const Token &candidate) { return source >= candidate.begin && source < candidate.end; });
    if (token != m_tokens.cend())
        return placeOf(*token);
    return {{}, {}, utf16Length(std::string_view(m_source).substr(0, source)), 0};
}

bool Condition::isAfterEnd(int statementOffset) const
{
    return statementOffset >= 0 && static_cast<size_t>(statementOffset) >= m_statement.size() - End.size();
}

bool Condition::isBigNumber(size_t index) const
{
    return index < m_tokens.size() && m_tokens[index].kind == TokenKind::Number && isBeyond63Bits(textOf(m_source, m_tokens[index]));
}

/// True for a minus or plus that has nothing on its left to be taken from.
bool Condition::isSign(size_t index) const
{
    if (index == 0)
        return true;
    const Token &before = m_tokens[index - 1];
    switch (before.kind) {
    case TokenKind::Operator:
    case TokenKind::Open:
    case TokenKind::Comma: return true;
    case TokenKind::Word: break;
    default: return false;
    }
    constexpr std::string_view keywords[] = {"and", "between", "by", "case", "else", "from", "glob", "having", "in",   "is",
                                             "like", "limit", "not", "offset", "on", "or", "select", "then", "when", "where"};
    return std::find(std::begin(keywords), std::end(keywords), nameOf(m_source, before)) != std::end(keywords);
}

bool Condition::isName(size_t index, std::string_view name) const
{
    return index < m_tokens.size() && nameOf(m_source, m_tokens[index]) == name;
}

bool Condition::isCall(size_t index, std::string_view name) const
{
    return isName(index, name) && index + 2 < m_tokens.size() && m_tokens[index + 1].kind == TokenKind::Open;
}

bool Condition::isOperator(size_t index, std::string_view text) const
{
    return index < m_tokens.size() && m_tokens[index].kind == TokenKind::Operator && textOf(m_source, m_tokens[index]) == text;
}

/// The number that the value ending before (or beginning at) `index` is compared with.
std::optional<std::string> Condition::numberAt(size_t index, bool isBefore) const
{
    const auto at = [this](size_t i) { return i < m_tokens.size() ? textOf(m_source, m_tokens[i]) : std::string_view(); };
    const auto isNumber = [this](size_t i) { return i < m_tokens.size() && m_tokens[i].kind == TokenKind::Number; };
    if (isBefore) {
        if (index < 2 || !isComparison(at(index - 1)) || !isNumber(index - 2))
            return std::nullopt;
        return std::string(at(index - 2));
    }
    if (!isComparison(at(index)))
        return std::nullopt;
    const bool isSigned = at(index + 1) == "-" || at(index + 1) == "+";
    const size_t number = isSigned ? index + 2 : index + 1;
    return isNumber(number) ? std::optional((isSigned ? std::string(at(index + 1)) : std::string()) + std::string(at(number))) : std::nullopt;
}

void Condition::findComparedPaths()
{
    const auto add = [this](PathSyntax syntax, const Token &path, const std::optional<std::string> &number) {
        if (number)
            m_compared.push_back({syntax, stringValueOf(m_source, path), *number});
    };
    for (size_t i = 0; i + 1 < m_tokens.size(); ++i) {
        const bool isField = isCall(i, "field") && m_tokens[i + 2].kind == TokenKind::String && i + 3 < m_tokens.size()
            && m_tokens[i + 3].kind == TokenKind::Close;
        if (isField) {
            const auto after = numberAt(i + 4, false);
            add(PathSyntax::Pointer, m_tokens[i + 2], after ? after : numberAt(i, true));
        }
        if (isOperator(i, "->>") && m_tokens[i + 1].kind == TokenKind::String) {
            const auto after = numberAt(i + 2, false);
            add(PathSyntax::Operand, m_tokens[i + 1], after || i == 0 ? after : numberAt(i - 1, true));
        }
    }
}

} // namespace connectors::query
