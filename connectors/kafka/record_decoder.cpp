// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/kafka/record_decoder.h"

#include "connectors/kafka/record_bytes.h"

namespace connectors::kafka {

EventRecord placeAndTimeOf(EventBatchBuilder &builder, const rd_kafka_message_t &message, const QString &stream)
{
    EventRecord record;
    record.stream = builder.internStream(stream);
    record.partition = message.partition;
    record.position = message.offset;
    rd_kafka_timestamp_type_t timeType = RD_KAFKA_TIMESTAMP_NOT_AVAILABLE;
    const qint64 time = rd_kafka_message_timestamp(&message, &timeType);
    if (timeType != RD_KAFKA_TIMESTAMP_NOT_AVAILABLE)
        record.time = time;
    return record;
}

EventRecord &RecordDecoder::add(EventBatchBuilder &builder, const rd_kafka_message_t &message, const QString &stream, bool withEnvelope)
{
    EventRecord record = placeAndTimeOf(builder, message, stream);
    if (message.payload) {
        record.payload = builder.addBytes(viewOf(message.payload, message.len));
        record.size = static_cast<qint64>(message.len);
    }
    if (message.key)
        record.key = builder.addBytes(viewOf(message.key, message.key_len));
    record.headers = addHeaders(builder, message);
    if (withEnvelope)
        m_envelopes.decode(builder, record);
    return builder.add(record);
}

Slice RecordDecoder::addHeaders(EventBatchBuilder &builder, const rd_kafka_message_t &message)
{
    rd_kafka_headers_t *headers = nullptr;
    if (rd_kafka_message_headers(&message, &headers) != RD_KAFKA_RESP_ERR_NO_ERROR)
        return {};
    m_headers.clear();
    const char *name = nullptr;
    const void *value = nullptr;
    size_t size = 0;
    for (size_t i = 0; rd_kafka_header_get_all(headers, i, &name, &value, &size) == RD_KAFKA_RESP_ERR_NO_ERROR; ++i)
        m_headers.push_back({name, viewOf(value, size), value == nullptr});
    return builder.addHeaders(m_headers);
}

bool isUndecodable(const rd_kafka_message_t &message)
{
    const std::string_view body = viewOf(message.payload, message.len);
    return !body.empty() && json::check(body) != json::Verdict::Valid;
}

} // namespace connectors::kafka
