// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/session/profile_store.h"

#include <map>
#include <mutex>
#include <optional>

namespace session {

/// Which environments a system is tagged as, by its own identity: whoever reaches production through a forwarded port of this
/// machine has it saved under another address. A saved connection's system is noted in its
/// profile, and what an address was given that is not saved beside them. Thread-safe; blocks on file I/O.
class SystemTags final
{
public:
    explicit SystemTags(ProfileStore profiles) : m_profiles(std::move(profiles)) { }

    /// What answered at `spec` is this system. Nothing where it is not tagged.
    void learn(const connectors::ConnectionSpec &spec, const QString &systemId);
    /// The strictest tag that it has, under any address; null where it has none.
    [[nodiscard]] std::optional<connectors::Environment> tagOf(const QString &systemId) const;

private:
    const ProfileStore m_profiles;
    mutable std::mutex m_mutex;
    std::map<std::pair<QString, QString>, connectors::Environment> m_opened; ///< by system and address that is not saved
};

} // namespace session
