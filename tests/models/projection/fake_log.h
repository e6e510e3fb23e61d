// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/connector.h"
#include "connectors/envelope/envelope_decoder.h"
#include "tests/support/answered.h"

#include <algorithm>
#include <functional>
#include <limits>
#include <map>

namespace tests {

/// Topics of several partitions in memory, or an event store with one global order, with native events. A read is answered at
/// once, in small batches; retention, failures and what happens meanwhile are the test's.
class FakeLog final : public connectors::Connector, public connectors::StreamCatalog, public connectors::EventReader
{
public:
    enum class Kind { Topics, Store };
    explicit FakeLog(Kind kind = Kind::Topics)
        : m_kind(kind)
    {
    }

    void addTopic(const QString &topic, int partitions)
    {
        for (int partition = 0; partition < partitions; ++partition)
            m_parts[{topic, partition}];
    }
    void removeTopic(const QString &topic)
    {
        std::erase_if(m_parts, [&topic](const auto &part) { return part.first.first == topic; });
    }
    /// A store keeps it in the order of the calls, whatever its stream.
    void add(const QString &stream, int partition, const QByteArray &type, const QByteArray &aggregate, const QByteArray &data)
    {
        const QByteArray id = QByteArray::number(++m_events);
        const QByteArray body = R"({"eventId":"e-)" + id + R"(","eventType":")" + type + R"(","aggregateId":")" + aggregate
            + R"(","timestamp":"2026-03-01T12:00:00Z","version":1,"correlationId":"c","causationId":null,"data":)" + data + '}';
        part(stream, partition).events.push_back({stream, body});
    }
    /// As retention does.
    void removeBefore(const QString &stream, int partition, qint64 position) { part(stream, partition).start = position; }
    /// The next read that gets so far ends with this error; what is before it is delivered.
    void failAfter(qint64 events, connectors::Error error)
    {
        m_eventsBeforeFailure = events;
        m_failure = std::move(error);
    }
    /// The next read of this partition finds these gone that were still there when it began.
    void loseWhileReading(const QString &stream, int partition, qint64 from, qint64 to) { part(stream, partition).lost = {from, to}; }

    std::function<void()> afterRead; ///< called when a read has been answered

    QFuture<connectors::Result<connectors::SystemIdentity>> identify(std::stop_token) override
    {
        connectors::SystemIdentity identity;
        identity.systemId = QStringLiteral("log");
        return answered<connectors::SystemIdentity>(identity);
    }
    [[nodiscard]] connectors::Traffic traffic() const override { return {}; }
    connectors::StreamCatalog *streamCatalog() override { return this; }
    connectors::EventReader *eventReader() override { return this; }
    [[nodiscard]] QString whyNot(connectors::Ability) const override { return QStringLiteral("A log has streams only."); }

    QFuture<connectors::Result<connectors::StreamList>> listStreams(connectors::StreamListRequest request, std::stop_token) override
    {
        connectors::StreamList list;
        for (const auto &[id, part] : m_parts) {
            const bool isWanted = request.streams.empty() || std::find(request.streams.cbegin(), request.streams.cend(), id.first) != request.streams.cend();
            if (!isWanted)
                continue;
            if (list.streams.empty() || list.streams.back().stream != id.first) {
                connectors::StreamInfo info;
                info.stream = id.first;
                info.kind = m_kind == Kind::Store ? QStringLiteral("eventStream") : QStringLiteral("topic");
                info.isInternal = m_kind == Kind::Store;
                list.streams.push_back(std::move(info));
            }
            connectors::PartitionExtent extent;
            extent.partition = id.second;
            extent.start = part.start;
            extent.safeHead = extent.end = std::ssize(part.events);
            list.streams.back().partitions.push_back(extent);
        }
        return answered<connectors::StreamList>(std::move(list));
    }
    QFuture<connectors::Result<std::vector<connectors::TimePosition>>> positionsAt(QString, connectors::EpochMs, std::stop_token) override
    {
        return answered<std::vector<connectors::TimePosition>>(std::vector<connectors::TimePosition>());
    }

    connectors::EventChannelPtr read(connectors::ReadRequest request) override
    {
        constexpr qsizetype MostBatches = 1'000'000;
        auto channel = std::make_shared<connectors::EventChannel>(MostBatches, connectors::EventChannel::WhenFull::Wait, std::numeric_limits<qint64>::max());
        std::vector<connectors::PartitionRead> ranges = request.ranges;
        for (const auto &[id, part] : m_parts) {
            if (request.ranges.empty() && std::find(request.streams.cbegin(), request.streams.cend(), id.first) != request.streams.cend())
                ranges.push_back({id.first, id.second, part.start, std::ssize(part.events), 0, 0});
        }
        connectors::ReadReport report;
        bool isWhole = true;
        for (connectors::PartitionRead &range : ranges)
            isWhole = isWhole && readPart(range, *channel, report);
        report.partitions = ranges;
        if (isWhole)
            channel->finish(report);
        else
            channel->finish(tl::unexpected(m_failure));
        if (afterRead)
            afterRead();
        return channel;
    }
    QFuture<connectors::Result<connectors::EventBatchPtr>> fetch(std::vector<connectors::EventAddress>, qint64, std::stop_token) override
    {
        return answered<connectors::EventBatchPtr>(connectors::failure(connectors::ErrorCode::Unsupported, QStringLiteral("Nobody asks for single events here.")));
    }
    QFuture<connectors::Result<connectors::EventPage>> fetchPage(connectors::PageRequest, std::stop_token) override
    {
        return answered<connectors::EventPage>(connectors::failure(connectors::ErrorCode::Unsupported, QStringLiteral("Nobody asks for pages here.")));
    }

