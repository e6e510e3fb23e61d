// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/event_batch.h"
#include "connectors/read_model.h"
#include "models/projection/upcaster.h"

namespace models::projection {

/// What one event does to one row.
struct RowChange {
    Rule::Action action = Rule::Action::Upsert;
    size_t table = 0;
    std::vector<std::string> key;                       ///< one a key column
    std::vector<std::pair<size_t, connectors::Cell>> set;           ///< column, value
    std::vector<std::pair<size_t, std::string>> add;    ///< column, number
    qint64 position = 0;                                ///< of the event, rankOffset included
    qint64 rankOffset = 0;
};

/// Where the envelope of events is: whether a member “data” of the body is the content, or belongs to it.
enum class EnvelopeIn {
    Events, ///< in the body or the headers, so that the members of the body tell
    Columns ///< of an event store, which keeps the rest of a native event as the body
};

/// What stands under /data in the normal form: that of a native event, else the whole body. `payload`: valid JSON.
[[nodiscard]] std::string_view contentOf(std::string_view payload, EnvelopeIn envelope);

/// Applies a projection's rules to events, each brought to the newest schema version before. Not thread-safe. The file must outlive this.
class RuleApplier final
{
public:
    explicit RuleApplier(const ProjectionFile &file, EnvelopeIn envelope = EnvelopeIn::Events);

    /// Of one event, in the order of the rules; none where no rule knows its type. Unreadable names the event and what in it does not
    /// fit. `rankOffset`: see connectors::SourcePosition.
    [[nodiscard]] connectors::Result<std::vector<RowChange>> changesOf(const connectors::EventBatch &batch, qsizetype row, qint64 rankOffset = 0);
    [[nodiscard]] bool knows(std::string_view eventType) const { return m_file.rules.contains(eventType); }

private:
    struct Event;
    [[nodiscard]] connectors::Result<void> addChange(const Event &event, const Rule &rule, std::string_view element, std::vector<RowChange> *changes) const;

    const ProjectionFile &m_file;
    const EnvelopeIn m_envelope;
    const Upcaster m_upcaster;
};

} // namespace models::projection
