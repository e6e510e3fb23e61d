// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/query/pushdown.h"

#include "connectors/query/condition.h"
#include "connectors/query/time_text.h"

#include <QDateTime>

#include <algorithm>
#include <array>
#include <span>

namespace connectors::query {

namespace {

constexpr EpochMs ClockMargin = 60'000;
using Tokens = std::span<const Token>;

/// Finds the parts of a condition that AND joins at the top, and what the simple ones say. Everything that is not exactly
/// COLUMN OPERATOR LITERAL is passed over.
class Conjunction final
{
public:
    Conjunction(const Condition &condition, EpochMs now)
        : m_source(condition.source())
        , m_now(now)
    {
        std::vector<Tokens> toSplit = {condition.tokens()};
        while (!toSplit.empty()) {
            const Tokens part = withoutParentheses(toSplit.back());
            toSplit.pop_back();
            if (part.size() <= 8) // longer ones are nothing simple
                readSimple(part);
            const std::vector<Tokens> parts = split(part);
            if (parts.size() > 1 || (parts.size() == 1 && parts.front().size() != part.size()))
                toSplit.insert(toSplit.end(), parts.begin(), parts.end());
            else if (part.size() > 8)
                readWords(part);
        }
    }

    Pushdown result() const { return m_found; }

private:
    bool isWord(const Token &token, std::string_view word) const { return token.kind == TokenKind::Word && nameOf(m_source, token) == word; }

    /// +1 where something opens that must close before AND counts again.
    int depthChange(const Token &token) const
    {
        if (token.kind == TokenKind::Open || isWord(token, "case"))
            return 1;
        return token.kind == TokenKind::Close || isWord(token, "end") ? -1 : 0;
    }

    Tokens withoutParentheses(Tokens tokens) const
    {
        while (tokens.size() >= 2 && tokens.front().kind == TokenKind::Open && tokens.back().kind == TokenKind::Close) {
            int depth = 0;
            for (const Token &token : tokens.first(tokens.size() - 1)) {
                depth += depthChange(token);
                if (depth == 0) // the first one closes before the end
                    return tokens;
            }
            tokens = tokens.subspan(1, tokens.size() - 2);
        }
        return tokens;
    }

    /// Nothing where another operator rules: OR, or a BETWEEN, whose AND is its own and takes what follows with it.
    std::vector<Tokens> split(Tokens tokens) const
    {
        std::vector<Tokens> parts;
        int depth = 0;
        size_t begin = 0;
        bool isInBetween = false;
        for (size_t i = 0; i < tokens.size(); ++i) {
            depth += depthChange(tokens[i]);
            if (depth > 0)
                continue;
            if (isWord(tokens[i], "or"))
                return {};
            if (isWord(tokens[i], "between"))
                isInBetween = true;
            else if (isWord(tokens[i], "and") && !std::exchange(isInBetween, false)) {
                parts.push_back(tokens.subspan(begin, i - begin));
                begin = i + 1;
            }
        }
        parts.push_back(tokens.subspan(begin));
        return parts;
    }

    std::string_view text(const Token &token) const { return textOf(m_source, token); }

    /// The column's name at the front, taken off; empty where there is none.
    std::string takeColumn(Tokens *tokens) const
    {
        if (tokens->size() >= 2 && nameOf(m_source, tokens->front()) == "event" && (*tokens)[1].kind == TokenKind::Dot)
            *tokens = tokens->subspan(2);
        if (tokens->empty())
            return {};
        std::string name = nameOf(m_source, tokens->front());
        *tokens = tokens->subspan(1);
        return name;
    }

    void readSimple(Tokens tokens)
    {
        // LITERAL OPERATOR COLUMN is turned round.
        const auto flipped = std::find_if(tokens.begin(), tokens.end(), [](const Token &token) { return token.kind == TokenKind::Operator; });
        if (flipped == tokens.end())
            return readWords(tokens);
        const Tokens left = tokens.first(static_cast<size_t>(flipped - tokens.begin()));
        const Tokens right = tokens.subspan(left.size() + 1);
        const std::string operation(text(*flipped));
        if (isLiteral(right))
            readComparison(left, operation, right);
        else if (isLiteral(left))
            readComparison(right, turned(operation), left);
    }

    static std::string turned(const std::string &operation)
    {
        constexpr std::array<std::pair<std::string_view, std::string_view>, 4> pairs = {{{"<", ">"}, {"<=", ">="}, {">", "<"}, {">=", "<="}}};
        const auto found = std::find_if(pairs.cbegin(), pairs.cend(), [&](const auto &pair) { return pair.first == operation; });
        return found == pairs.cend() ? operation : std::string(found->second);
    }

