// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/connection/spec_json.h"

#include <QJsonArray>

namespace models::connection {

using namespace connectors;

QJsonObject toJson(const ConnectionSpec &spec)
{
    QJsonObject properties;
    for (auto property = spec.properties.begin(); property != spec.properties.end(); ++property)
        properties[property.key()] = property.value();
    QJsonObject object{{QStringLiteral("name"), spec.name}, {QStringLiteral("kind"), static_cast<int>(spec.kind)},
            {QStringLiteral("hosts"), QJsonArray::fromStringList(spec.hosts)}, {QStringLiteral("path"), spec.path},
            {QStringLiteral("properties"), properties}, {QStringLiteral("environment"), static_cast<int>(spec.environment)},
            {QStringLiteral("userName"), spec.userName}};
    if (!spec.via.isEmpty()) // or the hash of an older plan would be another
        object[QStringLiteral("via")] = spec.via;
    return object;
}

ConnectionSpec specFrom(const QJsonValue &value)
{
    ConnectionSpec spec;
    spec.name = value[u"name"].toString();
    spec.kind = static_cast<SystemKind>(value[u"kind"].toInt());
    for (const QJsonValue &host : value[u"hosts"].toArray())
        spec.hosts.append(host.toString());
    spec.path = value[u"path"].toString();
    const QJsonObject properties = value[u"properties"].toObject();
    for (auto property = properties.begin(); property != properties.end(); ++property)
        spec.properties[property.key()] = property.value().toString();
    spec.environment = static_cast<Environment>(value[u"environment"].toInt());
    spec.userName = value[u"userName"].toString();
    spec.via = value[u"via"].toString();
    return spec;
}

bool isKnown(const ConnectionSpec &spec)
{
    return spec.kind >= SystemKind::Kafka && spec.kind <= SystemKind::EventStorePostgres && isKnown(spec.environment);
}

bool isKnown(Environment environment)
{
    return environment >= Environment::Untagged && environment <= Environment::AssumedDevelopment;
}

} // namespace models::connection
