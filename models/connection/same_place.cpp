// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/connection/same_place.h"

#include <algorithm>
#include <array>

namespace models::connection {

using connectors::ConnectionSpec;

namespace {

/// Those that decide who is at the other end, what is sent there, and which of the stores there it is.
QMap<QString, QString> securityOf(const ConnectionSpec &spec)
{
    constexpr std::array Prefixes{QLatin1String("security."), QLatin1String("sasl."), QLatin1String("ssl"), QLatin1String("enable."), QLatin1String("https."),
                                  QLatin1String("channel_binding"), QLatin1String("target_session_attrs"), QLatin1String("schema")};
    QMap<QString, QString> security;
    for (auto property = spec.properties.cbegin(); property != spec.properties.cend(); ++property) {
        if (std::any_of(Prefixes.begin(), Prefixes.end(), [&](QLatin1String prefix) { return property.key().startsWith(prefix); }))
            security.insert(property.key(), property.value());
    }
    return security;
}

} // namespace

bool isSamePlace(const ConnectionSpec &a, const ConnectionSpec &b)
{
    return a.kind == b.kind && a.hosts == b.hosts && a.path == b.path && a.via == b.via && a.userName == b.userName && securityOf(a) == securityOf(b);
}

} // namespace models::connection
