// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/kafka/record_search.h"

#include "connectors/json_text.h"
#include "connectors/kafka/record_bytes.h"

#include <cstring>

namespace connectors::kafka {

RecordSearch::RecordSearch(const ExactSearch &search)
    : m_field(search.field)
    , m_search(search.values)
{
}

bool RecordSearch::mayMatch(const rd_kafka_message_t &message) const
{
    const auto key = message.key ? std::optional(viewOf(message.key, message.key_len)) : std::nullopt;
    return mayMatch(key, viewOf(message.payload, message.len)) || (m_field != SearchField::Key && isInHeaders(message));
}

bool RecordSearch::mayMatch(std::optional<std::string_view> key, std::string_view body) const
{
    if (m_field == SearchField::Key)
        return key && m_search.isOneOf(*key);
    if (m_search.isIn(body) || (!body.empty() && std::memchr(body.data(), '\\', body.size())))
        return true;
    return m_field == SearchField::Anywhere && key && m_search.isIn(*key);
}

bool RecordSearch::isInHeaders(const rd_kafka_message_t &message) const
{
    rd_kafka_headers_t *headers = nullptr;
    if (rd_kafka_message_headers(&message, &headers) != RD_KAFKA_RESP_ERR_NO_ERROR)
        return false;
    const char *name = nullptr;
    const void *value = nullptr;
    size_t size = 0;
    for (size_t i = 0; rd_kafka_header_get_all(headers, i, &name, &value, &size) == RD_KAFKA_RESP_ERR_NO_ERROR; ++i) {
        if (m_search.isIn(viewOf(value, size)) || (m_field == SearchField::Anywhere && m_search.isIn(name)))
            return true;
    }
    return false;
}

bool RecordSearch::matches(const EventBatch &batch, qsizetype row) const
{
    const EventRecord &record = batch.record(row);
    const auto equals = [&](Slice slice) { return !slice.isNull() && m_search.isOneOf(batch.text(slice)); };
    switch (m_field) {
    case SearchField::EventId: return equals(record.eventId);
    case SearchField::CorrelationId: return equals(record.correlationId);
    case SearchField::AggregateId: return equals(record.aggregateId);
    case SearchField::CausationId: return equals(record.causationId);
    case SearchField::Key: return equals(record.key);
    case SearchField::Anywhere: return isAnywhere(batch, row);
    }
    return false;
}

bool RecordSearch::isAnywhere(const EventBatch &batch, qsizetype row) const
{
    const EventRecord &record = batch.record(row);
    const std::string_view body = batch.text(record.payload);
    if (m_search.isIn(batch.text(record.key)) || m_search.isIn(body))
        return true;
    for (const Header &header : batch.headers(row)) {
        if (m_search.isIn(header.name) || m_search.isIn(header.value))
            return true;
    }
    // A person looks for the text, however the body has it escaped.
    return record.format == BodyFormat::Json && json::hasEscape(body) && m_search.isIn(json::unquoted('"' + std::string(body) + '"'));
}

} // namespace connectors::kafka
