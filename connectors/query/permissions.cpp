// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/query/permissions.h"

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

namespace connectors::query {

namespace {

constexpr int MaxValueBytes = 16 * 1024 * 1024;
constexpr int MaxConditionBytes = 100'000;
constexpr int MaxLikePatternBytes = 1000; // matching takes pattern × text

constexpr std::array<std::string_view, 90> pureFunctions = {
    "->", "->>", "abs", "acos", "acosh", "ago", "asin", "asinh", "atan", "atan2", "atanh", "avg", "ceil", "ceiling", "char", "coalesce",
    "concat", "concat_ws", "cos", "cosh", "count", "date", "datetime", "degrees", "exp", "field", "floor", "format", "glob", "group_concat",
    "header", "hex", "ifnull", "iif", "instr", "json", "json_array", "json_array_length", "json_extract", "json_group_array",
    "json_group_object", "json_object", "json_quote", "json_type", "json_valid", "julianday", "length", "like", "likelihood", "likely", "ln",
    "log", "log10", "log2", "lower", "ltrim", "max", "min", "mod", "negative_", "nullif", "octet_length", "pi", "pow", "power", "printf", "quote",
    "radians", "replace", "round", "rtrim", "sign", "sin", "sinh", "sqrt", "strftime", "substr", "substring", "sum", "tan", "tanh", "time",
    "total", "trim", "trunc", "typeof", "unicode", "unixepoch", "unlikely", "upper",
};

int authorize(void *, int action, const char *first, const char *second, const char *, const char *)
{
    const auto isOneOf = [](const auto &names, const char *name) {
        std::string lower(name ? name : "");
        std::transform(lower.begin(), lower.end(), lower.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
        return std::find(names.begin(), names.end(), lower) != names.end();
    };
    constexpr std::array<std::string_view, 4> tables = {"event", "json_each", "json_tree", ""}; // "": the rows of a subquery
    switch (action) {
    case SQLITE_SELECT: return SQLITE_OK;
    case SQLITE_READ: return isOneOf(tables, first) ? SQLITE_OK : SQLITE_DENY;
    case SQLITE_FUNCTION: return isOneOf(pureFunctions, second) ? SQLITE_OK : SQLITE_DENY;
    default: return SQLITE_DENY;
    }
}

} // namespace

void restrictToReading(sqlite3 *database)
{
    sqlite3_limit(database, SQLITE_LIMIT_LENGTH, MaxValueBytes);
    sqlite3_limit(database, SQLITE_LIMIT_SQL_LENGTH, MaxConditionBytes * 2); // with what we add to the condition
    sqlite3_limit(database, SQLITE_LIMIT_LIKE_PATTERN_LENGTH, MaxLikePatternBytes);
    sqlite3_limit(database, SQLITE_LIMIT_ATTACHED, 0);
    sqlite3_db_config(database, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    sqlite3_db_config(database, SQLITE_DBCONFIG_DQS_DML, 0, nullptr);
    sqlite3_db_config(database, SQLITE_DBCONFIG_DQS_DDL, 0, nullptr);
    sqlite3_db_config(database, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, nullptr);
    sqlite3_set_authorizer(database, authorize, nullptr);
}

} // namespace connectors::query
