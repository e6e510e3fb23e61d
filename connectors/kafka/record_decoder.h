// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/envelope/envelope_decoder.h"
#include "connectors/event_batch.h"

#include <librdkafka/rdkafka.h>

namespace connectors::kafka {

/// The record without key, headers and body; not yet added.
[[nodiscard]] EventRecord placeAndTimeOf(EventBatchBuilder &builder, const rd_kafka_message_t &message, const QString &stream);

/// Copies records of librdkafka into batches. Not thread-safe: one for each thread.
class RecordDecoder final
{
public:
    /// Key, headers and body as they are; with `withEnvelope` also format and envelope.
    EventRecord &add(EventBatchBuilder &builder, const rd_kafka_message_t &message, const QString &stream, bool withEnvelope);

private:
    [[nodiscard]] Slice addHeaders(EventBatchBuilder &builder, const rd_kafka_message_t &message);

    envelope::EnvelopeDecoder m_envelopes;
    std::vector<Header> m_headers; ///< of the record in hand
};

/// The body is in no known format: it is there, and not one JSON text of at most 512 levels. One pass, copies nothing.
[[nodiscard]] bool isUndecodable(const rd_kafka_message_t &message);
[[nodiscard]] constexpr bool isUndecodable(BodyFormat format)
{
    return format == BodyFormat::NotJson || format == BodyFormat::JsonTooDeep;
}

} // namespace connectors::kafka
