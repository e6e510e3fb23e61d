// SPDX-License-Identifier: GPL-3.0-or-later
#include "reading.h"

using namespace connectors;
using namespace tests;

/// Ranges, positions, times, bodies and reports, on a real Kafka.
class TestEventReading : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        REQUIRE_KAFKA();
        m_connector = kafka::openKafka(kafkaSpec(kafkaBootstrap()), {}).value();
        m_producer = std::make_unique<KafkaProducer>(kafkaBootstrap());
    }

    void cleanupTestCase()
    {
        m_connector.reset();
        m_producer.reset();
    }

    void aWholeTopicIsReadToItsEndAndTold()
    {
        const QString topic = makeTopic(2);
        m_producer->write(topic, numbered(5, 0));
        m_producer->write(topic, numbered(3, 1));
        const Reading reading = readAll(*m_connector, requestFor(topic));
        QVERIFY2(reading.report, qPrintable(reading.error()));
        QStringList places = reading.places();
        places.sort();
        QCOMPARE(places.join(u' '), QStringLiteral("0@0 0@1 0@2 0@3 0@4 1@0 1@1 1@2"));
        QCOMPARE(reading.report->stopReason, StopReason::ReachedEnd);
        QCOMPARE(reading.report->scanned, 8);
        QCOMPARE(reading.report->matched, 8);
        QCOMPARE(reading.report->undecodable, 0);
        QVERIFY(reading.report->bytes > 0);
        const std::vector<PartitionRead> expected{{topic, 0, 0, 5, 5, 5}, {topic, 1, 0, 3, 3, 3}};
        QVERIFY(reading.report->partitions == expected);
        const EventBatch &batch = *reading.batches.front();
        QCOMPARE(batch.bytes(batch.record(0).eventType), QByteArray("Counted"));
        QVERIFY(batch.record(0).time > 0);
    }

    void anEmptyTopicEndsAtOnce()
    {
        const Reading reading = readAll(*m_connector, requestFor(makeTopic(3)));
        QVERIFY2(reading.report, qPrintable(reading.error()));
        QCOMPARE(reading.report->stopReason, StopReason::ReachedEnd);
        QCOMPARE(reading.report->partitions.size(), size_t(3));
    }

    void aRangeIsHalfOpen()
    {
        const QString topic = makeTopic(1, 10);
        ReadRequest request = requestFor(topic);
        request.from = AtPosition{3};
        request.to = AtPosition{6};
        QCOMPARE(readAll(*m_connector, request).places().join(u' '), QStringLiteral("0@3 0@4 0@5"));
    }

    void exactRangesAreReadTwoOfOnePartitionToo()
    {
        const QString topic = makeTopic(1, 10);
        ReadRequest request;
        request.ranges = {{topic, 0, 7, 9, 0, 0}, {topic, 0, 1, 3, 0, 0}, {topic, 0, 4, 4, 0, 0}};
        const Reading reading = readAll(*m_connector, request);
        QCOMPARE(reading.places().join(u' '), QStringLiteral("0@7 0@8 0@1 0@2"));
        QCOMPARE(reading.report->partitions.size(), size_t(3));
        QCOMPARE(reading.report->partitions[1].next, 3);
    }

    void theNewestAreFoundBehindRecordsThatAreNoEvents()
    {
        const QString topic = makeTopic(1, 4);
        KafkaProducer transactional(kafkaBootstrap(), uniqueName(QStringLiteral("tx")));
        for (const bool isCommitted : {true, false, false}) {
            transactional.begin();
            transactional.write(topic, numbered(20));
            transactional.end(isCommitted);
        }
        ReadRequest request = requestFor(topic);
        request.from = Newest{3};
        QCOMPARE(readAll(*m_connector, request).places().join(u' '), QStringLiteral("0@21 0@22 0@23"));
        request.from = Newest{1000};
        QCOMPARE(readAll(*m_connector, request).places().size(), 24);
    }

    void aTransactionsEndIsTheEndOfTheRead()
    {
        const QString topic = makeTopic(1);
        KafkaProducer transactional(kafkaBootstrap(), uniqueName(QStringLiteral("tx")));
        transactional.begin();
        transactional.write(topic, numbered(3));
        transactional.end(true);
        const Reading reading = readAll(*m_connector, requestFor(topic));
        QVERIFY2(reading.report, qPrintable(reading.error()));
        QCOMPARE(reading.report->scanned, 3);
        const std::vector<PartitionRead> expected{{topic, 0, 0, 4, 4, 3}};
        QVERIFY(reading.report->partitions == expected);
    }

    void whatWaitsBehindAnOpenTransactionIsTold()
    {
        const QString topic = makeTopic(1, 2);
        KafkaProducer transactional(kafkaBootstrap(), uniqueName(QStringLiteral("tx")));
        transactional.begin();
        transactional.write(topic, numbered(5));
        m_producer->write(topic, numbered(7));
        ReadRequest request = requestFor(topic);
        const Reading committed = readAll(*m_connector, request);
        QCOMPARE(committed.places().size(), 2);
        QVERIFY2(committed.report->note.contains(QStringLiteral("12 records wait behind an open transaction.")), qPrintable(committed.report->note));
        request.isolation = Isolation::ReadUncommitted;
        const Reading uncommitted = readAll(*m_connector, request);
        QCOMPARE(uncommitted.places().size(), 14);
        QVERIFY(uncommitted.report->note.isEmpty());
        transactional.end(false);
        request.isolation = Isolation::ReadCommitted;
        QCOMPARE(readAll(*m_connector, request).places().size(), 9);
    }

    void theLimitEndsTheReadAndNextTellsWhereToGoOn()
    {
        const QString topic = makeTopic(1, 100);
        ReadRequest request = requestFor(topic);
        request.limit = 7;
        const Reading reading = readAll(*m_connector, request);
        QCOMPARE(reading.places().size(), 7);
        QCOMPARE(reading.report->stopReason, StopReason::ReachedLimit);
        QCOMPARE(reading.report->partitions.front().next, 7);
        request.where = QStringLiteral("field('/data/n') >= 50");
        const Reading filtered = readAll(*m_connector, request);
        QVERIFY2(filtered.report, qPrintable(filtered.error()));
        QCOMPARE(filtered.places().last(), QStringLiteral("0@56"));
        QCOMPARE(filtered.report->partitions.front().next, 57);
    }

    void aSearchFindsEscapedAndPlainIdsAndCountsWhatItCannotRead()
    {
        const QString topic = makeTopic(1);
        std::vector<TestRecord> records = numbered(4);
        records.push_back({0, {}, R"({"eventId":"x","eventType":"T","correlationId":"c\u0031"})", {}, 0});
        records.push_back({0, {}, QByteArray("\x00\x01" "c1 is in here", 14), {}, 0});
        records.push_back({0, {}, R"({"note":"c1"})", {}, 0});
        records.push_back({0, {}, "{\"truncated", {}, 0});
        m_producer->write(topic, records);
        ReadRequest request = requestFor(topic);
        request.search = ExactSearch{SearchField::CorrelationId, {"c1"}};
        const Reading reading = readAll(*m_connector, request);
        QCOMPARE(reading.places().join(u' '), QStringLiteral("0@2 0@3 0@4"));
        QCOMPARE(reading.report->scanned, 8);
        QCOMPARE(reading.report->matched, 3);
        QCOMPARE(reading.report->undecodable, 2);
        request.search->field = SearchField::Anywhere;
        QCOMPARE(readAll(*m_connector, request).places().join(u' '), QStringLiteral("0@2 0@3 0@4 0@5 0@6"));
        request.search = ExactSearch{SearchField::Key, {"key-1", "key-3"}};
        QCOMPARE(readAll(*m_connector, request).places().join(u' '), QStringLiteral("0@1 0@3"));
    }

    void conditionsAreEvaluatedAndWhatTheyCannotJudgeIsCounted()
    {
        const QString topic = makeTopic(1, 6);
        m_producer->write(topic, {{0, {}, "not JSON", {}, 0}});
        ReadRequest request = requestFor(topic);
        request.where = QStringLiteral("field('/data/n') > 3");
        const Reading reading = readAll(*m_connector, request);
        QVERIFY2(reading.report, qPrintable(reading.error()));
        QCOMPARE(reading.places().join(u' '), QStringLiteral("0@4 0@5"));
        QCOMPARE(reading.report->notFilterable, 1);
        QVERIFY(reading.report->firstNotFilterable.startsWith(topic + QStringLiteral("/0@6")));
        request.where = QStringLiteral("n >");
        QCOMPARE(readAll(*m_connector, request).report.error().code, ErrorCode::InvalidInput);
    }

    void anIdThatAConditionAsksForIsFoundHoweverItIsWritten()
    {
        const QString topic = makeTopic(1, 4);
        m_producer->write(topic, {{0, {}, R"({"eventId":"e\u0033","eventType":"Counted","data":{"n":9}})", {}, 0},
                                  {0, {}, "{\"truncated", {}, 0},
                                  {0, {}, R"({"n":1})", {{"ce_id", "e3"}, {"ce_type", "Counted"}, {"ce_source", "/x"}, {"ce_specversion", "1.0"}}, 0}});
        ReadRequest request = requestFor(topic);
        request.where = QStringLiteral("eventType = 'Counted' AND eventId = 'e3'");
        const Reading reading = readAll(*m_connector, request);
        QVERIFY2(reading.report, qPrintable(reading.error()));
        QCOMPARE(reading.places().join(u' '), QStringLiteral("0@3 0@4 0@6"));
        QCOMPARE(reading.report->scanned, 7);
        QCOMPARE(reading.report->matched, 3);
        QCOMPARE(reading.report->undecodable, 1);
        request.where = QStringLiteral("key IN ('key-1', 'key-2')");
        QCOMPARE(readAll(*m_connector, request).places().join(u' '), QStringLiteral("0@1 0@2"));
        request.where = QStringLiteral("key = 'key-1' OR eventId = 'e2'");
        QCOMPARE(readAll(*m_connector, request).places().join(u' '), QStringLiteral("0@1 0@2"));
    }

    void whatAConditionRulesOutByTimeIsNotRead()
    {
        const QString topic = makeTopic(2);
        writeAtHours(topic, {0, 5, 1, 6, 2}); // not in order
        m_producer->write(topic, {{1, {}, "{}", {}, atHour(0)}});
        ReadRequest request = requestFor(topic);
        request.where = QStringLiteral("time >= '%1'").arg(hour(5));
        const Reading reading = readAll(*m_connector, request);
        QVERIFY2(reading.report, qPrintable(reading.error()));
        QCOMPARE(reading.places().join(u' '), QStringLiteral("0@1 0@3"));
        QCOMPARE(reading.report->scanned, 4);
        const std::vector<PartitionRead> expected{{topic, 0, 0, 5, 5, 4}, {topic, 1, 0, 1, 1, 0}};
        QVERIFY(reading.report->partitions == expected);
        QCOMPARE(reading.report->stopReason, StopReason::ReachedEnd);
        request.ranges = {{topic, 0, 0, 2, 0, 0}, {topic, 0, 3, 5, 0, 0}};
        QCOMPARE(readAll(*m_connector, request).places().join(u' '), QStringLiteral("0@1 0@3"));
        request.ranges.clear();
        request.isFollowing = true;
        Tail tail(*m_connector, request);
        QTRY_COMPARE_WITH_TIMEOUT(tail.places().join(u' '), QStringLiteral("0@1 0@3"), 10'000);
        m_producer->write(topic, {{1, {}, "{}", {}, atHour(1)}, {1, {}, "{}", {}, atHour(7)}});
        QTRY_COMPARE_WITH_TIMEOUT(tail.places().join(u' '), QStringLiteral("0@1 0@3 1@2"), 10'000);
    }

    void whatIsTooLateForAConditionIsNotReadWhereTheBrokersGiveTheTime()
    {
        const QString topic = makeTopic(1);
        writeAtHours(topic, {0, 1, 2});
        ReadRequest request = requestFor(topic);
        request.where = QStringLiteral("time BETWEEN '%1' AND '%2'").arg(hour(1), hour(5));
        useBrokersTimes(topic);
        m_producer->write(topic, numbered(20));
        const Reading reading = readAll(*m_connector, request);
        QVERIFY2(reading.report, qPrintable(reading.error()));
        QCOMPARE(reading.places().join(u' '), QStringLiteral("0@1 0@2"));
        QCOMPARE(reading.report->scanned, 2);
        const std::vector<PartitionRead> expected{{topic, 0, 0, 23, 23, 2}};
        QVERIFY(reading.report->partitions == expected);
        QCOMPARE(reading.report->stopReason, StopReason::ReachedEnd);
        request.ranges = {{topic, 0, 0, 2, 0, 0}, {topic, 0, 2, 23, 0, 0}};
        QCOMPARE(readAll(*m_connector, request).places().join(u' '), QStringLiteral("0@1 0@2"));
        request.ranges = {{topic, 0, 5, 23, 0, 0}};
        QCOMPARE(readAll(*m_connector, request).report->scanned, 0);
    }

    void whatIsTooLateIsNotReadInManyPartitionsEither()
    {
        constexpr int Partitions = 100;
        const QString topic = makeTopic(Partitions);
        std::vector<TestRecord> early;
        std::vector<TestRecord> late;
        for (int partition = 0; partition < Partitions; ++partition) {
            early.push_back({partition, {}, "{}", {}, atHour(0)});
            late.push_back({partition, {}, "{}", {}, 0});
        }
        m_producer->write(topic, early);
        useBrokersTimes(topic);
        m_producer->write(topic, late);
        ReadRequest request = requestFor(topic);
        request.where = QStringLiteral("time < '%1'").arg(hour(5));
        const Reading reading = readAll(*m_connector, request);
        QVERIFY2(reading.report, qPrintable(reading.error()));
        QCOMPARE(reading.report->matched, Partitions);
        QCOMPARE(reading.report->scanned, Partitions);
    }

    void nothingIsTooLateForAConditionWhereTimesAreInNoOrder()
    {
        const QString created = makeTopic(1);
        writeAtHours(created, {0, 9, 1, 2});
        ReadRequest request = requestFor(created);
        request.where = QStringLiteral("time < '%1'").arg(hour(5));
        const Reading reading = readAll(*m_connector, request);
        QCOMPARE(reading.places().join(u' '), QStringLiteral("0@0 0@2 0@3"));
        QCOMPARE(reading.report->scanned, 4);

        useBrokersTimes(created);
        m_producer->write(created, numbered(20));
        const Reading switched = readAll(*m_connector, request);
        QCOMPARE(switched.places().join(u' '), QStringLiteral("0@0 0@2 0@3"));
        QCOMPARE(switched.report->scanned, 24);
    }

    void bodiesKeysAndHeadersAreKeptAsTheyAre()
    {
        const QString topic = makeTopic(1);
        const std::vector<std::pair<QByteArray, std::optional<QByteArray>>> headers{{"a", "1"}, {"b", std::nullopt}, {"a", ""}, {"a", "2"}};
        m_producer->write(topic, {{0, QByteArray(""), QByteArray(""), {}, 0}, {0, std::nullopt, std::nullopt, headers, 0}});
        const Reading reading = readAll(*m_connector, requestFor(topic));
        QCOMPARE(reading.places().size(), 2);
        const EventBatch &batch = *reading.batches.front();
        QCOMPARE(batch.record(0).format, BodyFormat::Empty);
        QCOMPARE(batch.record(0).size, 0);
        QVERIFY(!batch.record(0).key.isNull());
        QCOMPARE(batch.record(1).format, BodyFormat::Null);
        QCOMPARE(batch.record(1).size, -1);
        QVERIFY(batch.record(1).key.isNull());
        QStringList found;
        for (const Header &header : batch.headers(1))
            found += QString::fromUtf8(header.name.data(), qsizetype(header.name.size())) + u'=' + (header.isNull ? QStringLiteral("null") : QString::fromUtf8(header.value.data(), qsizetype(header.value.size())));
        QCOMPARE(found.join(u' '), QStringLiteral("a=1 b=null a= a=2"));
        QCOMPARE(reading.report->undecodable, 0);
    }

    void aBodyOfThirtyMegabytesComesWhole()
    {
        const QString topic = makeTopic(1, 1, {{QStringLiteral("max.message.bytes"), QStringLiteral("41943040")}});
        const QByteArray body = "{\"data\":\"" + QByteArray(30 * 1024 * 1024, 'x') + "\"}";
        m_producer->write(topic, {{0, {}, body, {}, 0}});
        const Reading reading = readAll(*m_connector, requestFor(topic));
        QCOMPARE(reading.places().size(), 2);
        const EventBatch &last = *reading.batches.back();
        QVERIFY(last.bytes(last.record(last.count() - 1).payload) == body);
        const auto fetched = answerOf(m_connector->eventReader()->fetch({{topic, 0, 1}}, 0, {}));
        QVERIFY2(fetched, qPrintable(fetched ? QString() : fetched.error().message));
        QCOMPARE((*fetched)->record(0).size, body.size());
    }

    void positionsBeyondEitherEndAreRefusedWithTheRealRange()
    {
        const QString topic = makeTopic(1, 10);
        m_producer->deleteRecordsBefore(topic, 0, 4);
        for (const qint64 position : {2, 11}) {
            ReadRequest request = requestFor(topic);
            request.from = AtPosition{position};
            const Reading reading = readAll(*m_connector, request);
            QVERIFY(!reading.report);
            QCOMPARE(reading.report.error().code, ErrorCode::Refused);
            QVERIFY2(reading.error().contains(QStringLiteral("%1 cannot be read: %2/0 holds positions 4 to 9 (end 10)").arg(position).arg(topic)), qPrintable(reading.error()));
        }
        ReadRequest atTheEnd = requestFor(topic);
        atTheEnd.from = AtPosition{10};
        QVERIFY(readAll(*m_connector, atTheEnd).report);
        ReadRequest expired;
        expired.ranges = {{topic, 0, 1, 6, 0, 0}};
        const Reading rest = readAll(*m_connector, expired);
        QCOMPARE(rest.places().join(u' '), QStringLiteral("0@4 0@5"));
        QVERIFY2(rest.report->note.contains(QStringLiteral("positions 1 to 3 are no longer stored")), qPrintable(rest.report->note));
    }

    void timesFindTheirPositionsAndATimeWithoutAMatchIsTold()
    {
        const QString topic = makeTopic(1);
        constexpr qint64 Hour = 3'600'000;
        const qint64 begin = QDateTime::currentMSecsSinceEpoch() - 10 * Hour;
        std::vector<TestRecord> records = numbered(5);
        for (size_t i = 0; i < records.size(); ++i)
            records[i].timestamp = begin + static_cast<qint64>(i) * Hour;
        m_producer->write(topic, records);
        ReadRequest request = requestFor(topic);
        request.from = AtTime{begin + Hour + 1};
        request.to = AtTime{begin + 3 * Hour};
        QCOMPARE(readAll(*m_connector, request).places().join(u' '), QStringLiteral("0@2"));
        request.from = AtTime{begin + 9 * Hour};
        request.to = Latest{};
        const Reading late = readAll(*m_connector, request);
        QVERIFY(late.places().isEmpty());
        QVERIFY2(late.report->note.startsWith(QStringLiteral("No event at or after ")) && late.report->note.contains(topic + QStringLiteral("/0")), qPrintable(late.report->note));
    }

    void aTimeBefore1970IsTheStart()
    {
        const QString topic = makeTopic(1, 3);
        ReadRequest request = requestFor(topic);
        for (const EpochMs time : {EpochMs(-1), EpochMs(-2), EpochMs(-1001)}) { // librdkafka has logical offsets of these numbers
            request.from = AtTime{time};
            request.to = Latest{};
            QCOMPARE(readAll(*m_connector, request).places().size(), 3);
            request.from = Earliest{};
            request.to = AtTime{time};
            QCOMPARE(readAll(*m_connector, request).places().size(), 0);
        }
    }

    void aMistypedTopicOrPartitionIsNamed()
    {
        const QString topic = makeTopic(2);
        const Reading missing = readAll(*m_connector, requestFor(topic + u'x'));
        QCOMPARE(missing.report.error().code, ErrorCode::NotFound);
        QVERIFY(missing.error().contains(topic + u'x'));
        ReadRequest request = requestFor(topic);
        request.partitions = {5};
        const Reading partition = readAll(*m_connector, request);
        QCOMPARE(partition.report.error().code, ErrorCode::NotFound);
        QVERIFY2(partition.error().contains(QStringLiteral("partition 5")), qPrintable(partition.error()));
    }

    void eventsAreFetchedByTheirPlacesInTheOrderAsked()
    {
        const QString topic = makeTopic(2, 500);
        m_producer->write(topic, numbered(3, 1));
        m_producer->deleteRecordsBefore(topic, 0, 5);
        const QString gone = makeTopic(1);
        const std::vector<EventAddress> wanted{{topic, 1, 2}, {topic, 0, 499}, {topic, 0, 2}, {topic, 0, 7}, {gone, 0, 0}, {topic + u'x', 0, 0}, {topic, 0, 9999}, {topic, 0, 300}};
        const auto fetched = answerOf(m_connector->eventReader()->fetch(wanted, 0, {}));
        QVERIFY2(fetched, qPrintable(fetched ? QString() : fetched.error().message));
        Reading reading;
        reading.batches = {*fetched};
        QCOMPARE(reading.places().join(u' '), QStringLiteral("1@2 0@499 0@7 0@300"));
    }

    void aSlowReaderSlowsTheReadAndATailDropsWithACount()
    {
        const QString topic = makeTopic(1, 400);
        ReadRequest request = requestFor(topic);
        request.batchEvents = 10;
        const EventChannelPtr waiting = m_connector->eventReader()->read(request);
        QTRY_VERIFY_WITH_TIMEOUT(waiting->progress().matched >= 160 || waiting->isFinished(), 10'000);
        QVERIFY(!waiting->isFinished());
        qsizetype events = 0;
        while (const EventBatchPtr batch = waiting->waitPop())
            events += batch->count();
        QCOMPARE(events, 400);
        request.isDroppingWhenFull = true;
        request.batchEvents = 1;
        const EventChannelPtr dropping = m_connector->eventReader()->read(request);
        QTRY_COMPARE_WITH_TIMEOUT(dropping->progress().scanned, 400, 10'000);
        events = 0;
        while (const EventBatchPtr batch = dropping->waitPop())
            events += batch->count();
        QCOMPARE(events + dropping->result()->dropped, 400);
        QVERIFY(dropping->result()->dropped > 0);
    }

    void aCancelledReadAndAConnectorThatGoesEndTheRead()
    {
        const QString topic = makeTopic(1, 50);
        ReadRequest request = requestFor(topic);
        request.isFollowing = true;
        const EventChannelPtr cancelled = m_connector->eventReader()->read(request);
        cancelled->cancel();
        while (cancelled->waitPop())
            continue;
        QCOMPARE(cancelled->result()->stopReason, StopReason::Cancelled);
        auto other = kafka::openKafka(kafkaSpec(kafkaBootstrap()), {}).value();
        const EventChannelPtr channel = other->eventReader()->read(request);
        QTRY_VERIFY_WITH_TIMEOUT(channel->progress().matched == 50, 10'000);
        other.reset();
        while (channel->waitPop())
            continue;
        QCOMPARE(channel->result()->stopReason, StopReason::Cancelled);
    }

    void theReadLimitIsKept()
    {
        const QString topic = makeTopic(1);
        m_producer->write(topic, std::vector<TestRecord>(40, {0, {}, '"' + QByteArray(10'000, 'x') + '"', {}, 0}));
        ReadRequest request = requestFor(topic);
        request.maxBytesPerSecond = 800'000;
        const QDeadlineTimer notBefore(300); // 400 KB take half a second; a tenth may come at once
        QCOMPARE(readAll(*m_connector, request).places().size(), 40);
        QVERIFY(notBefore.hasExpired());
    }

private:
    /// That many hours after ten hours ago.
    [[nodiscard]] EpochMs atHour(int number) const { return m_begin + number * 3'600'000; }
    [[nodiscard]] QString hour(int number) const { return QDateTime::fromMSecsSinceEpoch(atHour(number), Qt::UTC).toString(Qt::ISODateWithMs); }

    void writeAtHours(const QString &topic, const std::vector<int> &hours)
    {
        std::vector<TestRecord> records = numbered(static_cast<int>(hours.size()));
        for (size_t i = 0; i < records.size(); ++i)
            records[i].timestamp = atHour(hours[i]);
        m_producer->write(topic, records);
    }

    /// The broker answers before it has told all its logs, but it tells them of one change after the other: when what was
    /// changed after this one is in force, and what was changed after that, this one is.
    void useBrokersTimes(const QString &topic)
    {
        const auto change = [this](const QString &what) { m_producer->setTopicConfig(what, QStringLiteral("message.timestamp.type"), QStringLiteral("LogAppendTime")); };
        change(topic);
        for (int later = 0; later < 2; ++later) {
            const QString other = makeTopic(1);
            change(other);
            QTRY_VERIFY_WITH_TIMEOUT(givesItsTime(other), 10'000);
        }
    }

    bool givesItsTime(const QString &topic)
    {
        m_producer->write(topic, {{0, {}, "{}", {}, atHour(0)}});
        const EventBatchPtr newest = readAll(*m_connector, requestFor(topic)).batches.back();
        return newest->record(newest->count() - 1).time > atHour(1);
    }

    QString makeTopic(int partitions, int events = 0, const QMap<QString, QString> &config = {})
    {
        const QString topic = uniqueName(QStringLiteral("reading"));
        m_producer->createTopic(topic, partitions, config);
        if (events > 0)
            m_producer->write(topic, numbered(events));
        return topic;
    }

    const EpochMs m_begin = QDateTime::currentMSecsSinceEpoch() - 10 * 3'600'000;
    std::shared_ptr<Connector> m_connector;
    std::unique_ptr<KafkaProducer> m_producer;
};

QTEST_GUILESS_MAIN(TestEventReading)
#include "tst_event_reading.moc"
