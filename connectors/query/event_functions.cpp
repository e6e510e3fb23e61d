// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/query/event_functions.h"

#include "connectors/json_text.h"
#include "connectors/query/decimal.h"
#include "connectors/query/event_columns.h"
#include "connectors/query/event_in_hand.h"
#include "connectors/query/time_text.h"

#include <sqlite3.h>

#include <algorithm>

namespace connectors::query {

namespace {

void appendJsonString(std::string *out, std::string_view text)
{
    constexpr std::string_view hex = "0123456789abcdef";
    out->push_back('"');
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            out->push_back('\\');
            out->push_back(c);
        } else if (byte < 0x20) {
            out->append("\\u00").push_back(hex[byte >> 4]);
            out->push_back(hex[byte & 15]);
        } else {
            out->push_back(c);
        }
    }
    out->push_back('"');
}

void appendHeaderPart(std::string *out, std::string_view bytes)
{
    if (json::isUtf8(bytes)) {
        appendJsonString(out, bytes);
        return;
    }
    const QByteArray base64 = QByteArray::fromRawData(bytes.data(), static_cast<qsizetype>(bytes.size())).toBase64();
    out->append(R"({"base64":")").append(base64.constData(), static_cast<size_t>(base64.size())).append("\"}");
}

void header(sqlite3_context *context, int, sqlite3_value **arguments)
{
    const auto *event = static_cast<const EventInHand *>(sqlite3_value_pointer(arguments[0], BodyPointer));
    if (!event)
        return;
    const std::string_view name = argumentText(arguments[1]);
    const std::vector<Header> headers = event->batch().headers(event->row());
    const auto found = std::find_if(headers.cbegin(), headers.cend(), [name](const Header &candidate) { return candidate.name == name; });
    if (found != headers.cend() && !found->isNull)
        resultBytes(context, found->value);
}

void ago(sqlite3_context *context, int, sqlite3_value **arguments)
{
    const std::string_view text = argumentText(arguments[0]);
    const auto duration = parseDuration(text);
    if (!duration) {
        resultError(context, QStringLiteral("ago('%1') is no duration: write 15m, 2h or 7d").arg(QString::fromUtf8(text.data(), std::ssize(text))));
        return;
    }
    const FixedTime time = fixedTime(*static_cast<const EpochMs *>(sqlite3_user_data(context)) - *duration);
    sqlite3_result_text(context, time.data(), static_cast<int>(time.size()), SQLITE_TRANSIENT);
}

template<int (*compare)(std::string_view, std::string_view)>
int collate(void *, int leftSize, const void *left, int rightSize, const void *right)
{
    return compare({static_cast<const char *>(left), static_cast<size_t>(leftSize)}, {static_cast<const char *>(right), static_cast<size_t>(rightSize)});
}

} // namespace

void resultStableText(sqlite3_context *context, std::string_view text)
{
    sqlite3_result_text64(context, text.data() ? text.data() : "", text.size(), SQLITE_STATIC, SQLITE_UTF8);
}

void resultBytes(sqlite3_context *context, std::string_view bytes)
{
    if (json::isUtf8(bytes))
        resultStableText(context, bytes);
    else
        sqlite3_result_blob64(context, bytes.data(), bytes.size(), SQLITE_STATIC);
}

void resultHeaders(sqlite3_context *context, const EventInHand &event)
{
    std::string text = "[";
    for (const Header &header : event.batch().headers(event.row())) {
        text += text.size() > 1 ? ",[" : "[";
        appendHeaderPart(&text, header.name);
        text += ',';
        if (header.isNull)
            text += "null";
        else
            appendHeaderPart(&text, header.value);
        text += ']';
    }
    text += ']';
    sqlite3_result_text64(context, text.data(), text.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
}

std::string_view argumentText(sqlite3_value *value)
{
    const auto *text = reinterpret_cast<const char *>(sqlite3_value_text(value));
    return text ? std::string_view(text, static_cast<size_t>(sqlite3_value_bytes(value))) : std::string_view();
}

void resultError(sqlite3_context *context, const QString &message)
{
    const QByteArray utf8 = message.toUtf8();
    sqlite3_result_error(context, utf8.constData(), static_cast<int>(utf8.size()));
}

void addEventFunctions(sqlite3 *database, const EpochMs *now)
{
    constexpr int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS;
    sqlite3_create_function_v2(database, "header", 2, flags, nullptr, header, nullptr, nullptr, nullptr);
    sqlite3_create_function_v2(database, "ago", 1, flags, const_cast<EpochMs *>(now), ago, nullptr, nullptr, nullptr);
    sqlite3_create_collation_v2(database, "decimal", SQLITE_UTF8, nullptr, collate<compareTextsOrDecimals>, nullptr);
    sqlite3_create_collation_v2(database, "eventtime", SQLITE_UTF8, nullptr, collate<compareTimes>, nullptr);
}

} // namespace connectors::query
