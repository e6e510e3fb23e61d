// SPDX-License-Identifier: GPL-3.0-or-later

#include "connectors/envelope/envelope_mapping.h"

#include <nlohmann/json.hpp>

namespace connectors::envelope {

namespace {

constexpr std::array<const char *, FieldCount> FieldNames = {"eventId",       "eventType",   "aggregateId", "timestamp", "version",
                                                            "correlationId", "causationId", "schemaVersion"};

Result<FieldSource> parseSource(const nlohmann::json &value, const std::string &place)
{
    const auto wrong = [&place](const QString &what) {
        return failure(ErrorCode::InvalidInput, QStringLiteral("Envelope mapping, %1: %2").arg(QString::fromStdString(place), what),
                       QStringLiteral("Write \"/member\" or \"header:name\", the latter optionally with \"#trace-id\"."));
    };
    if (!value.is_string())
        return wrong(QStringLiteral("not a text."));
    const std::string text = value.get<std::string>();
    constexpr std::string_view Header = "header:";
    constexpr std::string_view TraceId = "#trace-id";
    if (text.rfind(Header, 0) == 0) {
        FieldSource source{true, text.substr(Header.size()), false};
        if (source.name.size() > TraceId.size() && source.name.compare(source.name.size() - TraceId.size(), TraceId.size(), TraceId) == 0) {
            source.name.resize(source.name.size() - TraceId.size());
            source.isTraceId = true;
        }
        return source;
    }
    if (text.size() < 2 || text.front() != '/' || text.find('/', 1) != std::string::npos)
        return wrong(QStringLiteral("“%1” is neither a member at the top of the body nor a header.").arg(QString::fromStdString(text)));
    return FieldSource{false, text.substr(1), false};
}

Result<std::vector<FieldSource>> parseSources(const nlohmann::json &list, const std::string &place)
{
    std::vector<FieldSource> sources;
    for (size_t i = 0; i < list.size(); ++i) {
        auto source = parseSource(list[i], place + "/" + std::to_string(i));
        if (!source)
            return tl::unexpected(source.error());
        sources.push_back(std::move(*source));
    }
    return sources;
}

} // namespace

Result<EnvelopeMapping> parseMapping(std::string_view json)
{
    const nlohmann::json document = nlohmann::json::parse(json, nullptr, false);
    if (!document.is_object() || !document.contains("when") || !document.contains("fields") || !document["fields"].is_object())
        return failure(ErrorCode::InvalidInput, QStringLiteral("An envelope mapping is not a JSON object with “when” and “fields”."));
    EnvelopeMapping mapping;
    mapping.name = document.value("name", std::string());
    auto when = parseSources(document["when"], "/when");
    if (!when)
        return tl::unexpected(when.error());
    mapping.when = std::move(*when);
    for (const auto &[key, list] : document["fields"].items()) {
        const auto known = std::find(FieldNames.begin(), FieldNames.end(), key);
        if (known == FieldNames.end())
            return failure(ErrorCode::InvalidInput, QStringLiteral("Envelope mapping, /fields: “%1” is no field of the envelope.").arg(QString::fromStdString(key)));
        auto sources = parseSources(list, "/fields/" + key);
        if (!sources)
            return tl::unexpected(sources.error());
        mapping.fields[static_cast<size_t>(known - FieldNames.begin())] = std::move(*sources);
    }
    return mapping;
}

} // namespace connectors::envelope
