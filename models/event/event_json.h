// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/event_batch.h"

namespace models::event {

/// One event as a line of NDJSON (without its end), as the command line's contract has it:
/// `{stream, partition, position, time, key, headers, envelope{…}, payload, size}`. `payload` is the body's own text with
/// white space between tokens removed, never re-serialised, so that numbers stay as written. What is no JSON is
/// `payloadBase64` beside a null payload; a key or a header that is no UTF-8 likewise. A `connection` that is not empty
/// becomes a last member. O(size of the event).
[[nodiscard]] QByteArray eventJson(const connectors::EventBatch &batch, qsizetype row, const QString &connection = {});

/// A JSON text, known to be valid, without white space between its tokens.
[[nodiscard]] QByteArray minifiedJson(std::string_view json);

/// A JSON string of UTF-8 text; bytes that are none become U+FFFD.
[[nodiscard]] QByteArray jsonString(std::string_view text);

/// Strict: no overlong forms, no surrogates, nothing above U+10FFFF.
[[nodiscard]] bool isUtf8(std::string_view text);

} // namespace models::event
