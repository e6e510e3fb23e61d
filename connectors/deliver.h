// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFuture>
#include <QFutureWatcher>

#include <utility>

namespace connectors {

/// Gives the result of a future to `use` on the thread of `context`, which is the calling one; to nobody if `context` is gone
/// by then, or if the future ends without a result. Never before deliver() has returned.
/// QFuture::then(context, …) of Qt 6.4 will not do: it asserts, on the thread that answers, that the context still lives.
template<typename T, typename Use>
void deliver(const QFuture<T> &future, QObject *context, Use use)
{
    auto *watcher = new QFutureWatcher<T>(context);
    QObject::connect(watcher, &QFutureWatcherBase::finished, context, [watcher, use = std::move(use)]() mutable {
        watcher->deleteLater();
        if (watcher->future().resultCount() > 0)
            use(watcher->result());
    });
    watcher->setFuture(future);
}

} // namespace connectors
