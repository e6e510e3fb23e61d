// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

#include <optional>

namespace connectors::remote {

/// A message that is longer is refused. The largest are the states of ten thousand consumers with a million checkpoints; events
/// stay far below, see batch_pieces.h.
inline constexpr qsizetype MaxFrameBytes = 128 * 1024 * 1024;

/// The message after its length: four bytes, the lowest first.
[[nodiscard]] QByteArray frameOf(const QByteArray &message);

/// Takes messages out of a stream of bytes. Keeps the bytes that came, never what a length announces.
class FrameReader final
{
public:
    /// The first message may have a limit of its own: the smaller, the sooner it is known that something else speaks here.
    explicit FrameReader(qsizetype firstLimit = MaxFrameBytes)
        : m_limit(firstLimit)
    {
    }
    void add(const char *bytes, qsizetype count);
    /// Null until all of a message is there.
    [[nodiscard]] std::optional<QByteArray> next();
    /// A length beyond the limit: where the next message begins is not known any more.
    [[nodiscard]] bool isBroken() const { return m_isBroken; }
    /// What came and is no message, or not all of one: its beginning.
    [[nodiscard]] QByteArray rest() const;

private:
    QByteArray m_bytes;
    qsizetype m_taken = 0; ///< of m_bytes
    qsizetype m_limit;
    bool m_isBroken = false;
};

} // namespace connectors::remote
