// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/result.h"

#include <QFuture>
#include <QPromise>

namespace tests {

/// A connector's answer that is there already.
template<typename T>
[[nodiscard]] QFuture<connectors::Result<T>> answered(connectors::Result<T> value)
{
    QPromise<connectors::Result<T>> promise;
    promise.start();
    promise.addResult(std::move(value));
    promise.finish();
    return promise.future();
}

} // namespace tests
