// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/envelope/envelope_mapping.h"
#include "connectors/event_batch.h"
#include "connectors/json_text.h"

namespace connectors::envelope {

/// Finds the envelope of an event in its body and headers. Not thread-safe: one for each thread.
class EnvelopeDecoder final
{
public:
    /// With the built-in mappings.
    EnvelopeDecoder();
    explicit EnvelopeDecoder(std::vector<EnvelopeMapping> mappings);

    /// Fills format, size where it is not set, the envelope's fields and schemaVersion of a record whose payload and headers
    /// are in the builder's arena. Fields become slices of the payload where nothing is escaped there, else of new bytes.
    /// One pass over the body, linear.
    void decode(EventBatchBuilder &builder, EventRecord &record);

private:
    struct Value {
        std::string_view text; ///< as it stands in the arena; for strings of the body without the quotes
        bool isEscaped = false;
    };

    [[nodiscard]] BodyFormat readBody(std::string_view payload);
    [[nodiscard]] std::optional<Value> value(const FieldSource &source) const;
    [[nodiscard]] std::optional<Value> firstValue(const std::vector<FieldSource> &sources) const;
    [[nodiscard]] bool matches(const EnvelopeMapping &mapping) const;

    std::vector<EnvelopeMapping> m_mappings;
    // of the event in hand
    std::vector<json::Member> m_members;
    std::vector<Header> m_headers;
};

} // namespace connectors::envelope
