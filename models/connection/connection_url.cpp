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
    const QString hosts = (spec.userName.isEmpty() ? QString() : encoded(spec.userName) + u'@') + spec.hosts.join(u',');
    switch (spec.kind) {
    case SystemKind::Kafka: url = QStringLiteral("kafka://") + hosts; break;
    case SystemKind::EventStoreSqlite: url = QStringLiteral("sqlite:") + spec.path; break;
    case SystemKind::EventStorePostgres:
        url = QStringLiteral("postgresql://") + hosts + u'/' + QString::fromLatin1(QUrl::toPercentEncoding(spec.path));
        break;
    }
    QStringList pairs;
    // Another schema of the same database is another store, so it is part of the name.
    const QString schema = QStringLiteral("schema");
    if (!withProperties && spec.kind == SystemKind::EventStorePostgres && spec.properties.contains(schema))
        pairs += schema + u'=' + encoded(spec.properties.value(schema));
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
