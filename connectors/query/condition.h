// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/query/condition_error.h"
#include "connectors/query/json_path.h"
#include "connectors/query/sql_tokens.h"

#include <tl/expected.hpp>

namespace connectors::query {

/// A condition that is closed in itself (balanced parentheses, nothing open, nothing after it), and the statement made of
/// it. The statement differs where SQLite would not do what is meant: `field(…)`, `header(…)` and `payload ->` get a handle
/// of the event instead of its bytes, numbers beyond 63 bits become texts that compare as decimals.
class Condition final
{
public:
    [[nodiscard]] static tl::expected<Condition, ConditionError> parse(const QString &where);

    [[nodiscard]] const std::string &source() const { return m_source; }
    [[nodiscard]] const std::vector<Token> &tokens() const { return m_tokens; }
    [[nodiscard]] const std::string &statement() const { return m_statement; }
    /// The place of the source that SQLite's byte offset into the statement belongs to, as an error without words.
    [[nodiscard]] ConditionError placeOf(int statementOffset) const;
    [[nodiscard]] ConditionError placeOf(const Token &token) const;
    /// True where the offset is after the condition: SQLite wanted more.
    [[nodiscard]] bool isAfterEnd(int statementOffset) const;

    /// The numbers below −2^63 that stand there, without the minus.
    [[nodiscard]] const std::vector<std::string> &negativeNumbers() const { return m_negativeNumbers; }

    struct ComparedPath {
        PathSyntax syntax;
        std::string path;
        std::string number; ///< as written
    };
    /// Paths whose value is compared with a number that stands there; so a text found there is always the greater one.
    [[nodiscard]] const std::vector<ComparedPath> &comparedPaths() const { return m_compared; }

private:
    Condition() = default;
    struct Piece { ///< of the statement, copied from the source
        size_t statementBegin;
        size_t sourceBegin;
        size_t length;
    };
    [[nodiscard]] std::optional<ConditionError> problem() const;
    [[nodiscard]] std::optional<ConditionError> problemOfCall(size_t index) const;
    void write();
    size_t writeToken(size_t index);
    void copy(size_t begin, size_t end);
    void findComparedPaths();
    [[nodiscard]] bool isCall(size_t index, std::string_view name) const;
    [[nodiscard]] bool isOperator(size_t index, std::string_view text) const;
    [[nodiscard]] bool isSign(size_t index) const;
    [[nodiscard]] bool isBigNumber(size_t index) const;
    [[nodiscard]] bool isName(size_t index, std::string_view name) const;
    [[nodiscard]] std::optional<std::string> numberAt(size_t index, bool isBefore) const;

    std::string m_source;
    std::vector<Token> m_tokens;
    std::string m_statement;
    std::vector<Piece> m_pieces;
    std::vector<ComparedPath> m_compared;
    std::vector<std::string> m_negativeNumbers;
};

} // namespace connectors::query
