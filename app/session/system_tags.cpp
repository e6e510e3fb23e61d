// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/session/system_tags.h"

#include "app/session/connection_url.h"
#include "models/connection/environment.h"

namespace session {

using namespace connectors;

void SystemTags::learn(const ConnectionSpec &spec, const QString &systemId)
{
    if (systemId.isEmpty() || !models::connection::isTag(spec.environment))
        return;
    if (!looksLikeUrl(spec.name)) {
        const auto saved = m_profiles.find(spec.name);
        if (saved && saved->systemId != systemId) // a file that cannot be written is told when a connection is saved
            std::ignore = m_profiles.noteSystem(spec.name, systemId);
        return;
    }
    std::ignore = m_profiles.noteTag(spec, systemId);
    const std::lock_guard lock(m_mutex);
    m_opened[{systemId, spec.name}] = spec.environment; // also where the file cannot be written
}

std::optional<Environment> SystemTags::tagOf(const QString &systemId) const
{
    std::optional<Environment> tag;
    const auto add = [&tag](Environment environment) {
        if (models::connection::isTag(environment))
            tag = models::connection::stricter(tag.value_or(environment), environment);
    };
    if (const auto profiles = m_profiles.load()) {
        for (const Profile &profile : *profiles)
            if (profile.systemId == systemId)
                add(profile.spec.environment);
    }
    for (const Environment noted : m_profiles.notedTags(systemId))
        add(noted);
    const std::lock_guard lock(m_mutex);
    for (const auto &[opened, environment] : m_opened)
        if (opened.first == systemId)
            add(environment);
    return tag;
}

} // namespace session
