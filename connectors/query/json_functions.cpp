// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/query/json_functions.h"

#include "connectors/query/decimal.h"
#include "connectors/query/event_columns.h"
#include "connectors/query/event_functions.h"
#include "connectors/query/event_in_hand.h"
#include "connectors/query/json_path.h"

#include <sqlite3.h>

#include <charconv>

namespace connectors::query {

namespace {

constexpr unsigned JsonSubtype = 74; // what SQLite's own functions mark JSON text with

JsonFunctions &functionsOf(sqlite3_context *context)
{
    return *static_cast<JsonFunctions *>(sqlite3_user_data(context));
}

struct Subject {
    std::string_view json;
    bool isStable = false; ///< in the batch, which outlives the step; else gone when the function returns
};

/// What a function is asked about: the body in hand, or a text that the condition has made.
std::optional<Subject> subjectOf(sqlite3_context *context, sqlite3_value *value)
{
    if (auto *event = static_cast<EventInHand *>(sqlite3_value_pointer(value, BodyPointer))) {
        const auto body = event->json();
        return body ? std::optional(Subject{*body, true}) : std::nullopt;
    }
    if (sqlite3_value_type(value) == SQLITE_NULL)
        return std::nullopt;
    const bool isKnown = sqlite3_value_subtype(value) == JsonSubtype;
    const std::string_view text = argumentText(value);
    if (!isKnown && json::check(text) != json::Verdict::Valid) {
        functionsOf(context).event->setProblem(QStringLiteral("What is taken for JSON is not JSON."));
        return std::nullopt;
    }
    return Subject{text, false};
}

void resultText(sqlite3_context *context, std::string_view text, bool isStable)
{
    sqlite3_result_text64(context, text.data(), text.size(), isStable ? SQLITE_STATIC : SQLITE_TRANSIENT, SQLITE_UTF8);
}

void resultNumber(sqlite3_context *context, std::string_view number, bool isStable)
{
    const char *end = number.data() + number.size();
    if (number.find_first_of(".eE") == std::string_view::npos) {
        qint64 integer = 0;
        if (std::from_chars(number.data(), end, integer).ec == std::errc()) {
            sqlite3_result_int64(context, integer);
            return;
        }
    }
    if (isBeyond63Bits(number)) {
        resultText(context, number, isStable);
        return;
    }
    double real = 0;
    if (number.front() == '-' && isBeyond63Bits(number.substr(1)))
        real = functionsOf(context).negatives->valueOf(number.substr(1));
    else if (std::from_chars(number.data(), end, real).ec != std::errc())
        real = 0; // too small to be told from 0
    sqlite3_result_double(context, real);
}

void resultJson(sqlite3_context *context, std::string_view value)
{
    const std::string text = json::minified(value);
    resultText(context, text, false);
    sqlite3_result_subtype(context, JsonSubtype);
}

/// As SQL value: numbers and texts as such, true and false as 1 and 0, null as NULL, the rest as JSON.
void resultValue(sqlite3_context *context, std::string_view value, bool isStable)
{
    switch (json::kindOf(value)) {
    case json::Kind::Number: resultNumber(context, value, isStable); return;
    case json::Kind::Boolean: sqlite3_result_int(context, value.front() == 't' ? 1 : 0); return;
    case json::Kind::Null: return;
    case json::Kind::Object:
    case json::Kind::Array: resultJson(context, value); return;
    case json::Kind::String: break;
    }
    if (json::hasEscape(value))
        resultText(context, json::unquoted(value), false);
    else
        resultText(context, value.substr(1, value.size() - 2), isStable);
}

/// Without the white space around it, which resultNumber and resultValue do not expect.
std::string_view trimmed(std::string_view value)
{
    constexpr std::string_view space = " \t\r\n";
    value.remove_prefix(std::min(value.find_first_not_of(space), value.size()));
    value.remove_suffix(value.size() - std::min(value.find_last_not_of(space) + 1, value.size()));
    return value;
}

/// Null after a malformed path, for which the error is set.
PathUse *pathOf(sqlite3_context *context, sqlite3_value *argument, int index, PathSyntax syntax)
{
    if (auto *known = static_cast<PathUse *>(sqlite3_get_auxdata(context, index)))
        return known;
    const std::string_view text = argumentText(argument);
    PathUse *use = functionsOf(context).paths->use(syntax, text);
    if (!use) {
        const QString path = QString::fromUtf8(text.data(), std::ssize(text));
        resultError(context, syntax == PathSyntax::Pointer ? QStringLiteral("'%1' is no JSON Pointer: write '/name/0'").arg(path)
                                                           : QStringLiteral("'%1' is no JSON path: write '$.name[0]'").arg(path));
        return nullptr;
    }
    if (functionsOf(context).paths->isKept(use))
        sqlite3_set_auxdata(context, index, use, nullptr); // only lives on where the argument is constant
    return use;
}

std::optional<std::string_view> lookUp(const Subject &subject, PathUse &path)
{
    ++path.lookedUp;
    auto found = json::find(subject.json, path.steps);
    if (!found)
        return std::nullopt;
    found = trimmed(*found);
    ++path.found;
    if (json::kindOf(*found) == json::Kind::String)
        ++path.texts;
    return found;
}

void field(sqlite3_context *context, int, sqlite3_value **arguments)
{
    PathUse *path = pathOf(context, arguments[1], 1, PathSyntax::Pointer);
    if (!path)
        return;
    const auto subject = subjectOf(context, arguments[0]);
    const auto found = subject ? lookUp(*subject, *path) : std::nullopt;
    if (found)
        resultValue(context, *found, subject->isStable);
}

template<bool isAsJson>
void arrow(sqlite3_context *context, int, sqlite3_value **arguments)
{
    const int type = sqlite3_value_type(arguments[1]);
    if (type == SQLITE_NULL)
        return;
    PathUse element;
    PathUse *path = &element;
    if (type == SQLITE_INTEGER)
        element.steps = elementPath(sqlite3_value_int64(arguments[1]));
    else if (path = pathOf(context, arguments[1], 1, PathSyntax::Operand); !path)
        return;
    const auto subject = subjectOf(context, arguments[0]);
    const auto found = subject ? lookUp(*subject, *path) : std::nullopt;
    if (!found)
        return;
    if (isAsJson)
        resultJson(context, *found);
    else
        resultValue(context, *found, subject->isStable);
}

/// With several paths: a JSON list of what is there.
void extract(sqlite3_context *context, int count, sqlite3_value **arguments)
{
    if (count < 2)
        return;
    const auto subject = subjectOf(context, arguments[0]);
    std::string list = "[";
    for (int i = 1; i < count; ++i) {
        if (sqlite3_value_type(arguments[i]) == SQLITE_NULL)
            return;
        PathUse *path = pathOf(context, arguments[i], i, PathSyntax::SqlitePath);
        if (!path)
            return;
        const auto found = subject ? lookUp(*subject, *path) : std::nullopt;
        if (count == 2) {
            if (found)
                resultValue(context, *found, subject->isStable);
            return;
        }
        list += i > 1 ? "," : "";
        list += found ? json::minified(*found) : std::string("null");
    }
    if (subject)
        resultJson(context, list + ']');
}

void negative(sqlite3_context *context, int, sqlite3_value **arguments)
{
    sqlite3_result_double(context, functionsOf(context).negatives->valueOf(argumentText(arguments[0])));
}

} // namespace

void addJsonFunctions(sqlite3 *database, JsonFunctions *functions)
{
    constexpr int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS | SQLITE_SUBTYPE;
    const auto add = [=](const char *name, int arguments, void (*function)(sqlite3_context *, int, sqlite3_value **)) {
        sqlite3_create_function_v2(database, name, arguments, flags, functions, function, nullptr, nullptr, nullptr);
    };
    add("field", 2, field);
    add("->", 2, arrow<true>);
    add("->>", 2, arrow<false>);
    add("json_extract", -1, extract);
    add("negative_", 1, negative);
}

} // namespace connectors::query
