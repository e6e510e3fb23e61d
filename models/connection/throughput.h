// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/consumer_catalog.h"
#include "connectors/stream_catalog.h"

#include <map>
#include <set>
#include <tuple>

namespace models::connection {

/// Events per second that come in (ends of all streams that are not internal) and go out (checkpoints of all
/// consumers), from one poll to the next. What went back, appeared or vanished between two polls does not count, nor does a
/// single step of a consumer that nobody runs: that was a reset. Who reads without being a member goes on stepping.
class Throughput final
{
public:
    void addStreams(const connectors::StreamList &streams, connectors::EpochMs time);
    void addConsumers(const connectors::ConsumerStates &states, connectors::EpochMs time);

    [[nodiscard]] std::optional<double> in() const { return m_in; }   ///< null until two polls agree
    [[nodiscard]] std::optional<double> out() const { return m_out; }
    /// In, of one stream.
    [[nodiscard]] std::optional<double> in(const QString &stream) const;
    [[nodiscard]] std::optional<double> out(const QString &consumer) const;

private:
    struct Key {
        QString name;
        QString stream;
        int partition = 0;
        bool operator<(const Key &other) const
        {
            return std::tie(name, stream, partition) < std::tie(other.name, other.stream, other.partition);
        }
    };
    using Positions = std::map<Key, qint64>;

    static std::optional<double> advance(const Positions &before, const Positions &after, connectors::EpochMs elapsed,
                                         std::map<QString, double> &byName);

    void leaveOutJumps(const connectors::ConsumerStates &states);

    Positions m_ends;
    Positions m_checkpoints;
    connectors::EpochMs m_endsAt = 0;
    connectors::EpochMs m_checkpointsAt = 0;
    std::optional<double> m_in;
    std::optional<double> m_out;
    std::map<QString, double> m_inByStream;
    std::map<QString, double> m_outByConsumer;
    std::set<QString> m_movedWhileEmpty; ///< consumers, at the last poll
};

} // namespace models::connection
