// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/kafka/event_fetch.h"

#include "connectors/kafka/answer_or_stop.h"
#include "connectors/kafka/cluster_metadata.h"
#include "connectors/kafka/record_decoder.h"
#include "connectors/kafka/topic_consumer.h"

#include <algorithm>
#include <chrono>

namespace connectors::kafka {

namespace {

/// Reading over so many positions is cheaper than another request.
constexpr qint64 LongestSkip = 200;
constexpr int FetchWaitMs = 100;
constexpr std::chrono::seconds LongestFetchSilence(15);
constexpr int FetchTimeoutMs = 10'000;

constexpr qint64 TimesOnly = -1; ///< instead of a preview

/// The wanted places of one partition.
struct Wanted {
    std::vector<qint64> positions; ///< rising, each once
    size_t next = 0;
    qint64 seen = -1; ///< the latest position since it was started; -1: none
};

class Fetch final
{
public:
    Fetch(const ClientPtr &client, const std::vector<EventAddress> &addresses, qint64 previewBytes, const ReadCaution &caution, const ReadCaution::Turn &turn)
        : m_consumer(client)
        , m_addresses(addresses)
        , m_previewBytes(previewBytes)
        , m_isCareful(caution.isOn())
        , m_turn(turn)
    {
        for (const EventAddress &address : addresses) {
            if (!caution.met(address.stream, address.partition, address.position, address.position + 1))
                m_open[{address.stream, address.partition}].positions.push_back(address.position);
        }
        for (auto &[id, wanted] : m_open) {
            std::sort(wanted.positions.begin(), wanted.positions.end());
            wanted.positions.erase(std::unique(wanted.positions.begin(), wanted.positions.end()), wanted.positions.end());
        }
    }

    Result<EventBatchPtr> run(const std::stop_token &stop)
    {
        if (Result<void> dropped = dropUnknown(stop); !dropped)
            return tl::unexpected(dropped.error());
        for (auto open = m_open.cbegin(); open != m_open.cend() && (!m_isCareful || open == m_open.cbegin()); ++open) {
            if (Result<void> started = startAt(*open); !started)
                return tl::unexpected(started.error());
        }
        auto lastMessage = std::chrono::steady_clock::now();
        while (!m_open.empty()) {
            if (stop.stop_requested())
                return failure(ErrorCode::Cancelled, QStringLiteral("The question was cancelled."));
            TopicConsumer::Messages messages = m_consumer.takeAvailable();
            if (messages.empty())
                messages = m_consumer.waitForOne(FetchWaitMs);
            const std::optional<PartitionId> stopped = m_isCareful && !messages.empty() ? std::optional(m_open.cbegin()->first) : std::nullopt;
            if (stopped)
                m_consumer.stop(*stopped);
            if (!messages.empty())
                lastMessage = std::chrono::steady_clock::now();
            else if (std::chrono::steady_clock::now() - lastMessage > LongestFetchSilence)
                return tl::unexpected(m_consumer.client()->explain(RD_KAFKA_RESP_ERR__TIMED_OUT, QStringLiteral("%1 events could not be read").arg(m_addresses.size())));
            for (const rd_kafka_message_t *message : messages) {
                if (Result<void> taken = take(*message); !taken)
                    return tl::unexpected(taken.error());
            }
            if (Result<void> goneOn = stopped ? goOn(*stopped) : skip(); !goneOn)
                return tl::unexpected(goneOn.error());
        }
        return inOrder();
    }

private:
    /// Of a topic that is gone nothing is stored any more; librdkafka would wait half a minute to say so.
    Result<void> dropUnknown(const std::stop_token &stop)
    {
        std::map<QString, TopicPlaces> topics;
        for (const auto &[id, wanted] : m_open) {
            if (topics.contains(id.stream))
                continue;
            const auto topic = answerOrStop<TopicPlaces>(stop, [client = m_consumer.client(), name = id.stream] { return readTopic(*client, name, FetchTimeoutMs); });
            if (!topic)
                return tl::unexpected(topic.error());
            topics.emplace(id.stream, *topic);
        }
        std::erase_if(m_open, [&topics](const auto &entry) {
            const std::vector<PartitionPlace> &places = topics.at(entry.first.stream).partitions;
            return std::none_of(places.cbegin(), places.cend(), [&entry](const PartitionPlace &place) { return place.id == entry.first; });
        });
        return {};
    }

    Result<void> take(const rd_kafka_message_t &message)
    {
        if (!message.rkt)
            return {};
        const PartitionId id{QString::fromUtf8(rd_kafka_topic_name(message.rkt)), message.partition};
        const auto open = m_open.find(id);
        if (open == m_open.end())
            return {};
        Wanted &wanted = open->second;
        switch (message.err) {
        case RD_KAFKA_RESP_ERR_NO_ERROR:
            break;
        case RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET:
            return skipLost(open);
        case RD_KAFKA_RESP_ERR__PARTITION_EOF: // what has not come by now is not there
        case RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC:
        case RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION:
            return finish(open);
        default:
            return tl::unexpected(m_consumer.client()->explain(message.err, QStringLiteral("%1/%2 cannot be read at position %3").arg(id.stream).arg(id.partition).arg(message.offset),
                                                               QString::fromUtf8(rd_kafka_message_errstr(&message))));
        }
        while (wanted.next < wanted.positions.size() && wanted.positions[wanted.next] < message.offset)
            ++wanted.next; // in a gap: compacted, aborted or no event
        if (wanted.next < wanted.positions.size() && wanted.positions[wanted.next] == message.offset) {
            keep(message, id.stream);
            ++wanted.next;
        }
        wanted.seen = message.offset;
        return wanted.next == wanted.positions.size() ? finish(open) : Result<void>();
    }

