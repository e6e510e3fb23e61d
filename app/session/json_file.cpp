// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/session/json_file.h"

#include "app/session/translation.h"

namespace session {

using Json = nlohmann::ordered_json;

namespace {

constexpr int MaxDepth = 32;
constexpr qint64 MaxFileBytes = 4 * 1024 * 1024;

} // namespace

int lineOf(const QByteArray &text, size_t byte)
{
    return static_cast<int>(text.left(static_cast<qsizetype>(byte)).count('\n')) + 1;
}

tl::expected<Json, QString> readJson(QFile &file, QByteArray *text)
{
    const QByteArray bytes = file.read(MaxFileBytes + 1); // what is no file has no size, and may have no end
    if (bytes.size() > MaxFileBytes)
        return tl::unexpected(tr("it is larger than 4 MiB."));
    if (text)
        *text = bytes;
    bool isTooDeep = false;
    const auto depthGuard = [&isTooDeep](int depth, Json::parse_event_t, Json &) {
        isTooDeep = isTooDeep || depth > MaxDepth;
        return depth <= MaxDepth;
    };
    Json document;
    try {
        document = Json::parse(bytes.cbegin(), bytes.cend(), depthGuard);
    } catch (const Json::parse_error &error) {
        return tl::unexpected(tr("line %1 is not JSON.").arg(lineOf(bytes, error.byte)));
    }
    if (isTooDeep)
        return tl::unexpected(tr("it is nested too deeply."));
    return document;
}

} // namespace session
