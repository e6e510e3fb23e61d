// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/position.h"
#include "connectors/result.h"

#include <QByteArray>

#include <vector>

namespace connectors {

/// Put the checkpoint of one partition at `target`, or delete it where target is null.
struct CheckpointChange {
    QString stream;
    int partition = 0;
    std::optional<qint64> target;
    QByteArray metadata;
};

struct CheckpointOutcome {
    QString stream;
    int partition = 0;
    std::optional<Error> error; ///< OutcomeUnknown: read to find out; anything else: certainly not changed
};

/// The only thing that changes a consumer on a system. Made by ConnectionFactory for one approved plan, used on the
/// replay machine's own thread (calls block, with time-outs), thrown away after.
class CheckpointWriter
{
public:
    virtual ~CheckpointWriter() = default;
    /// One remote step. Either all changes have targets, or none has (deletion is a step of its own).
    /// The outer error means that the whole step failed: OutcomeUnknown after a time-out, else nothing was changed.
    [[nodiscard]] virtual Result<std::vector<CheckpointOutcome>> apply(const QString &consumer,
                                                                       const std::vector<CheckpointChange> &changes) = 0;
};

} // namespace connectors
