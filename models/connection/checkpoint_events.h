// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/connector.h"

#include <QObject>

#include <memory>

namespace models::connection {

/// The event that a consumer will read next in one partition.
struct CheckpointEvent {
    QString stream; ///< as it was asked for: `order-*`, where the event itself is in `order-17`
    connectors::EventAddress address;
    connectors::EpochMs time = connectors::NoNumber;
    QString eventType;
    QString aggregateId;
    QString key;
    qint64 size = -1;
};

/// Reads the first event at or after each of some checkpoints (or the last before the end of each range): one small read a
/// stream. A new read drops the answers of the one before. Lives on the GUI thread.
class CheckpointEvents final : public QObject
{
    Q_OBJECT

public:
    enum class Which { First, Last };
    using QObject::QObject;
    ~CheckpointEvents() override;

    /// `places` are partitions with their checkpoint and end. Where positions have wide gaps, an event may not be found.
    void read(const std::shared_ptr<connectors::Connector> &connector, const std::vector<connectors::PartitionRead> &places,
              Which which = Which::First);
    void cancel();

Q_SIGNALS:
    void eventsReceived(const std::vector<models::connection::CheckpointEvent> &events);
    void readFailed(const connectors::Error &error); ///< of one stream at least, after what came of the others

private:
    struct Read {
        QString stream;
        connectors::EventChannelPtr channel;
    };
    void start(const std::shared_ptr<connectors::Connector> &connector, const QString &stream, std::vector<connectors::PartitionRead> places);
    void take(quint64 generation);
    void takeFrom(const Read &read);
    void finish();

    std::vector<Read> m_reads;
    std::vector<CheckpointEvent> m_events;
    Which m_which = Which::First;
    quint64 m_generation = 0;
};

} // namespace models::connection
