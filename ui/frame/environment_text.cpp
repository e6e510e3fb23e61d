// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/frame/environment_text.h"

#include <QCoreApplication>

#include <algorithm>

namespace ui::frame {

using connectors::Environment;

QString environmentWord(Environment environment)
{
    const auto tr = [](const char *text) { return QCoreApplication::translate("Environment", text); };
    switch (environment) {
    case Environment::Untagged:
        return tr("NOT TAGGED, counts as production");
    case Environment::Production:
        return tr("PRODUCTION");
    case Environment::Staging:
        return tr("staging");
    case Environment::Development:
        return tr("development");
    case Environment::AssumedDevelopment:
        return tr("development (assumed)");
    }
    return {};
}

std::optional<Environment> strictest(const QList<Environment> &environments)
{
    for (const Environment each : {Environment::Production, Environment::Untagged, Environment::Staging, Environment::Development,
                                   Environment::AssumedDevelopment})
        if (environments.contains(each))
            return each;
    return std::nullopt;
}

} // namespace ui::frame
