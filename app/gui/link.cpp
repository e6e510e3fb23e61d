// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/link.h"

#include "app/gui/pages.h"
#include "app/session/connection_url.h"
#include "models/event/position_text.h"

#include <QCoreApplication>
#include <QUrl>

namespace gui {

namespace {

struct LinkText {
    Q_DECLARE_TR_FUNCTIONS(Link)
};

auto invalidLink(const QString &message)
{
    return connectors::failure(connectors::ErrorCode::InvalidInput, message,
                               LinkText::tr("A link is written streamgauge://CONNECTION/consumers/GROUP?at=TIME, with the name of a saved connection."));
}

QString decoded(const QString &text)
{
    return QUrl::fromPercentEncoding(text.toUtf8());
}

QString scheme()
{
    return QStringLiteral("streamgauge://");
}

} // namespace

bool looksLikeLink(const QString &text)
{
    return text.startsWith(scheme(), Qt::CaseInsensitive);
}

connectors::Result<Link> parseLink(const QString &text)
{
    const QString rest = text.mid(scheme().size());
    const QString path = rest.section(u'?', 0, 0);
    Link link;
    link.place.connection = decoded(path.section(u'/', 0, 0));
    link.place.page = decoded(path.section(u'/', 1, 1));
    link.place.object = decoded(path.section(u'/', 2));
    if (!looksLikeLink(text) || link.place.connection.isEmpty())
        return invalidLink(LinkText::tr("The link names no connection."));
    if (session::looksLikeUrl(link.place.connection))
        return invalidLink(LinkText::tr("A link must name a saved connection, not an address."));
    if (link.place.page.isEmpty())
        link.place.page = QStringLiteral("overview");
    if (!pageIds().contains(link.place.page))
        return invalidLink(LinkText::tr("There is no page “%1”.").arg(link.place.page.left(40)));
    const QStringList parameters = rest.section(u'?', 1).split(u'&', Qt::SkipEmptyParts);
    for (const QString &parameter : parameters) {
        if (parameter.startsWith(u"event=")) {
            const QString event = decoded(parameter.section(u'=', 1));
            bool isPartition = false;
            bool isPosition = false;
            const int partition = event.section(u':', 0, 0).toInt(&isPartition);
            const qint64 position = event.section(u':', 1).toLongLong(&isPosition);
            if (!isPartition || !isPosition)
                return invalidLink(LinkText::tr("“%1” is no event: write its partition and position, as in event=3:1204.").arg(event.left(40)));
            link.place.address = connectors::EventAddress{link.place.object, partition, position};
            continue;
        }
        if (parameter.section(u'=', 0, 0) != u"at")
            return invalidLink(LinkText::tr("A link has no parameter “%1”.").arg(parameter.section(u'=', 0, 0).left(40)));
        const auto time = models::event::parseTime(decoded(parameter.section(u'=', 1)));
        if (!time)
            return tl::unexpected(time.error());
        link.at = *time;
    }
    return link;
}

} // namespace gui
