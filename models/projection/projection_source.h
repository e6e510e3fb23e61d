// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/connector.h"
#include "models/projection/row_change.h"

#include <QRegularExpression>

namespace models::projection {

/// What is done with each event of a projection's streams; an error ends the read.
using UseEvent = std::function<connectors::Result<void>(const connectors::EventBatch &batch, qsizetype row)>;
using SourceObserver = std::function<void(const connectors::ReadReport &)>;

/// The events of a projection's streams on one connection: an event store in its global order, topics as they are read.
class ProjectionSource final
{
public:
    /// NotFound where no topic has such a name. Blocks.
    [[nodiscard]] static connectors::Result<ProjectionSource> open(connectors::Connector &connector, const ProjectionFile &file, const std::stop_token &stop);

    [[nodiscard]] EnvelopeIn envelope() const { return m_envelope; }
    /// All that is there now, whole; one of more than 256 MiB stays cut. NotFound where there is none. Blocks; `observer` is called now and then, on the same thread.
    [[nodiscard]] connectors::Result<connectors::ReadReport> read(qint64 maxBytesPerSecond, const UseEvent &use, const std::stop_token &stop, const SourceObserver &observer = {});

private:
    ProjectionSource(connectors::EventReader &reader, const ProjectionFile &file);

    connectors::EventReader *m_reader;
    const ProjectionFile *m_file;
    QRegularExpression m_streams;
    std::vector<QString> m_topics; ///< empty: all are read, and those of the projection picked
    EnvelopeIn m_envelope = EnvelopeIn::Events;
};

} // namespace models::projection
