// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/connector.h"
#include "models/projection/row_change.h"

#include <QRegularExpression>

namespace models::projection {

/// What is done with each event of a projection's streams; an error ends the read.
using UseEvent = std::function<connectors::Result<void>(const connectors::EventBatch &batch, qsizetype row)>;
using SourceObserver = std::function<void(const connectors::ReadReport &)>;

/// NotFound: no event is in any of the projection's streams.
[[nodiscard]] connectors::Error noEvents(const ProjectionFile &file);

/// The events of a projection's streams on one connection: an event store in its global order, topics a partition after another.
class ProjectionSource final
{
public:
    /// NotFound where no topic has such a name. Blocks. Connector and file must outlive this.
    [[nodiscard]] static connectors::Result<ProjectionSource> open(connectors::Connector &connector, const ProjectionFile &file, const std::stop_token &stop);

    [[nodiscard]] EnvelopeIn envelope() const { return m_envelope; }

    /// What there is to read now, up to the safe head: from where `known` stands, else from the first event stored. In the order in
    /// which it is to be read. Refused where a partition has lost events between the two, or is shorter than was read. Blocks.
    [[nodiscard]] connectors::Result<std::vector<connectors::SourcePosition>> positionsNow(const std::vector<connectors::SourcePosition> &known, const std::stop_token &stop) const;
    /// The events at [next, to) of one of them, whole; one of more than 256 MiB stays cut. Blocks; `observer` is called now and
    /// then, on the same thread.
    [[nodiscard]] connectors::Result<connectors::ReadReport> read(const connectors::SourcePosition &part, qint64 maxBytesPerSecond, const UseEvent &use, const std::stop_token &stop,
                                                                  const SourceObserver &observer = {});
    /// All that is there now, partitions side by side. NotFound where there is none.
    [[nodiscard]] connectors::Result<connectors::ReadReport> readAll(qint64 maxBytesPerSecond, const UseEvent &use, const std::stop_token &stop, const SourceObserver &observer = {});

private:
    ProjectionSource(connectors::Connector &connector, const ProjectionFile &file);
    [[nodiscard]] connectors::Result<connectors::ReadReport> read(connectors::ReadRequest request, const UseEvent &use, const std::stop_token &stop, const SourceObserver &observer);

    [[nodiscard]] bool isWanted(const QString &stream) const;

    connectors::Connector *m_connector;
    const ProjectionFile *m_file;
    QRegularExpression m_streams;
    QString m_prefix; ///< where the only pattern is a text and a * behind it: the text
    std::vector<QString> m_sources; ///< topics, or the stream that holds a store's events
    EnvelopeIn m_envelope = EnvelopeIn::Events;
};

} // namespace models::projection
