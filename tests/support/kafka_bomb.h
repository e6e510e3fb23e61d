// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace tests {

/// Writes one batch of records, `bytes` of the same letter each, into partition 0: small on the broker, large when it is
/// unpacked. With a producer of its own, so that this process does not grow. qFatal where it fails.
void writeBomb(const QString &topic, const QString &codec, qint64 bytes, int records = 1);

} // namespace tests
