// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/connection_factory.h"

#include <memory>

namespace models::journal {

/// A second copy of the journal where its owner cannot rewrite it unseen: a file on a share that others keep, or a topic of a
/// Kafka cluster. One JSON object a line, each stored for good before the entry itself is committed. A line whose `id` comes
/// again belongs to an entry that was not committed; the last one counts. Several programs may share one: in a file each line
/// is written under the file's lock.
class JournalSink final
{
public:
    /// An absolute path or an address as `kafka://host:port/TOPIC`, from STREAMGAUGE_JOURNAL_SINK; empty: there is no sink.
    [[nodiscard]] static QString configuredPlace();

    /// The factory leads to a place that is no file, and outlives the sink; without one such a place cannot be written.
    explicit JournalSink(QString place, connectors::ConnectionFactory *factory = nullptr) : m_place(std::move(place)), m_factory(factory) { }

    /// StorageFailed where the line is not known to be stored; nothing of it is left in a file then. Nothing to do without a
    /// place. Blocks, with a topic for up to half a minute.
    [[nodiscard]] connectors::Result<void> write(const QByteArray &line);

private:
    [[nodiscard]] connectors::Result<void> writeFile(const QByteArray &line) const;

    const QString m_place;
    connectors::ConnectionFactory *const m_factory;
    std::unique_ptr<connectors::LineLog> m_log; ///< made by the first line
};

} // namespace models::journal
