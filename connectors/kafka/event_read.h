// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/kafka/fetch_waker.h"
#include "connectors/kafka/match_delivery.h"
#include "connectors/kafka/read_pace.h"
#include "connectors/kafka/record_decoder.h"
#include "connectors/kafka/standstill_watch.h"

namespace connectors::kafka {

/// One read from its request to its report, on the thread that calls run(). Ranges are frozen when it begins and end by
/// position: with the last wanted record, a later one, or the library's word that the partition's end has been reached
/// (which counts control records and gaps); never because nothing came.
class EventRead final
{
public:
    EventRead(std::shared_ptr<ReaderClients> clients, ReadRequest request, EventChannelPtr channel);
    ~EventRead();

    void run();

private:
    using Clock = std::chrono::steady_clock;

    [[nodiscard]] Result<void> readAll();
    [[nodiscard]] Result<ReadPlan> plan(const ClientPtr &client);
    void tellWaiting(const Error &why);
    [[nodiscard]] Result<void> readWithCare(ReadPlan *plan);
    [[nodiscard]] Result<void> readPartWithCare(const ClientPtr &client, PlannedPart *part);
    [[nodiscard]] Result<void> readSegmentWithCare(const ClientPtr &client, PlannedPart *part, qint64 stop, qint64 mostBytes);
    [[nodiscard]] Result<void> readBatchWithCare(ReadPart &part);
    [[nodiscard]] TopicConsumer::Messages waitForBatch(const PartitionId &id);
    void leaveOut(const QuarantinedBatch &batch);
    void tellEnds();
    [[nodiscard]] Result<void> readParts(const ClientPtr &client, const ReadPlan &plan);
    [[nodiscard]] Result<void> takeMessages(TopicConsumer::Messages messages);
    [[nodiscard]] Result<void> take(const rd_kafka_message_t &message);
    void takeRecord(ReadPart &part, const rd_kafka_message_t &message);
    [[nodiscard]] Result<void> takeReport(ReadPart *part, const rd_kafka_message_t &message);
    [[nodiscard]] Result<void> goOnAfterRetention(ReadPart &part);
    [[nodiscard]] Result<void> reached(ReadPart &part, qint64 position);
    [[nodiscard]] Result<void> deliver();
    [[nodiscard]] Result<void> lookAround(const ReadPlan &plan);
    [[nodiscard]] Result<void> takeUpParts(const ReadPlan &plan);
    void startWatch(const ReadPlan &plan);
    [[nodiscard]] bool isBatchFull() const;
    [[nodiscard]] bool isOver() const;
    void reportProgress();

    const std::shared_ptr<ReaderClients> m_clients;
    const ReadRequest m_request;
    const EventChannelPtr m_channel;
    bool m_isFollowing; ///< not while the first part of a tail is read with care
    const bool m_isEnvelopeNeeded;
    const ReaderProfile m_profile;
    std::unique_ptr<MatchDelivery> m_delivery;
    const RecordSearch *m_search = nullptr;
    ReadPace m_pace;
    RecordDecoder m_decoder;
    EventBatchBuilder m_builder;
    ReadReport m_report;
    QStringList m_notes;
    // while parts are being read
    ClientPtr m_client;
    std::unique_ptr<TopicConsumer> m_consumer;
    std::unique_ptr<ReadParts> m_parts;
    std::unique_ptr<StandstillWatch> m_watch;
    const PlannedPart *m_careful = nullptr;  ///< the only part, read up to a nearer end
    std::vector<PartitionRead> m_otherParts; ///< not being read now, for the report
    Clock::time_point m_lastRecord;
    Clock::time_point m_lastProgress;
    bool m_isReaderGone = false;
};

} // namespace connectors::kafka
