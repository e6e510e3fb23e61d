// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/result.h"

#include <QByteArray>

namespace connectors {

/// A place outside this machine where lines are kept for good, for the second copy of the journal. One thread at a time.
class LineLog
{
public:
    virtual ~LineLog() = default;
    /// Blocks until the line is stored as safely as the place can, for a bounded time. After an error it may be stored all
    /// the same.
    [[nodiscard]] virtual Result<void> append(const QByteArray &line) = 0;
};

} // namespace connectors
