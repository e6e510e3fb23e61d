// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/query/condition_words.h"

#include <QRegularExpression>

#include <algorithm>

namespace connectors::query {

namespace {

struct Wording {
    const char *pattern; ///< of SQLite's message; its first group is what it is about
    const char *message; ///< %1 is the first group
    const char *advice;
};

constexpr const char *ColumnsAdvice =
    "The columns are stream, partition, position, time, key, eventId, eventType, aggregateId, timestamp, correlationId, causationId,"
    " version, size, headers, payload. Text stands in single quotes; the body's members are field('/name').";

constexpr Wording wordings[] = {
    {"^no such column: (.*)$", "There is no column “%1”.", ColumnsAdvice},
    {"^no such function: (.*)$", "There is no function “%1”.", "Beside SQLite's own there are field('/pointer'), header('name') and ago('15m')."},
    {"^no such table: (.*)$", "There is no table “%1”: a condition can only look at the event.", ""},
    {"^wrong number of arguments to function (.*)\\(\\)$", "“%1” has another number of arguments.",
     "field('/pointer'), header('name') and ago('15m') take one."},
    {"^not authorized to use function: (.*)$", "The function “%1” cannot be used in a condition.",
     "Only functions that depend on nothing but their arguments can."},
    {"^access to (.*) is prohibited$", "A condition cannot look at “%1”.", "It can only look at the event."},
    {"^not authorized$", "A condition can only look at the event.", ""},
    {"^misuse of aggregate(?:: |\\sfunction )(.*?)\\(?\\)?$", "“%1” needs many events, but a condition is about one.", ""},
    {"^near \"(.*)\": syntax error$", "“%1” was not expected here.", ""},
};

/// The first token that is called what the message names, for errors without a place.
std::optional<Token> tokenNamed(const Condition &condition, const QString &name)
{
    const std::string wanted = name.section(u'.', -1).toLower().toStdString();
    const auto found = std::find_if(condition.tokens().cbegin(), condition.tokens().cend(),
                                    [&](const Token &token) { return !wanted.empty() && nameOf(condition.source(), token) == wanted; });
    return found == condition.tokens().cend() ? std::nullopt : std::optional(*found);
}

} // namespace

ConditionError wordsOf(const Condition &condition, const QString &sqliteMessage, int statementOffset)
{
    ConditionError error;
    if (statementOffset >= 0)
        error = condition.placeOf(statementOffset);
    if (condition.isAfterEnd(statementOffset)) {
        error.message = QStringLiteral("The condition ends too early.");
        return error;
    }
    for (const Wording &wording : wordings) {
        const auto match = QRegularExpression(QString::fromUtf8(wording.pattern), QRegularExpression::DotMatchesEverythingOption).match(sqliteMessage);
        if (!match.hasMatch())
            continue;
        const QString subject = match.captured(1);
        error.message = QString::fromUtf8(wording.message).replace(u"%1"_qs, subject);
        error.advice = QString::fromUtf8(wording.advice);
        if (const auto token = statementOffset < 0 ? tokenNamed(condition, subject) : std::nullopt) {
            const ConditionError place = condition.placeOf(*token);
            error.offset = place.offset;
            error.length = place.length;
        }
        return error;
    }
    error.message = QStringLiteral("The condition cannot be evaluated: %1.").arg(sqliteMessage);
    return error;
}

} // namespace connectors::query
