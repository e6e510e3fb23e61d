// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/result.h"

#include <QFuture>

namespace connectors {

/// Waits for a connector's answer; every call has its own time-out in the connector. Cancelled where the future ends without
/// one. Never on the GUI thread.
template<typename T>
[[nodiscard]] Result<T> answerOf(QFuture<Result<T>> future)
{
    future.waitForFinished();
    if (future.resultCount() == 0)
        return failure(ErrorCode::Cancelled, QStringLiteral("The request was cancelled."));
    return future.result();
}

} // namespace connectors
