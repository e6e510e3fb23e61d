// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/stream_scope.h"

namespace connectors {

StreamScope::StreamScope(const QString &stream)
    : m_stream(stream)
    , m_kind(stream == AllStreams             ? Kind::All
                 : stream.endsWith(u"-*") ? Kind::Category
                                          : Kind::Stream)
{
}

bool StreamScope::contains(const QString &eventStream) const
{
    return m_kind == Kind::All || (m_kind == Kind::Category ? categoryOf(eventStream) : eventStream) == name();
}

QString StreamScope::name() const
{
    return m_kind == Kind::All ? QString() : m_kind == Kind::Category ? m_stream.chopped(2) : m_stream;
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

} // namespace connectors
