// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/event/event_list.h"

#include <QVariant>

namespace models::event {

/// What a column of the event table shows. The first ones are in memory with every event, the rest is read again.
struct EventColumn {
    enum class Kind {
        Time, Stream, Partition, Position, Type, Aggregate, Correlation, EventId, Size,
        Key, Causation, Version, Timestamp, Payload,
        Header, ///< `path` is its name
        Field   ///< `path` is a JSON Pointer into the body
    };
    Kind kind = Kind::Time;
    QString path;

    /// "time", "header:trace", "field:/data/amount"; for settings.
    [[nodiscard]] QString key() const;
    [[nodiscard]] static std::optional<EventColumn> fromKey(const QString &key);
    /// How a filter names it: `eventType`, `header('trace')`, `field('/data/amount')`.
    [[nodiscard]] QString filterName() const;
    [[nodiscard]] bool isResident() const { return kind <= Kind::Size; }
    [[nodiscard]] bool isNumber() const;
    bool operator==(const EventColumn &) const = default;
};

/// Every kind but Header and Field, in the order of a menu.
[[nodiscard]] std::vector<EventColumn> standardColumns();
/// What a new table shows.
[[nodiscard]] std::vector<EventColumn> defaultColumns();

/// A text or a number; invalid where the event has no such thing. Numbers out of a body stay texts as written. Linear in
/// the body for Field; Payload is cut at 300 bytes.
[[nodiscard]] QVariant valueOf(const connectors::EventBatch &batch, qsizetype row, const EventColumn &column);
/// The same of a resident column. Invalid also where the text was not kept.
[[nodiscard]] QVariant valueOf(const EventList &list, const EventEntry &entry, const EventColumn &column);
/// Whether the batch has all that the column's value is made of: false where it is, or may be, in what a preview lacks; then
/// valueOf() is not to be taken for the value.
[[nodiscard]] bool isKnown(const connectors::EventBatch &batch, qsizetype row, const EventColumn &column);

/// The condition that this column is (or is not) `value`, as it goes into a filter; a null value is IS NULL.
[[nodiscard]] QString conditionFor(const EventColumn &column, const QVariant &value, bool isEqual);
/// A text as an SQL literal.
[[nodiscard]] QString sqlQuoted(const QString &text);

} // namespace models::event
