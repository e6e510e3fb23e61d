// SPDX-License-Identifier: GPL-3.0-or-later
#include "reading.h"

#include <QDir>
#include <QRegularExpression>

#include <array>
#include <atomic>
#include <thread>

using namespace connectors;
using namespace tests;

/// Following a topic while things happen to it, on a real Kafka; what kills a broker has one of its own.
class TestEventTail : public QObject
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

    void aTailBeginsAtTheEndAndBringsWhatComes()
    {
        const QString topic = makeTopic();
        m_producer->write(topic, numbered(3));
        ReadRequest request = following(topic);
        request.from = Latest{};
        Tail tail(*m_connector, request);
        QTRY_VERIFY_WITH_TIMEOUT(!tail.channel().progress().partitions.empty(), 10'000);
        m_producer->write(topic, numbered(2));
        QTRY_COMPARE_WITH_TIMEOUT(tail.places().join(u' '), QStringLiteral("0@3 0@4"), 10'000);
    }

    void aBacklogFarLargerThanWhatIsFetchedAheadComesWhole()
    {
        const QString topic = makeTopic();
        constexpr int Events = 90; // of 1 MB; some 32 MB are fetched ahead
        m_producer->write(topic, std::vector<TestRecord>(Events, {0, {}, '"' + QByteArray(1'000'000, 'x') + '"', {}, 0}));
        Tail tail(*m_connector, following(topic));
        QTRY_COMPARE_WITH_TIMEOUT(tail.places().size(), Events, 60'000);
    }

    void partitionsThatAreAddedAreReadFromTheirStart()
    {
        const QString topic = makeTopic();
        Tail tail(*m_connector, following(topic));
        QTRY_VERIFY_WITH_TIMEOUT(!tail.channel().progress().partitions.empty(), 10'000);
        m_producer->addPartitions(topic, 2);
        KafkaProducer(kafkaBootstrap()).write(topic, numbered(3, 1));
        QTRY_COMPARE_WITH_TIMEOUT(tail.places().join(u' '), QStringLiteral("1@0 1@1 1@2"), 40'000);
        QTRY_COMPARE_WITH_TIMEOUT(tail.channel().progress().partitions.size(), size_t(2), 10'000);
    }

    void partitionsThatAreAddedToABusyTopicLeaveNoGapAndNoDoubleRow()
    {
        const QString topic = makeTopic();
        Tail tail(*m_connector, following(topic));
        QTRY_VERIFY_WITH_TIMEOUT(!tail.channel().progress().partitions.empty(), 10'000);
        // Never quiet: an application writes into each partition that is there, as fast as the broker takes it.
        std::atomic_int partitions = 1;
        std::atomic_int rounds = 0;
        std::jthread application([&](const std::stop_token &stop) {
            KafkaProducer producer(kafkaBootstrap());
            std::array<int, 3> written{};
            for (int known = partitions; !stop.stop_requested(); known = partitions, ++rounds) {
                for (int p = 0; p < known; ++p)
                    producer.write(topic, numbered(10, p, std::exchange(written[static_cast<size_t>(p)], written[static_cast<size_t>(p)] + 10)));
            }
        });
        for (const int total : {2, 3}) {
            const int before = rounds;
            QTRY_VERIFY_WITH_TIMEOUT(rounds > before + 1, 40'000);
            m_producer->addPartitions(topic, total);
            partitions = total;
            const QString first = QStringLiteral("%1@0").arg(total - 1);
            QTRY_VERIFY_WITH_TIMEOUT(tail.places().contains(first), 40'000);
        }
        application.request_stop();
        application.join();
        QHash<int, QStringList> expected;
        for (const QString &place : readAll(*m_connector, requestFor(topic)).places())
            expected[place.section(u'@', 0, 0).toInt()] += place;
        QCOMPARE(expected.size(), 3);
        qsizetype events = 0;
        for (const QStringList &places : std::as_const(expected))
            events += places.size();
        QTRY_VERIFY_WITH_TIMEOUT(tail.places().size() >= events, 40'000);
        QHash<int, QStringList> found;
        for (const QString &place : tail.places())
            found[place.section(u'@', 0, 0).toInt()] += place;
        for (int p = 0; p < 3; ++p)
            QCOMPARE(found[p], expected[p]);
    }

    void aTopicThatIsDeletedEndsTheTailWithItsName()
    {
        const QString topic = makeTopic();
        m_producer->write(topic, numbered(2));
        Tail tail(*m_connector, following(topic));
        QTRY_COMPARE_WITH_TIMEOUT(tail.places().size(), 2, 10'000);
        m_producer->deleteTopic(topic);
        QTRY_VERIFY_WITH_TIMEOUT(tail.channel().isFinished(), 40'000);
        const Result<ReadReport> result = tail.channel().result();
        QVERIFY(!result);
        QCOMPARE(result.error().code, ErrorCode::NotFound);
        QVERIFY2(result.error().message.contains(topic), qPrintable(result.error().message));
    }

    void whatWaitsBehindAnOpenTransactionIsToldWhileFollowing()
    {
        const QString topic = makeTopic();
        Tail tail(*m_connector, following(topic));
        KafkaProducer transactional(kafkaBootstrap(), uniqueName(QStringLiteral("tx")));
        transactional.begin();
        transactional.write(topic, numbered(5));
        QTRY_VERIFY_WITH_TIMEOUT(tail.channel().progress().note.contains(QStringLiteral("5 records wait behind an open transaction.")), 40'000);
        QVERIFY(tail.places().isEmpty());
        transactional.end(true);
        QTRY_COMPARE_WITH_TIMEOUT(tail.places().size(), 5, 40'000);
        QTRY_VERIFY_WITH_TIMEOUT(!tail.channel().progress().note.contains(QStringLiteral("wait behind")), 40'000);
    }

    void retentionThatOvertakesATailIsTold()
    {
        const QString topic = makeTopic();
        m_producer->write(topic, numbered(10));
        ReadRequest request = following(topic);
        request.from = AtPosition{2};
        request.batchEvents = 1;
        request.maxBytesPerSecond = 1; // one event now, the next in a long time
        Tail slow(*m_connector, request);
        QTRY_COMPARE_WITH_TIMEOUT(slow.places().size(), 1, 10'000);
        slow.channel().cancel();
        m_producer->deleteRecordsBefore(topic, 0, 6);
        Tail tail(*m_connector, following(topic));
        QTRY_COMPARE_WITH_TIMEOUT(tail.places().join(u' '), QStringLiteral("0@6 0@7 0@8 0@9"), 10'000);
    }

    void aBrokerThatIsKilledAndComesBackLeavesNoGapAndNoDoubleRow()
    {
        const std::optional<QByteArray> started = runKafkaScript({QStringLiteral("start")});
        QVERIFY(started);
        const auto value = [&started](const char *name) {
            return QRegularExpression(QString::fromLatin1(name) + QStringLiteral("=(\\S+)")).match(QString::fromUtf8(*started)).captured(1);
        };
        const QString state = value("state");
        const QString bootstrap = value("bootstrap");
        const auto stopBroker = qScopeGuard([&state] { std::ignore = runKafkaScript({QStringLiteral("stop"), state}); });
        const QString topic = uniqueName(QStringLiteral("killed"));
        auto connector = kafka::openKafka(kafkaSpec(bootstrap), {}).value();
        {
            KafkaProducer producer(bootstrap);
            producer.createTopic(topic, 1);
            producer.write(topic, numbered(50));
        }
        Tail tail(*connector, following(topic));
        QTRY_COMPARE_WITH_TIMEOUT(tail.places().size(), 50, 10'000);
        QVERIFY(runKafkaScript({QStringLiteral("kill"), state}));
        QTRY_VERIFY_WITH_TIMEOUT(!tail.channel().progress().note.isEmpty(), 40'000);
        QVERIFY(runKafkaScript({QStringLiteral("restart"), state}));
        KafkaProducer(bootstrap).write(topic, numbered(50, 0, 50));
        QTRY_COMPARE_WITH_TIMEOUT(tail.places().size(), 100, 40'000);
        QStringList expected;
        for (int i = 0; i < 100; ++i)
            expected += QStringLiteral("0@%1").arg(i);
        QCOMPARE(tail.places(), expected);
        QTRY_VERIFY_WITH_TIMEOUT(tail.channel().progress().note.isEmpty(), 40'000);
        damagedRecordsEndTheReadWithTheirPlace(bootstrap, state);
    }

private:
    /// A bit that flips on the broker's disk; the broker sends what it has.
    void damagedRecordsEndTheReadWithTheirPlace(const QString &bootstrap, const QString &state)
    {
        const QString topic = uniqueName(QStringLiteral("damaged"));
        KafkaProducer producer(bootstrap);
        producer.createTopic(topic, 1);
        producer.write(topic, numbered(5));
        producer.write(topic, {{0, {}, "\"whole\"", {}, 0}});
        producer.write(topic, {{0, {}, "\"to be damaged\"", {}, 0}});
        QFile log(state + QStringLiteral("/data/") + topic + QStringLiteral("-0/00000000000000000000.log"));
        QVERIFY(log.open(QIODevice::ReadWrite));
        const qint64 at = log.readAll().indexOf("damaged");
        QVERIFY(at > 0);
        log.seek(at);
        log.putChar('D');
        log.close();
        auto connector = kafka::openKafka(kafkaSpec(bootstrap), {}).value();
        const Reading reading = readAll(*connector, requestFor(topic));
        QCOMPARE(reading.places().size(), 6);
        QVERIFY(!reading.report);
        QCOMPARE(reading.report.error().code, ErrorCode::Incomplete);
        QVERIFY2(reading.error().startsWith(QStringLiteral("The batch at partition 0, position 6 of “%1” is damaged").arg(topic)), qPrintable(reading.error()));
    }

    static ReadRequest following(const QString &topic)
    {
        ReadRequest request = requestFor(topic);
        request.isFollowing = true;
        return request;
    }

    QString makeTopic()
    {
        const QString topic = uniqueName(QStringLiteral("tail"));
        m_producer->createTopic(topic, 1);
        return topic;
    }

    std::shared_ptr<Connector> m_connector;
    std::unique_ptr<KafkaProducer> m_producer;
};

QTEST_GUILESS_MAIN(TestEventTail)
#include "tst_event_tail.moc"