    /// After the stop, if it is not finished.
    Result<void> goOn(const PartitionId &stopped)
    {
        const bool isOpen = !m_open.empty() && m_open.cbegin()->first == stopped;
        return isOpen ? startAt(*m_open.cbegin()) : Result<void>();
    }

    /// Over what lies between, where that is cheaper than reading it.
    Result<void> skip()
    {
        for (auto &open : m_open) {
            Wanted &wanted = open.second;
            const bool isFar = wanted.seen >= 0 && wanted.positions[wanted.next] - wanted.seen > LongestSkip;
            if (!isFar)
                continue;
            wanted.seen = -1;
            if (Result<void> started = startAt(open); !started)
                return started;
        }
        return {};
    }

    void keep(const rd_kafka_message_t &message, const QString &stream)
    {
        if (m_previewBytes == TimesOnly) {
            m_builder.add(placeAndTimeOf(m_builder, message, stream));
        } else if (m_previewBytes == 0) {
            m_decoder.add(m_builder, message, stream, true);
        } else {
            EventBatchBuilder whole; // not in the batch itself, which would keep its room
            m_decoder.add(whole, message, stream, true);
            m_builder.addFrom(*whole.take(), 0, m_previewBytes);
        }
    }

    using Open = std::map<PartitionId, Wanted>;

    Result<void> startAt(const Open::value_type &open)
    {
        const auto &[id, wanted] = open;
        const qint64 position = wanted.positions[wanted.next];
        m_turn.announce({id.stream, id.partition, position});
        return m_consumer.start(id, position);
    }

    Result<void> finish(Open::iterator open)
    {
        m_consumer.stop(open->first);
        m_open.erase(open);
        return m_isCareful && !m_open.empty() ? startAt(*m_open.cbegin()) : Result<void>();
    }

    /// This place is outside of what is stored; the next may be inside.
    Result<void> skipLost(Open::iterator open)
    {
        Wanted &wanted = open->second;
        return ++wanted.next == wanted.positions.size() ? finish(open) : startAt(*open);
    }

    EventBatchPtr inOrder()
    {
        const EventBatchPtr read = m_builder.take();
        std::map<std::pair<PartitionId, qint64>, qsizetype> rows;
        for (qsizetype row = 0; row < read->count(); ++row)
            rows[{{read->streamOf(row), read->record(row).partition}, read->record(row).position}] = row;
        if (std::ssize(m_addresses) == 1)
            return read;
        EventBatchBuilder ordered;
        for (const EventAddress &address : m_addresses) {
            const auto found = rows.find({{address.stream, address.partition}, address.position});
            if (found != rows.end())
                ordered.addFrom(*read, found->second);
        }
        return ordered.take();
    }

    TopicConsumer m_consumer;
    const std::vector<EventAddress> &m_addresses;
    const qint64 m_previewBytes;
    const bool m_isCareful; ///< one place at a time
    const ReadCaution::Turn &m_turn;
    Open m_open;
    RecordDecoder m_decoder;
    EventBatchBuilder m_builder;
};

Result<EventBatchPtr> fetchAll(ReaderClients &clients, const std::vector<EventAddress> &addresses, qint64 previewBytes, const std::stop_token &stop)
{
    if (addresses.empty())
        return EventBatchBuilder().take();
    const ReadCaution &caution = clients.clients().caution();
    const EventAddress &first = addresses.front();
    const std::optional<QuarantinedBatch> batch = caution.met(first.stream, first.partition, first.position, first.position + 1);
    if (batch && addresses.size() == 1)
        return failure(ErrorCode::Unreadable, QStringLiteral("The batch at partition %1, position %2 of “%3” %4.").arg(batch->partition).arg(batch->from).arg(batch->stream.left(200), batch->why));
    const auto turn = caution.takeTurn(LongestFetchSilence, stop);
    if (!turn)
        return failure(ErrorCode::TimedOut, QStringLiteral("Something else is being read with care; the event waits for that."), QStringLiteral("Try again."), true);
    const ReaderProfile profile = caution.isOn() ? ReaderProfile::careful(Isolation::ReadUncommitted) : ReaderProfile::fetch();
    const Result<ClientPtr> client = clients.take(profile);
    if (!client)
        return tl::unexpected(client.error());
    const Result<EventBatchPtr> fetched = Fetch(*client, addresses, previewBytes, caution, *turn).run(stop);
    if (fetched)
        clients.giveBack(profile, *client);
    return fetched;
}

} // namespace

Result<EventBatchPtr> fetchEvents(ReaderClients &clients, const std::vector<EventAddress> &addresses, qint64 previewBytes, const std::stop_token &stop)
{
    return fetchAll(clients, addresses, std::max<qint64>(previewBytes, 0), stop);
}

Result<EventBatchPtr> fetchTimesOf(ReaderClients &clients, const std::vector<EventAddress> &addresses, const std::stop_token &stop)
{
    return fetchAll(clients, addresses, TimesOnly, stop);
}

} // namespace connectors::kafka
