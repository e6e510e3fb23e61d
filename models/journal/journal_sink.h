// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/result.h"

#include <QByteArray>
#include <QString>

namespace models::journal {

/// A second copy of the journal where its owner cannot rewrite it unseen, e.g. a file on a share that others keep: one JSON
/// object a line, each flushed to the disk before the entry itself is committed. A line whose `id` comes again belongs to an
/// entry that was not committed; the last one counts. Several programs may share one: each line is written under the file's lock.
class JournalSink final
{
public:
    /// An absolute path, from STREAMGAUGE_JOURNAL_SINK; empty: there is no sink.
    [[nodiscard]] static QString configuredPath();

    explicit JournalSink(QString path) : m_path(std::move(path)) { }

    /// StorageFailed where the line is not whole on the disk; nothing of it is left then. Nothing to do without a path.
    [[nodiscard]] connectors::Result<void> write(const QByteArray &line) const;

private:
    const QString m_path;
};

} // namespace models::journal
