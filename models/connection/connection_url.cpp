// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/connection/connection_url.h"

#include <QUrl>

namespace models::connection {

using namespace connectors;

QString environmentWord(Environment environment)
{
    switch (environment) {
    case Environment::Production: return QStringLiteral("production");
    case Environment::Staging: return QStringLiteral("staging");
    case Environment::Development: return QStringLiteral("development");
    case Environment::Untagged:
    case Environment::AssumedDevelopment: break;
    }
    return {};
}

QString connectionUrl(const ConnectionSpec &spec, bool withProperties)
{
    const auto encoded = [](const QString &text) { return QString::fromLatin1(QUrl::toPercentEncoding(text, "/:,")); };
    QString url;
    if (spec.kind == SystemKind::EventStoreSqlite)
        url = QStringLiteral("sqlite:") + spec.path;
    else
        url = QStringLiteral("kafka://") + (spec.userName.isEmpty() ? QString() : encoded(spec.userName) + u'@') + spec.hosts.join(u',');
    QStringList pairs;
    if (!spec.via.isEmpty())
        pairs += QStringLiteral("via=") + QString::fromLatin1(QUrl::toPercentEncoding(spec.via, "/:,@[]"));
    if (!withProperties)
        return pairs.isEmpty() ? url : url + u'?' + pairs.join(u'&');
    if (const QString word = environmentWord(spec.environment); !word.isEmpty())
        pairs += QStringLiteral("environment=") + word;
    for (auto property = spec.properties.cbegin(); property != spec.properties.cend(); ++property)
        pairs += encoded(property.key()) + u'=' + encoded(property.value());
    return pairs.isEmpty() ? url : url + u'?' + pairs.join(u'&');
}

} // namespace models::connection
