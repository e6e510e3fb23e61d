// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/connection_spec.h"
#include "connectors/result.h"

#include <QByteArray>
#include <QString>

#include <functional>
#include <thread>
#include <vector>

namespace session::demo {

/// A projection of the shop: the file that is on the page, and where its tables are.
struct DemoProjection {
    QString path;
    connectors::ConnectionSpec target;
};

/// Its definitions by version, the first one first. The file on the page is the last one; the shop's own projector has built the
/// first, which in one of them has a mistake that the second mends.
struct ShopProjection {
    QString name;
    std::vector<QByteArray> versions;
};
[[nodiscard]] std::vector<ShopProjection> shopProjections();

/// The shop's own projector: builds the read models once, in a file beside the store, and keeps them up to date, whichever version
/// is swapped in. On a thread of its own.
class DemoProjector final
{
public:
    /// `made`: told on that thread when the read models are there.
    DemoProjector(connectors::ConnectionSpec store, std::function<void(const std::vector<DemoProjection> &)> made);
    ~DemoProjector(); ///< stops
    DemoProjector(const DemoProjector &) = delete;
    DemoProjector &operator=(const DemoProjector &) = delete;

    /// Where the tables of this store are.
    [[nodiscard]] static connectors::ConnectionSpec targetOf(const connectors::ConnectionSpec &store);

private:
    void run(const std::stop_token &stop);

    const connectors::ConnectionSpec m_store;
    const std::function<void(const std::vector<DemoProjection> &)> m_made;
    std::jthread m_thread;
};

} // namespace session::demo
