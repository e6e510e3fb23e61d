// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/kafka/group_clients.h"
#include "connectors/kafka/group_offsets.h"
#include "connectors/kafka/kafka_checkpoint_writer.h"
#include "tests/support/kafka_server.h"

#include <QTest>

#include <librdkafka/rdkafka_mock.h>

using namespace connectors;
using namespace connectors::kafka;

namespace {

const QString Topic = QStringLiteral("orders");
const QString Group = QStringLiteral("payments");
constexpr int16_t OffsetCommitKey = 8;
constexpr int16_t OffsetFetchKey = 9;

} // namespace

/// The faults of a group's coordinator that a real broker does not make on demand: librdkafka's mock cluster.
class TestGroupCoordinators final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        char text[256];
        rd_kafka_conf_t *conf = rd_kafka_conf_new();
        rd_kafka_conf_set(conf, "log_level", "0", text, sizeof text);
        m_owner = rd_kafka_new(RD_KAFKA_PRODUCER, conf, text, sizeof text);
        m_cluster = rd_kafka_mock_cluster_new(m_owner, 2);
        rd_kafka_mock_topic_create(m_cluster, "orders", 2, 1);
        rd_kafka_mock_coordinator_set(m_cluster, "group", "payments", 1);
        m_config = *clientConfig(tests::kafkaSpec(QString::fromUtf8(rd_kafka_mock_cluster_bootstraps(m_cluster))), {});
    }

    void cleanup()
    {
        rd_kafka_mock_cluster_destroy(m_cluster);
        rd_kafka_destroy(m_owner);
    }

    void aCoordinatorThatMovedEndsNoProcess()
    {
        GroupClients clients(std::make_shared<Clients>(m_config));
        fail(OffsetFetchKey, {RD_KAFKA_RESP_ERR_NOT_COORDINATOR});
        const auto moved = committed(clients);
        QVERIFY(!moved);
        QCOMPARE(moved.error().code, ErrorCode::Incomplete);
        QVERIFY(moved.error().isRetryable);
        clients.forgetCoordinators();
        QVERIFY(committed(clients));
    }

    void everyPartitionIsAnswered()
    {
        KafkaCheckpointWriter writer(m_config);
        const auto outcomes = writer.apply(Group, changes());
        QVERIFY2(outcomes, outcomes ? "" : qPrintable(describe(outcomes.error())));
        QCOMPARE(outcomes->size(), size_t(2));
        QVERIFY(!outcomes->at(0).error && !outcomes->at(1).error);
    }

    void aRefusalIsTold_data()
    {
        QTest::addColumn<int>("code");
        QTest::addColumn<int>("expected");
        QTest::addColumn<bool>("isRetryable");
        QTest::newRow("the group has members") << int(RD_KAFKA_RESP_ERR_UNKNOWN_MEMBER_ID) << int(ErrorCode::Refused) << false;
        QTest::newRow("it is rebalancing") << int(RD_KAFKA_RESP_ERR_REBALANCE_IN_PROGRESS) << int(ErrorCode::Refused) << false;
        QTest::newRow("no right") << int(RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED) << int(ErrorCode::NotPermitted) << false;
        QTest::newRow("the coordinator moved") << int(RD_KAFKA_RESP_ERR_NOT_COORDINATOR) << int(ErrorCode::Incomplete) << true;
        QTest::newRow("the broker timed out") << int(RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT) << int(ErrorCode::OutcomeUnknown) << false;
    }

    void aRefusalIsTold()
    {
        QFETCH(int, code);
        QFETCH(int, expected);
        QFETCH(bool, isRetryable);
        KafkaCheckpointWriter writer(m_config);
        fail(OffsetCommitKey, {static_cast<rd_kafka_resp_err_t>(code)});
        const auto outcomes = writer.apply(Group, changes());
        QVERIFY2(outcomes, outcomes ? "" : qPrintable(describe(outcomes.error())));
        QVERIFY(outcomes->at(0).error);
        QCOMPARE(int(outcomes->at(0).error->code), expected);
        QCOMPARE(outcomes->at(0).error->isRetryable, isRetryable);
        // The next step is none the worse for it.
        const auto next = writer.apply(Group, changes());
        QVERIFY(next && !next->at(0).error);
    }

    void aLostAnswerIsUnknown()
    {
        KafkaCheckpointWriter writer(m_config);
        fail(OffsetCommitKey, {RD_KAFKA_RESP_ERR__TRANSPORT}); // the connection is closed instead of an answer
        const auto outcomes = writer.apply(Group, changes());
        QVERIFY(!outcomes);
        QCOMPARE(outcomes.error().code, ErrorCode::OutcomeUnknown);
        QVERIFY(!outcomes.error().isRetryable);
    }

    void settingAndDeletingAreNotMixed()
    {
        std::vector<CheckpointChange> mixed = changes();
        mixed.back().target.reset();
        KafkaCheckpointWriter writer(m_config);
        QCOMPARE(writer.apply(Group, mixed).error().code, ErrorCode::InvalidInput);
    }

private:
    void fail(int16_t request, const std::vector<rd_kafka_resp_err_t> &codes)
    {
        rd_kafka_mock_push_request_errors_array(m_cluster, request, codes.size(), codes.data());
    }

    static GroupOffsets committed(GroupClients &clients)
    {
        return committedOffsets(**clients.forCoordinators(), {Group}, false, std::chrono::seconds(10), {}).front();
    }

    static std::vector<CheckpointChange> changes() { return {{Topic, 0, 10, {}}, {Topic, 1, 20, "note"}}; }

    rd_kafka_t *m_owner = nullptr;
    rd_kafka_mock_cluster_t *m_cluster = nullptr;
    ClientConfig m_config;
};

QTEST_GUILESS_MAIN(TestGroupCoordinators)
#include "tst_group_coordinators.moc"
