// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

#include <optional>

namespace connectors::remote {

/// A message that is longer is refused. The largest are batches of events: 16 MiB, or one larger event alone.
inline constexpr qsizetype MaxFrameBytes = 256 * 1024 * 1024;

/// The message after its length: four bytes, the lowest first.
[[nodiscard]] QByteArray frameOf(const QByteArray &message);

/// Takes messages out of a stream of bytes. Keeps the bytes that came, never what a length announces.
class FrameReader final
{
public:
    void add(const char *bytes, qsizetype count);
    /// Null until all of a message is there.
    [[nodiscard]] std::optional<QByteArray> next();
    /// A length beyond the limit: where the next message begins is not known any more.
    [[nodiscard]] bool isBroken() const { return m_isBroken; }

private:
    QByteArray m_bytes;
    qsizetype m_taken = 0; ///< of m_bytes
    bool m_isBroken = false;
};

} // namespace connectors::remote
