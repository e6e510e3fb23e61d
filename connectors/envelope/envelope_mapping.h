// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/result.h"

#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace connectors::envelope {

enum class Field { EventId, EventType, AggregateId, Timestamp, Version, CorrelationId, CausationId, SchemaVersion };
inline constexpr size_t FieldCount = 8;

/// Where a field's value stands: a member at the top of the body, or a header; with part "trace-id" characters 3 to 34 of a
/// W3C traceparent.
struct FieldSource {
    bool isHeader = false;
    std::string name;
    bool isTraceId = false;
};

/// Which header or member feeds which field of the envelope, and when: one file of resources/envelopes.
struct EnvelopeMapping {
    std::string name;
    std::vector<FieldSource> when; ///< any of these present
    std::array<std::vector<FieldSource>, FieldCount> fields; ///< the first source that is present counts
};

/// InvalidInput names the place of the mistake.
[[nodiscard]] Result<EnvelopeMapping> parseMapping(std::string_view json);

} // namespace connectors::envelope
