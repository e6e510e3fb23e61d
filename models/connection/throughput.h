// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/consumer_catalog.h"
#include "connectors/stream_catalog.h"

#include <deque>
#include <map>
#include <set>
#include <tuple>

namespace models::connection {

/// Events per second that come in (ends of all streams that are not internal) and go out (checkpoints of all
/// consumers), over the polls of the last while. A poll that follows the one before too soon is passed over: between two
/// commits of a consumer nothing moves. The last rates stay until better ones are known. What went back, appeared or vanished between two polls does not count, nor does a
/// single step of a consumer that nobody runs: that was a reset. Who reads without being a member goes on stepping.
class Throughput final
{
public:
    struct Pace {
        connectors::EpochMs leastGap; ///< between two polls that tell a rate
        connectors::EpochMs window;   ///< a rate is the mean over the polls that lie in it, and at least over the last two
    };
    static constexpr Pace Broker{8'000, 35'000};
    static constexpr Pace LocalFile{800, 4'500};

    explicit Throughput(Pace pace = Broker)
        : m_pace(pace)
    {
    }

    void addStreams(const connectors::StreamList &streams, connectors::EpochMs time);
    void addConsumers(const connectors::ConsumerStates &states, connectors::EpochMs time);

    [[nodiscard]] std::optional<double> in() const { return m_in.all; } ///< null until two polls lie far enough apart
    [[nodiscard]] std::optional<double> out() const { return m_out.all; }
    /// In, of one stream.
    [[nodiscard]] std::optional<double> in(const QString &stream) const;
    [[nodiscard]] std::optional<double> out(const QString &consumer) const;
    [[nodiscard]] const Pace &pace() const { return m_pace; }

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

    struct Step {
        connectors::EpochMs from = 0;
        connectors::EpochMs to = 0;
        std::map<QString, double> events; ///< by name, of those that both polls told of
        std::set<QString> jumped;         ///< names whose step tells of no rate
    };
    struct Series {
        Positions last;
        connectors::EpochMs lastAt = 0;
        std::deque<Step> steps;
        std::optional<double> all;
        std::map<QString, double> byName;
    };

    /// Null: the poll is the first, or comes too soon.
    [[nodiscard]] std::optional<Step> advance(Series &series, Positions positions, connectors::EpochMs time) const;
    void addStep(Series &series, Step step) const;
    void leaveOutJumps(const connectors::ConsumerStates &states, Step &step);

    Pace m_pace;
    Series m_in;
    Series m_out;
    std::set<QString> m_movedWhileEmpty; ///< consumers, at the last poll
};

} // namespace models::connection
