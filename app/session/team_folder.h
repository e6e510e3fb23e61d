// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/dead_letter_declarations.h"
#include "connectors/result.h"
#include "models/aggregate/upcasts.h"

namespace session {

/// What a team shares, in a folder `streamgauge.d` that may lie in its git repository. Read anew whenever it is asked.
/// Blocks on file I/O: not for the GUI thread. Thread-safe.
class TeamFolder final
{
public:
    /// Without a path: the folder that STREAMGAUGE_TEAM_FOLDER names, else `streamgauge.d` in the current folder, else
    /// `$XDG_CONFIG_HOME/streamgauge/streamgauge.d`; none where none of them is there.
    explicit TeamFolder(QString path = {}) : m_path(std::move(path)) { }

    /// What `dead-letters.json` says of the connection of that name; nothing where there is no such file. Names of
    /// connections and streams may hold `*`, `?` and `[…]`:
    ///
    ///     {"deadLetterQueues": [{"connection": "prod-*", "stream": "orders.failed", "of": "orders.events", "consumer": "payments"}],
    ///      "notDeadLetterQueues": ["shop.errors", {"connection": "prod-eu", "stream": "audit.dlq"}]}
    ///
    /// Only `stream` is needed. Unreadable, with the file and the line or the place (a JSON Pointer), where it cannot be
    /// used; a member that is not known counts as misspelt.
    [[nodiscard]] connectors::Result<connectors::DeadLetterDeclarations> deadLetters(const QString &connection) const;

    /// The upcasts of the projection files `projections/*.json`; none where there is no such folder. Errors as Upcasts::of() has
    /// them, and Unreadable for a file that cannot be read or has more than 4 MiB.
    [[nodiscard]] connectors::Result<models::aggregate::Upcasts> upcasts() const;

private:
    const QString m_path;
};

} // namespace session
