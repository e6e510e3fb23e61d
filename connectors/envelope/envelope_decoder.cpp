// SPDX-License-Identifier: GPL-3.0-or-later

#include "connectors/envelope/envelope_decoder.h"

#include "connectors/envelope/builtin_mappings.h"

#include <algorithm>
#include <charconv>

namespace connectors::envelope {

namespace {

std::vector<EnvelopeMapping> builtinMappings()
{
    std::vector<EnvelopeMapping> mappings;
    for (const std::string_view text : builtinMappingTexts()) {
        auto mapping = parseMapping(text);
        Q_ASSERT_X(mapping.has_value(), "builtinMappings", mapping ? "" : qPrintable(mapping.error().message));
        mappings.push_back(std::move(*mapping));
    }
    return mappings;
}

qint64 toNumber(std::string_view text)
{
    qint64 number = 0;
    const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc() && stop == text.data() + text.size() ? number : NoNumber;
}

} // namespace

EnvelopeDecoder::EnvelopeDecoder()
    : EnvelopeDecoder(builtinMappings())
{
}

EnvelopeDecoder::EnvelopeDecoder(std::vector<EnvelopeMapping> mappings)
    : m_mappings(std::move(mappings))
{
}

BodyFormat EnvelopeDecoder::readBody(std::string_view payload)
{
    m_members.clear();
    const json::Verdict verdict = json::check(payload, &m_members);
    if (verdict == json::Verdict::Valid)
        return BodyFormat::Json;
    m_members.clear(); // a truncated body has no envelope
    return verdict == json::Verdict::TooDeep ? BodyFormat::JsonTooDeep : BodyFormat::NotJson;
}

std::optional<EnvelopeDecoder::Value> EnvelopeDecoder::value(const FieldSource &source) const
{
    if (source.isHeader) {
        const auto header = std::find_if(m_headers.cbegin(), m_headers.cend(),
                                         [&source](const Header &candidate) { return !candidate.isNull && candidate.name == source.name; });
        if (header == m_headers.cend())
            return std::nullopt;
        if (!source.isTraceId)
            return Value{header->value};
        constexpr size_t TraceIdAt = 3;
        constexpr size_t TraceIdLength = 32;
        constexpr size_t TraceparentLength = 55;
        return header->value.size() >= TraceparentLength ? std::optional(Value{header->value.substr(TraceIdAt, TraceIdLength)}) : std::nullopt;
    }
    const auto member = std::find_if(m_members.cbegin(), m_members.cend(), [&source](const json::Member &candidate) { return candidate.name == source.name; });
    if (member == m_members.cend())
        return std::nullopt;
    switch (json::kindOf(member->value)) {
    case json::Kind::String: {
        const std::string_view inner = member->value.substr(1, member->value.size() - 2);
        return Value{inner, json::hasEscape(inner)};
    }
    case json::Kind::Number:
        return Value{member->value};
    default:
        return std::nullopt;
    }
}

std::optional<EnvelopeDecoder::Value> EnvelopeDecoder::firstValue(const std::vector<FieldSource> &sources) const
{
    for (const FieldSource &source : sources)
        if (auto found = value(source))
            return found;
    return std::nullopt;
}

bool EnvelopeDecoder::matches(const EnvelopeMapping &mapping) const
{
    return firstValue(mapping.when).has_value();
}

void EnvelopeDecoder::decode(EventBatchBuilder &builder, EventRecord &record)
{
    const std::string_view payload = builder.text(record.payload);
    if (record.size < 0 && !record.payload.isNull())
        record.size = static_cast<qint64>(payload.size());
    m_members.clear();
    m_headers = record.headers.isNull() ? std::vector<Header>() : builder.headersOf(record.headers);
    record.format = record.payload.isNull() ? BodyFormat::Null : payload.empty() ? BodyFormat::Empty : readBody(payload);

    const auto mapping = std::find_if(m_mappings.cbegin(), m_mappings.cend(), [this](const EnvelopeMapping &candidate) { return matches(candidate); });
    if (mapping == m_mappings.cend())
        return;
    // First everything is looked up, then bytes are added: adding may move the arena under the views.
    const char *arena = payload.data() ? payload.data() - record.payload.offset : builder.text(record.headers).data() - record.headers.offset;
    struct Found {
        Slice EventRecord::*field;
        std::optional<Value> value;
    };
    const auto at = [&](Field field) { return firstValue(mapping->fields[static_cast<size_t>(field)]); };
    Found found[] = {{&EventRecord::eventId, at(Field::EventId)},         {&EventRecord::eventType, at(Field::EventType)},
                     {&EventRecord::aggregateId, at(Field::AggregateId)}, {&EventRecord::timestamp, at(Field::Timestamp)},
                     {&EventRecord::correlationId, at(Field::CorrelationId)}, {&EventRecord::causationId, at(Field::CausationId)}};
    if (const auto version = at(Field::Version))
        record.version = toNumber(version->text);
    if (const auto schemaVersion = at(Field::SchemaVersion))
        record.schemaVersion = toNumber(schemaVersion->text);
    std::vector<std::pair<Slice EventRecord::*, std::string>> unescaped;
    for (const Found &entry : found) {
        if (!entry.value)
            continue;
        if (entry.value->isEscaped)
            unescaped.emplace_back(entry.field, json::unquoted('"' + std::string(entry.value->text) + '"'));
        else
            record.*entry.field = {static_cast<quint32>(entry.value->text.data() - arena), static_cast<quint32>(entry.value->text.size())};
    }
    for (const auto &[field, text] : unescaped)
        record.*field = builder.addBytes(text);
}

} // namespace connectors::envelope
