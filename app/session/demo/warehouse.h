// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/eventstore/store_writer.h"

namespace session::demo {

/// The shop's warehouse: one aggregate with a long life, so that there is one to look through whose state comes from snapshots.
/// Goods come and go, and now and then a count takes back what was booked wrongly. The same seed gives the same events. One thread.
class Warehouse final
{
public:
    Warehouse(quint64 seed, connectors::eventstore::StoreWriter &writer) : m_seed(seed), m_writer(writer) { }

    /// The next `count` events of its life, inside a transaction of the caller's.
    void live(qint64 count, connectors::EpochMs now);

private:
    [[nodiscard]] connectors::NewEvent next(connectors::EpochMs now);

    const quint64 m_seed;
    connectors::eventstore::StoreWriter &m_writer;
    qint64 m_version = 0;
};

} // namespace session::demo
