// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QThreadPool>

#include <memory>
#include <utility>

namespace models::event {

/// Frees what is large on a thread of its own: hundreds of megabytes go back to the system page by page, and the GUI thread
/// has better to do. The destructor waits for what is under way.
class Disposal final
{
public:
    Disposal() { m_thread.setMaxThreadCount(1); }

    template<typename T>
    void take(T &&thing)
    {
        m_thread.start([gone = std::make_shared<std::decay_t<T>>(std::forward<T>(thing))]() mutable { gone.reset(); });
    }

private:
    QThreadPool m_thread; ///< not the global one: Qt's painting waits for that one's threads
};

} // namespace models::event
