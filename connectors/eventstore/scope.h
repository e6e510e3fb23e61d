// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/stream_scope.h"

namespace connectors::eventstore {

/// How a store in an SQLite file finds the events that a stream's name stands for.
class Scope final : public StreamScope
{
public:
    using StreamScope::StreamScope;
    /// FROM clause and condition that find the events in the order of position by an index.
    [[nodiscard]] QByteArray from() const;
    /// The condition alone, for statements that search by another index.
    [[nodiscard]] QByteArray condition() const;
    [[nodiscard]] QByteArray order(bool isDescending = false) const;
};

} // namespace connectors::eventstore
