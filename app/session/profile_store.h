// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/connection_spec.h"
#include "connectors/result.h"

#include <vector>

namespace session {

/// A saved connection. No secrets: those are in the keyring or asked for.
struct Profile {
    connectors::ConnectionSpec spec;
    QString tokenCommand; ///< prints an OAUTHBEARER token; run without a shell
    QString systemId;     ///< who answered there last; empty: nobody yet
    // Written into the file by hand, and left as they are by save() and change():
    QString worker = {};              ///< the worker's path on the machine that `via` names; empty: it is found there
    QStringList passwordCommand = {}; ///< prints the password; run without a shell, on this machine
    bool operator==(const Profile &) const = default;
};

/// The saved connections, a JSON file a person may edit. Every change reads the file again under a lock and replaces it
/// atomically, so that two running instances lose nothing; members that this version does not know are kept. A broken
/// file is reported with its line and never overwritten. Blocks on file I/O (at most 5 s for the lock): not for the GUI
/// thread. Thread-safe.
class ProfileStore final
{
public:
    /// `$XDG_CONFIG_HOME/streamgauge/connections.json` unless told otherwise.
    explicit ProfileStore(QString path = defaultPath());
    [[nodiscard]] static QString defaultPath();
    [[nodiscard]] const QString &path() const { return m_path; }

    /// Sorted by name; no file is no profiles.
    [[nodiscard]] connectors::Result<std::vector<Profile>> load() const;
    /// Adds the profile or replaces the one of its name.
    [[nodiscard]] connectors::Result<void> save(const Profile &profile) const;
    /// Replaces the profile saved as `name`, which may get another name; Refused where that is taken.
    [[nodiscard]] connectors::Result<void> change(const QString &name, const Profile &profile) const;
    /// NotFound where there is none of that name.
    [[nodiscard]] connectors::Result<void> remove(const QString &name) const;
    /// Who answers at that connection. NotFound where there is none of that name.
    [[nodiscard]] connectors::Result<void> noteSystem(const QString &name, const QString &systemId) const;
    /// What is given as the environment of an address that is not saved, of the system that answered there: production or staging
    /// is kept until the same address is given another one.
    [[nodiscard]] connectors::Result<void> noteTag(const connectors::ConnectionSpec &spec, const QString &systemId) const;
    /// Those that are kept of this system; none where the file cannot be read.
    [[nodiscard]] std::vector<connectors::Environment> notedTags(const QString &systemId) const;
    /// What `via=exec:NAME` runs, without a shell: a member of the file's object “commands”, a list of arguments. NotFound names
    /// those that are there. Nothing but this file has commands: neither an address nor what a team shares.
    [[nodiscard]] connectors::Result<QStringList> command(const QString &name) const;
    /// Refused where others than this user may write the file: it must not have us run anything then.
    [[nodiscard]] connectors::Result<void> checkOwn() const;
    /// A saved connection's name or a URL. NotFound names those that are there.
    [[nodiscard]] connectors::Result<Profile> find(const QString &nameOrUrl) const;

private:
    const QString m_path;
};

} // namespace session
