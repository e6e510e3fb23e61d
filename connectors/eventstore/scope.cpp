// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/eventstore/scope.h"

namespace connectors::eventstore {

Scope::Scope(const QString &stream)
    : m_stream(stream)
    , m_kind(stream == AllStreams             ? Kind::All
                 : stream.endsWith(u"-*") ? Kind::Category
                                          : Kind::Stream)
{
}

bool Scope::contains(const QString &eventStream) const
{
    return m_kind == Kind::All || (m_kind == Kind::Category ? categoryOf(eventStream) : eventStream) == name();
}

QString Scope::name() const
{
    return m_kind == Kind::All ? QString() : m_kind == Kind::Category ? m_stream.chopped(2) : m_stream;
}

// "?1 IS NOT NULL" lets every statement bind the same parameters. The order by stream_version is the order by position
// within one stream, and is the one that the index has.
QByteArray Scope::from() const
{
    switch (m_kind) {
    case Kind::All: return "FROM events NOT INDEXED WHERE ?1 IS NOT NULL";
    case Kind::Category: return "FROM events INDEXED BY events_category WHERE category = ?1";
    case Kind::Stream: return "FROM events INDEXED BY events_stream WHERE stream = ?1";
    }
    return {};
}

QByteArray Scope::condition() const
{
    switch (m_kind) {
    case Kind::All: return "?1 IS NOT NULL";
    case Kind::Category: return "category = ?1";
    case Kind::Stream: return "stream = ?1";
    }
    return {};
}

QByteArray Scope::order(bool isDescending) const
{
    return QByteArray(m_kind == Kind::Stream ? " ORDER BY stream_version" : " ORDER BY position") + (isDescending ? " DESC" : "");
}

QString categoryOf(const QString &stream)
{
    const qsizetype dash = stream.indexOf(u'-');
    return dash < 0 ? stream : stream.left(dash);
}

QString categoryStream(const QString &category)
{
    return category + u"-*";
}

} // namespace connectors::eventstore
