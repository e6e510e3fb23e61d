// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

namespace tests {

/// A reader of the protocol, given any bytes: it takes out of them all that can be taken. True where they were what it reads.
using ProtocolReader = bool (*)(const QByteArray &bytes);

/// A stream of frames, added in pieces.
[[nodiscard]] bool readFrames(const QByteArray &bytes);
[[nodiscard]] bool readQuestion(const QByteArray &bytes);
[[nodiscard]] bool readReply(const QByteArray &bytes);
[[nodiscard]] bool readBatch(const QByteArray &bytes);
[[nodiscard]] bool readHello(const QByteArray &bytes);

} // namespace tests
