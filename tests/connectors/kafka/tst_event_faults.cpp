// SPDX-License-Identifier: GPL-3.0-or-later
#include "reading.h"

#include "connectors/remote/worker_connector.h"
#include "tests/support/folders.h"

#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>

using namespace connectors;
using namespace tests;

namespace {

constexpr int16_t FetchApi = 1;

/// Brokers that fail on demand, inside this process.
class MockCluster final
{
public:
    explicit MockCluster(int brokers)
    {
        rd_kafka_conf_t *conf = rd_kafka_conf_new();
        rd_kafka_conf_set_log_cb(conf, [](const rd_kafka_t *, int, const char *, const char *) {});
        m_handle = rd_kafka_new(RD_KAFKA_PRODUCER, conf, nullptr, 0);
        m_cluster = rd_kafka_mock_cluster_new(m_handle, brokers);
    }
    ~MockCluster()
    {
        rd_kafka_mock_cluster_destroy(m_cluster);
        rd_kafka_destroy(m_handle);
    }
    Q_DISABLE_COPY_MOVE(MockCluster)

    [[nodiscard]] QString bootstrap() const { return QString::fromUtf8(rd_kafka_mock_cluster_bootstraps(m_cluster)); }
    void createTopic(const QString &topic, int partitions) { rd_kafka_mock_topic_create(m_cluster, topic.toUtf8().constData(), partitions, 1); }
    void setLeader(const QString &topic, int partition, int broker) { rd_kafka_mock_partition_set_leader(m_cluster, topic.toUtf8().constData(), partition, broker); }
    void failFetches(rd_kafka_resp_err_t code, size_t count)
    {
        const std::vector<rd_kafka_resp_err_t> errors(count, code);
        rd_kafka_mock_push_request_errors_array(m_cluster, FetchApi, errors.size(), errors.data());
    }
    void healFetches() { rd_kafka_mock_clear_request_errors(m_cluster, FetchApi); }

private:
    rd_kafka_t *m_handle = nullptr;
    rd_kafka_mock_cluster_t *m_cluster = nullptr;
};

} // namespace

/// Faults that a real broker does not make on demand, on librdkafka's mock cluster.
class TestEventFaults : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_cluster = std::make_unique<MockCluster>(2);
        m_cluster->createTopic(u"orders"_qs, 1);
        m_connector = kafka::openKafka(kafkaSpec(m_cluster->bootstrap()), {}).value();
    }

    void cleanup()
    {
        m_connector.reset();
        m_cluster.reset();
    }

    void aTailThatStandsStillWhileTheHeadMovesIsToldWithItsPosition_data()
    {
        QTest::addColumn<bool>("isThroughWorker");
        QTest::newRow("in this process") << false;
        QTest::newRow("through a worker") << true;
    }

    void aTailThatStandsStillWhileTheHeadMovesIsToldWithItsPosition()
    {
        QFETCH(bool, isThroughWorker);
        if (isThroughWorker)
            m_connector = remote::openThroughWorker({{tests::programFolder() + u"/streamgauge-worker"_qs}, {kafkaSpec(m_cluster->bootstrap()), {}}}).value();
        Tail tail(*m_connector, following());
        QTRY_VERIFY_WITH_TIMEOUT(!tail.channel().progress().partitions.empty(), 10'000);
        KafkaProducer producer(m_cluster->bootstrap());
        producer.write(u"orders"_qs, numbered(2));
        QTRY_COMPARE_WITH_TIMEOUT(tail.places().size(), 2, 20'000);
        m_cluster->failFetches(RD_KAFKA_RESP_ERR_UNKNOWN, 1000);
        producer.write(u"orders"_qs, numbered(3, 0, 2));
        QTRY_VERIFY_WITH_TIMEOUT(tail.channel().progress().note.contains(u"orders/0 stands still at position 2"_qs), 60'000);
        QVERIFY2(tail.channel().progress().note.contains(u"although its end is 5"_qs), qPrintable(tail.channel().progress().note));
        m_cluster->healFetches();
        QTRY_COMPARE_WITH_TIMEOUT(tail.places().join(u' '), u"0@0 0@1 0@2 0@3 0@4"_qs, 60'000);
        QTRY_VERIFY_WITH_TIMEOUT(!tail.channel().progress().note.contains(u"stands still"_qs), 40'000);
    }

    void aLeaderThatMovesLeavesNoGapAndNoDoubleRow()
    {
        m_cluster->setLeader(u"orders"_qs, 0, 1);
        KafkaProducer(m_cluster->bootstrap()).write(u"orders"_qs, numbered(20));
        Tail tail(*m_connector, following());
        QTRY_COMPARE_WITH_TIMEOUT(tail.places().size(), 20, 20'000);
        m_cluster->setLeader(u"orders"_qs, 0, 2);
        KafkaProducer(m_cluster->bootstrap()).write(u"orders"_qs, numbered(20, 0, 20));
        QTRY_COMPARE_WITH_TIMEOUT(tail.places().size(), 40, 40'000);
        QStringList expected;
        for (int i = 0; i < 40; ++i)
            expected += QStringLiteral("0@%1").arg(i);
        QCOMPARE(tail.places(), expected);
    }

    void aRecordThatTheLibraryCannotReadEndsTheReadWithItsPlace_data()
    {
        QTest::addColumn<int>("code");
        QTest::newRow("corrupt on the broker") << int(RD_KAFKA_RESP_ERR_INVALID_MSG);
        QTest::newRow("too large") << int(RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE);
    }

    void aRecordThatTheLibraryCannotReadEndsTheReadWithItsPlace()
    {
        QFETCH(const int, code);
        KafkaProducer(m_cluster->bootstrap()).write(u"orders"_qs, numbered(5));
        m_cluster->failFetches(static_cast<rd_kafka_resp_err_t>(code), 1000);
        ReadRequest request = requestFor(u"orders"_qs);
        request.from = AtPosition{3};
        const Reading reading = readAll(*m_connector, request);
        QVERIFY(!reading.report);
        QCOMPARE(reading.report.error().code, ErrorCode::Incomplete);
        QVERIFY2(reading.error().startsWith(u"The batch at partition 0, position 3 of “orders” is damaged, or too large to be unpacked ("_qs), qPrintable(reading.error()));
    }

    void aTopicThatMayNotBeReadIsRefusedByTheBroker()
    {
        KafkaProducer(m_cluster->bootstrap()).write(u"orders"_qs, numbered(5));
        m_cluster->failFetches(RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED, 1000);
        const Reading reading = readAll(*m_connector, requestFor(u"orders"_qs));
        QVERIFY(!reading.report);
        QCOMPARE(reading.report.error().code, ErrorCode::NotPermitted);
        QVERIFY(reading.error().contains(u"orders/0"_qs));
    }

private:
    static ReadRequest following()
    {
        ReadRequest request = requestFor(u"orders"_qs);
        request.isFollowing = true;
        return request;
    }

    std::unique_ptr<MockCluster> m_cluster;
    std::shared_ptr<Connector> m_connector;
};

QTEST_GUILESS_MAIN(TestEventFaults)
#include "tst_event_faults.moc"
