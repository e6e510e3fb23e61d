// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/storable_event.h"

#include "connectors/thrown_error.h"

#include <algorithm>

namespace connectors {

namespace {

constexpr int MaximumDepth = 512;

/// Levels of brackets outside of strings. Enough to protect parsers; whether it is JSON at all is the store's to say.
int depthOf(const QByteArray &json)
{
    int depth = 0;
    int deepest = 0;
    bool isInString = false;
    for (qsizetype i = 0; i < json.size(); ++i) {
        const char c = json[i];
        if (isInString) {
            if (c == '\\')
                ++i;
            else if (c == '"')
                isInString = false;
        } else if (c == '"') {
            isInString = true;
        } else if (c == '{' || c == '[') {
            deepest = std::max(deepest, ++depth);
        } else if (c == '}' || c == ']') {
            --depth;
        }
    }
    return deepest;
}

void requireJson(const QByteArray &json, const QString &owner, const QString &part)
{
    if (!json.isValidUtf8() || json.contains('\0'))
        fail(ErrorCode::InvalidInput, QStringLiteral("%1 has a %2 that is not UTF-8 text.").arg(owner, part),
             QStringLiteral("An event store holds JSON in UTF-8; encode binary data, for example as base64."));
    if (depthOf(json) > MaximumDepth)
        fail(ErrorCode::InvalidInput, QStringLiteral("%1 has a %2 that is more than %3 levels deep.").arg(owner, part).arg(MaximumDepth),
             QStringLiteral("Flatten it, or keep it behind a link."));
}

} // namespace

QString nameOf(const NewEvent &event)
{
    return event.eventId.isEmpty() ? QStringLiteral("An event of type %1").arg(event.eventType.left(200))
                                   : QStringLiteral("Event %1").arg(event.eventId.left(200));
}

void requireStorable(const NewEvent &event)
{
    const QString owner = nameOf(event);
    if (event.stream.isEmpty())
        fail(ErrorCode::InvalidInput, QStringLiteral("%1 names no stream.").arg(owner), QStringLiteral("Give the event a stream or an aggregateId."));
    if (event.stream.startsWith(u'$') || event.stream.endsWith(u"-*") || event.stream.contains(QChar::Null))
        fail(ErrorCode::InvalidInput, QStringLiteral("%1 cannot be in a stream named “%2”.").arg(owner, event.stream.left(200)),
             QStringLiteral("Names that begin with $ or end with -* stand for groups of streams; choose another."));
    if (event.eventType.isEmpty())
        fail(ErrorCode::InvalidInput, QStringLiteral("%1 has no eventType.").arg(owner), QStringLiteral("Name what has happened, for example OrderPlaced."));
    requireJson(event.payload, owner, QStringLiteral("payload"));
    if (!event.metadata.isEmpty())
        requireJson(event.metadata, owner, QStringLiteral("metadata"));
}

} // namespace connectors
