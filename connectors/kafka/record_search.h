// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/event_reader.h"
#include "connectors/kafka/byte_search.h"

#include <librdkafka/rdkafka.h>

namespace connectors::kafka {

/// The two halves of an exact search: mayMatch() looks only at a record's raw bytes and rules nearly everything out before
/// anything is copied; matches() decides on what was decoded. mayMatch() never rules out what matches() would accept: a
/// value stands in the bytes as it is unless it is escaped, so a body with a backslash always passes.
class RecordSearch final
{
public:
    explicit RecordSearch(const ExactSearch &search);

    [[nodiscard]] bool mayMatch(const rd_kafka_message_t &message) const;
    /// The same for a record without headers.
    [[nodiscard]] bool mayMatch(std::optional<std::string_view> key, std::string_view body) const;
    [[nodiscard]] bool matches(const EventBatch &batch, qsizetype row) const;

private:
    [[nodiscard]] bool isInHeaders(const rd_kafka_message_t &message) const;
    [[nodiscard]] bool isAnywhere(const EventBatch &batch, qsizetype row) const;

    SearchField m_field;
    ByteSearch m_search;
};

} // namespace connectors::kafka
