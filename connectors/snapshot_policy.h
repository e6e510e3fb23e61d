// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/result.h"

#include <QMap>

namespace connectors {

/// When a store that appends keeps a snapshot, and when it does without: never is a result the worse for it, only slower.
struct SnapshotPolicy {
    static constexpr int Fewest = 100;
    static constexpr int Most = 500;
    int every = 250; ///< events of a stream
    // Appending must not wait for a long fold, as of a stream that was long before it had snapshots, or of one that is no aggregate.
    qint64 mostEvents = 10'000;             ///< folded for one snapshot
    qint64 mostStateBytes = 4 * 1024 * 1024;

    /// The property of a connection that says how many.
    [[nodiscard]] static QString propertyName() { return QStringLiteral("snapshotEvery"); }
    /// As the connection's properties have it. InvalidInput for any other number than those between Fewest and Most.
    [[nodiscard]] static Result<SnapshotPolicy> of(const QMap<QString, QString> &properties);
};

} // namespace connectors
