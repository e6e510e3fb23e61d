// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/event_batch.h"

namespace models::event {

/// One event as a line of NDJSON (without its end), as the command line's contract has it:
/// `{stream, partition, position, time, key, headers, envelope{…}, payload, size}`. `payload` is the body's own text with
/// white space between tokens removed, never re-serialised, so that numbers stay as written. What is no JSON is
/// `payloadBase64` beside a null payload; a key or a header that is no UTF-8 likewise. A `connection` that is not empty
/// becomes a last member. O(size of the event). Not of an event that is cut: see whole_event.h.
[[nodiscard]] QByteArray eventJson(const connectors::EventBatch &batch, qsizetype row, const QString &connection = {});

/// The same in parts, for a body that is not in memory as a whole: head, the body from begin() to end(), tail.
[[nodiscard]] QByteArray eventJsonHead(const connectors::EventBatch &batch, qsizetype row);
[[nodiscard]] QByteArray eventJsonTail(const connectors::EventRecord &record, const QString &connection = {});

/// A JSON text, known to be valid, without white space between its tokens; in any pieces.
class JsonMinifier final
{
public:
    void append(QByteArray &out, std::string_view json);

private:
    bool m_isInString = false;
    bool m_isEscaped = false;
};

/// The body as a member of the event, in any pieces.
class PayloadJson final
{
public:
    explicit PayloadJson(connectors::BodyFormat format);
    void begin(QByteArray &out) const;
    void append(QByteArray &out, std::string_view body);
    void end(QByteArray &out) const;

private:
    const bool m_isJson;
    const bool m_isBytes;
    JsonMinifier m_minifier;
    QByteArray m_rest; ///< of bytes: what does not make a group yet
};

/// A JSON text, known to be valid, without white space between its tokens.
[[nodiscard]] QByteArray minifiedJson(std::string_view json);

/// A JSON string of UTF-8 text; bytes that are none become U+FFFD.
[[nodiscard]] QByteArray jsonString(std::string_view text);

/// Strict: no overlong forms, no surrogates, nothing above U+10FFFF.
[[nodiscard]] bool isUtf8(std::string_view text);

} // namespace models::event