private:
    static constexpr qint64 EventsOfABatch = 3;
    struct Stored {
        QString stream;
        QByteArray body;
    };
    struct Part {
        std::vector<Stored> events;
        qint64 start = 0;
        std::pair<qint64, qint64> lost;
    };

    Part &part(const QString &stream, int partition) { return m_kind == Kind::Store ? m_parts[{QStringLiteral("$all"), 0}] : m_parts[{stream, partition}]; }

    /// False: it fails here. What retention has taken is skipped and said, as a Kafka reader does.
    bool readPart(connectors::PartitionRead &range, connectors::EventChannel &channel, connectors::ReadReport &report)
    {
        Part &part = m_parts[{range.stream, range.partition}];
        if (range.from < part.start && range.from < range.to)
            report.note = QStringLiteral("%1/%2: positions %3 to %4 are no longer stored.").arg(range.stream).arg(range.partition).arg(range.from).arg(part.start - 1);
        range.from = std::min(std::max(range.from, part.start), range.to);
        connectors::EventBatchBuilder builder;
        for (range.next = range.from; range.next < range.to; ++range.next) {
            if (range.next == part.lost.first && part.lost.second > range.next) {
                report.note = QStringLiteral("%1/%2: positions %3 to %4 were removed by retention before they were read.").arg(range.stream).arg(range.partition).arg(range.next).arg(part.lost.second - 1);
                part.start = part.lost.second;
                range.next = part.start - 1;
                continue;
            }
            if (m_eventsBeforeFailure-- == 0) {
                push(builder, channel);
                return false;
            }
            addTo(builder, part.events[static_cast<size_t>(range.next)], range);
            if (builder.count() == EventsOfABatch)
                push(builder, channel);
        }
        push(builder, channel);
        return true;
    }

    static void push(connectors::EventBatchBuilder &builder, connectors::EventChannel &channel)
    {
        if (builder.count() > 0)
            std::ignore = channel.push(builder.take());
    }

    void addTo(connectors::EventBatchBuilder &builder, const Stored &event, const connectors::PartitionRead &range)
    {
        connectors::EventRecord record;
        record.stream = builder.internStream(event.stream);
        record.partition = range.partition;
        record.position = range.next;
        record.payload = builder.addBytes({event.body.constData(), static_cast<size_t>(event.body.size())});
        record.size = event.body.size();
        m_decoder.decode(builder, record);
        builder.add(record);
    }

    const Kind m_kind;
    std::map<std::pair<QString, int>, Part> m_parts;
    connectors::envelope::EnvelopeDecoder m_decoder;
    qint64 m_events = 0;
    qint64 m_eventsBeforeFailure = -1;
    connectors::Error m_failure;
};

} // namespace tests
