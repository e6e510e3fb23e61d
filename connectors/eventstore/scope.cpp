// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/eventstore/scope.h"

namespace connectors::eventstore {

// "?1 IS NOT NULL" lets every statement bind the same parameters. The order by stream_version is the order by position
// within one stream, and is the one that the index has.
QByteArray Scope::from() const
{
    switch (kind()) {
    case Kind::All: return "FROM events NOT INDEXED WHERE ?1 IS NOT NULL";
    case Kind::Category: return "FROM events INDEXED BY events_category WHERE category = ?1";
    case Kind::Stream: return "FROM events INDEXED BY events_stream WHERE stream = ?1";
    }
    return {};
}

QByteArray Scope::condition() const
{
    switch (kind()) {
    case Kind::All: return "?1 IS NOT NULL";
    case Kind::Category: return "category = ?1";
    case Kind::Stream: return "stream = ?1";
    }
    return {};
}

QByteArray Scope::order(bool isDescending) const
{
    return QByteArray(kind() == Kind::Stream ? " ORDER BY stream_version" : " ORDER BY position") + (isDescending ? " DESC" : "");
}

} // namespace connectors::eventstore
