// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/projection/upcaster.h"

#include <functional>
#include <memory>

namespace models::aggregate {

/// The upcasts of all projection files of a team, put together: how events are brought to their newest schema version before they
/// are folded. None by default. A value; copies share.
class Upcasts final
{
public:
    /// A projection file as it is on disk.
    struct File {
        QString name; ///< for messages
        QByteArray text;
    };

    Upcasts();
    /// InvalidInput for a file that is none, Conflict where two bring events of one type on in different ways.
    [[nodiscard]] static connectors::Result<Upcasts> of(const std::vector<File> &files);

    [[nodiscard]] bool isEmpty() const { return m_file->upcasts.empty(); }
    /// Of the fold of events after these upcasts, see connectors::fold::ruleName().
    [[nodiscard]] QString ruleName() const;
    /// The content at the newest schema version; the same where there is nothing to do. Null: no step leads on from that version.
    [[nodiscard]] std::optional<std::string> newest(const QString &eventType, qint64 schemaVersion, std::string_view content) const;

private:
    std::shared_ptr<const projection::ProjectionFile> m_file; ///< of which only the upcasts matter
};

/// Reads the team's upcasts; blocks on files.
using UpcastSource = std::function<connectors::Result<Upcasts>()>;

} // namespace models::aggregate
