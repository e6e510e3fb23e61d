// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/event_batch.h"

#include <array>

namespace models::event {

/// What stays in memory of an event that is in the table, as one value; everything else is read again by its position.
/// Numbers of texts are those of the EventList's InternTables.
struct EventEntry {
    /// How `id` holds the event's id.
    enum class IdForm : quint8 {
        None,
        Uuid,   ///< its 16 bytes
        Inline, ///< length, then up to 15 bytes of text
        Number  ///< of an interned text, in the first four bytes
    };

    connectors::EpochMs time = connectors::NoNumber;
    qint64 position = 0;
    std::array<quint8, 16> id{};
    quint32 size = connectors::Slice::NullLength; ///< bytes of the body; NullLength for a tombstone
    qint32 partition = 0;
    quint32 stream = 0;
    quint32 type = 0;
    quint32 aggregate = 0;
    quint32 correlation = 0;
    connectors::BodyFormat format = connectors::BodyFormat::Null;
    IdForm idForm = IdForm::None;
};

} // namespace models::event
