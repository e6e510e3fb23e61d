// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/connection/checkpoint_events.h"

#include <map>
#include <optional>
#include <tuple>

namespace models::connection {

/// When the events were written at which consumers stand, read one by one: for what has waited longer than this connection
/// has been watched, so that HeadTimes cannot tell. Each place is read once, or where no event was found, once a minute.
/// Lives on the GUI thread.
class CheckpointTimes final : public QObject
{
    Q_OBJECT

public:
    CheckpointTimes(std::shared_ptr<connectors::Connector> connector, QObject *parent = nullptr);

    /// Null: not read yet, or there is no event.
    [[nodiscard]] std::optional<connectors::EpochMs> timeOf(const QString &stream, int partition, qint64 position) const;
    /// Reads the first event in each of [from, to), where it is not known yet: some of them now, the rest when changed() has
    /// brought the caller here again. Nothing while a
    /// read is under way.
    void read(const std::vector<connectors::PartitionRead> &places);
    /// The positions mean other events now.
    void forget();

Q_SIGNALS:
    void changed();

private:
    using Place = std::tuple<QString, int, qint64>;
    struct Answer {
        std::optional<connectors::EpochMs> time;
        connectors::EpochMs receivedAt = 0;
    };
    [[nodiscard]] bool isKnown(const Place &place, connectors::EpochMs now) const;
    void take(const std::vector<CheckpointEvent> &events);

    const std::shared_ptr<connectors::Connector> m_connector;
    CheckpointEvents m_events;
    std::vector<Place> m_asked; ///< of the read under way
    connectors::EpochMs m_askedAt = 0;
    std::map<Place, Answer> m_answers;
};

} // namespace models::connection
