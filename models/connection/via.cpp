// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/connection/via.h"

#include <QRegularExpression>

namespace models::connection {

using namespace connectors;

namespace {

constexpr int LongestPart = 255;

auto invalidVia(const QString &message)
{
    return failure(ErrorCode::InvalidInput, message,
                   QStringLiteral("Write via=ssh:user@host, via=ssh:host:port, or via=exec:NAME with the name of a command among your saved connections."));
}

/// Nothing that a message would not show as it is.
QString shown(const QString &text)
{
    QString plain = text.left(60);
    for (QChar &c : plain)
        if (!c.isPrint())
            c = u'\ufffd';
    return plain;
}

Result<Via> parseSsh(const QString &text)
{
    // The last @ ends the user, as it does for ssh itself.
    const qsizetype at = text.lastIndexOf(u'@');
    Via via;
    via.user = at < 0 ? QString() : text.left(at);
    const QString place = text.mid(at + 1);
    if (via.user.startsWith(u'-') || place.startsWith(u'-'))
        return invalidVia(QStringLiteral("“%1”: neither a user nor a host begins with “-”.").arg(shown(text)));
    static const QRegularExpression user(QStringLiteral("\\A[A-Za-z0-9_.][A-Za-z0-9_.+@-]*\\z"));
    if (at == 0 || via.user.size() > LongestPart || (at > 0 && !user.match(via.user).hasMatch()))
        return invalidVia(QStringLiteral("“%1” is not the name of a user of another machine.").arg(shown(via.user)));
    static const QRegularExpression host(QStringLiteral("\\A(?:\\[([0-9A-Fa-f:.]+)\\]|([A-Za-z0-9_.][A-Za-z0-9_.-]*))(?::([0-9]{1,5}))?\\z"));
    const auto match = host.match(place);
    if (!match.hasMatch() || place.size() > LongestPart)
        return invalidVia(QStringLiteral("“%1” is not the name of another machine.").arg(shown(place)));
    via.host = match.captured(1) + match.captured(2);
    via.port = match.captured(3).toInt();
    if (!match.captured(3).isEmpty() && (via.port < 1 || via.port > 65535))
        return invalidVia(QStringLiteral("“%1” is not a port.").arg(match.captured(3)));
    return via;
}

Result<Via> parseExec(const QString &name)
{
    static const QRegularExpression shape(QStringLiteral("\\A[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}\\z"));
    if (!shape.match(name).hasMatch())
        return invalidVia(QStringLiteral("“%1” is not the name of a command.").arg(shown(name)));
    Via via;
    via.command = name;
    return via;
}

} // namespace

Result<Via> parseVia(const QString &text)
{
    if (text.startsWith(u"ssh:"))
        return parseSsh(text.mid(4));
    if (text.startsWith(u"exec:"))
        return parseExec(text.mid(5));
    return invalidVia(QStringLiteral("“%1” is not a way to another machine.").arg(shown(text)));
}

Result<void> checkVia(const ConnectionSpec &spec)
{
    if (spec.via.isEmpty())
        return {};
    if (const auto via = parseVia(spec.via); !via)
        return tl::unexpected(via.error());
    if (spec.kind == SystemKind::EventStoreSqlite && !spec.path.startsWith(u'/')) {
        return failure(ErrorCode::InvalidInput, QStringLiteral("“%1” is a path from the folder that this program was started in, which another machine does not have.").arg(shown(spec.path)),
                       QStringLiteral("Write the whole path that the file has there, from / on."));
    }
    return {};
}

} // namespace models::connection