    bool isLiteral(Tokens tokens) const
    {
        if (tokens.size() == 1)
            return tokens[0].kind == TokenKind::String;
        return tokens.size() == 4 && isWord(tokens[0], "ago") && tokens[1].kind == TokenKind::Open && tokens[2].kind == TokenKind::String
            && tokens[3].kind == TokenKind::Close;
    }

    void readComparison(Tokens column, const std::string &operation, Tokens literal)
    {
        const std::string name = takeColumn(&column);
        if (!column.empty())
            return;
        if (name == "time")
            readTime(operation, literal);
        else if ((operation == "=" || operation == "==") && literal.size() == 1)
            addSearch(name, {stringValueOf(m_source, literal[0])});
    }

    void readTime(const std::string &operation, Tokens literal)
    {
        std::optional<EpochMs> start;
        std::optional<EpochMs> exact;
        if (literal.size() == 4) {
            if (const auto duration = parseDuration(stringValueOf(m_source, literal[2])))
                start = exact = m_now - *duration;
        } else {
            start = parseTimePrefix(stringValueOf(m_source, literal[0]));
            exact = parseTime(stringValueOf(m_source, literal[0]));
        }
        const bool isEqual = operation == "=" || operation == "==";
        if (start && (operation == ">" || operation == ">=" || (isEqual && exact)))
            m_found.from = std::max(m_found.from.value_or(*start), *start);
        const bool isInclusive = isEqual || operation == "<=";
        if (exact && (operation == "<" || isInclusive)) {
            const EpochMs before = isInclusive ? *exact + 1 : *exact;
            m_found.before = std::min(m_found.before.value_or(before), before);
        }
    }

    void readWords(Tokens tokens)
    {
        const std::string name = takeColumn(&tokens);
        if (name == "time" && tokens.size() >= 4 && isWord(tokens[0], "between"))
            readBetween(tokens.subspan(1));
        else
            readList(name, tokens);
    }

    /// time BETWEEN 'a' AND 'b': both are within.
    void readBetween(Tokens tokens)
    {
        const auto isAnd = [this](const Token &token) { return isWord(token, "and"); };
        const auto found = std::find_if(tokens.begin(), tokens.end(), isAnd);
        if (found == tokens.end())
            return;
        const Tokens least = tokens.first(static_cast<size_t>(found - tokens.begin()));
        const Tokens most = tokens.subspan(least.size() + 1);
        if (!isLiteral(least) || !isLiteral(most))
            return;
        readTime(">=", least);
        readTime("<=", most);
    }

    /// COLUMN IN ('a', 'b')
    void readList(const std::string &name, Tokens tokens)
    {
        if (tokens.size() < 4 || !isWord(tokens[0], "in") || tokens[1].kind != TokenKind::Open || tokens.back().kind != TokenKind::Close)
            return;
        std::vector<std::string> values;
        const Tokens list = tokens.subspan(2, tokens.size() - 3);
        for (size_t i = 0; i < list.size(); ++i) {
            if (list[i].kind != (i % 2 == 0 ? TokenKind::String : TokenKind::Comma))
                return;
            if (i % 2 == 0)
                values.push_back(stringValueOf(m_source, list[i]));
        }
        addSearch(name, values);
    }

    void addSearch(const std::string &column, const std::vector<std::string> &values)
    {
        struct Field {
            std::string_view column;
            SearchField field;
        };
        // The rarest first: of several the earlier one is used.
        constexpr std::array<Field, 5> fields = {{{"eventid", SearchField::EventId},
                                                  {"correlationid", SearchField::CorrelationId},
                                                  {"causationid", SearchField::CausationId},
                                                  {"aggregateid", SearchField::AggregateId},
                                                  {"key", SearchField::Key}}};
        const auto found = std::find_if(fields.cbegin(), fields.cend(), [&](const Field &field) { return field.column == column; });
        if (found == fields.cend())
            return;
        ExactSearch search{found->field, {}};
        for (const std::string &value : values)
            search.values.push_back(QByteArray::fromStdString(value));
        if (found->field == SearchField::Key && search.values.size() == 1)
            m_found.key = search.values.front();
        const auto rank = static_cast<size_t>(found - fields.cbegin());
        if (rank >= m_searchRank)
            return;
        m_searchRank = rank;
        m_found.search = std::move(search);
    }

    const std::string &m_source;
    const EpochMs m_now;
    Pushdown m_found;
    size_t m_searchRank = std::numeric_limits<size_t>::max();
};

} // namespace

Pushdown pushdownOf(const Condition &condition, EpochMs now)
{
    return Conjunction(condition, now).result();
}

Pushdown pushdownOf(const QString &where)
{
    const auto condition = Condition::parse(where);
    return condition ? pushdownOf(*condition, QDateTime::currentMSecsSinceEpoch() - ClockMargin) : Pushdown();
}

} // namespace connectors::query
