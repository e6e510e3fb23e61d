// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/kafka/kafka_connector.h"
#include "tests/support/kafka_server.h"
#include "tests/support/store_fixture.h"

#include <QTest>

using namespace connectors;
using tests::answerOf;

namespace {

/// Everything there is on a broker, as Kafka's own tools see it, the internal topics too.
QString inventory(const QString &bootstrap)
{
    const auto topics = tests::runKafkaScript({u"topics"_qs, u"--bootstrap-server"_qs, bootstrap, u"--describe"_qs});
    const auto groups = tests::runKafkaScript({u"groups"_qs, u"--bootstrap-server"_qs, bootstrap, u"--list"_qs});
    if (!topics || !groups)
        qFatal("Kafka's own tools failed.");
    return u"topics:\n"_qs + QString::fromUtf8(*topics) + u"groups:\n"_qs + QString::fromUtf8(*groups);
}

/// Reads to the end of the channel.
void drain(const EventChannelPtr &channel)
{
    while (channel->waitPop()) { }
}

void lookAtStreams(Connector &connector, const QString &stream)
{
    StreamListRequest all;
    all.withInternal = true;
    all.withTimes = true;
    all.withConfig = true;
    std::ignore = answerOf(connector.streamCatalog()->listStreams(all, {}));
    all.streams = {stream, u"no-such-topic"_qs};
    std::ignore = answerOf(connector.streamCatalog()->listStreams(all, {}));
    for (const QString &name : all.streams)
        std::ignore = answerOf(connector.streamCatalog()->positionsAt(name, 0, {}));
}

void lookAtEvents(Connector &connector, const QString &stream)
{
    for (const Isolation isolation : {Isolation::ReadCommitted, Isolation::ReadUncommitted}) {
        for (const QString &name : {stream, u"no-such-topic"_qs}) {
            ReadRequest request;
            request.streams = {name};
            request.isolation = isolation;
            drain(connector.eventReader()->read(request));
            request.from = Newest{5};
            drain(connector.eventReader()->read(request));
            request.isFollowing = true;
            const EventChannelPtr tail = connector.eventReader()->read(request);
            QTest::qWait(300); // while the tail is at work
            tail->cancel();
            drain(tail);
            std::ignore = answerOf(connector.eventReader()->fetch({{name, 0, 0}}, 0, {}));
        }
    }
}

void lookAtConsumers(Connector &connector)
{
    std::ignore = answerOf(connector.consumerCatalog()->listConsumers({}));
    ConsumerStateRequest request;
    request.withSafeHead = true;
    std::ignore = answerOf(connector.consumerCatalog()->consumerStates(request, {}));
    request.consumers = {u"no-such-group"_qs};
    std::ignore = answerOf(connector.consumerCatalog()->consumerStates(request, {}));
}

void lookAtDeadLetters(Connector &connector, const QString &stream)
{
    std::ignore = answerOf(connector.deadLetterSource()->deadLetterQueues({}));
    for (const QString &name : {stream, u"no-such-topic.dlq"_qs})
        std::ignore = answerOf(connector.deadLetterSource()->letters(name, 10, {}));
}

/// Every question that the connector can be asked, each ability that it has.
void lookAtEverything(const QString &bootstrap, const QString &stream)
{
    const auto connector = *kafka::openKafka(tests::kafkaSpec(bootstrap), {});
    const auto identity = answerOf(connector->identify({}));
    if (!identity)
        qFatal("%s", qPrintable(describe(identity.error())));
    lookAtStreams(*connector, stream);
    if (connector->eventReader())
        lookAtEvents(*connector, stream);
    if (connector->consumerCatalog())
        lookAtConsumers(*connector);
    if (connector->deadLetterSource())
        lookAtDeadLetters(*connector, stream);
}

} // namespace

class TestLooking : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void nothingChangesOnAVirginBroker()
    {
        REQUIRE_KAFKA();
        const tests::FreshKafka server;
        const QString before = inventory(server.bootstrap());
        lookAtEverything(server.bootstrap(), u"orders"_qs);
        QCOMPARE(inventory(server.bootstrap()), before);

        // The same with something to see: reading must not make the topic in which consumers' offsets are kept.
        tests::KafkaProducer producer(server.bootstrap());
        producer.createTopic(u"orders"_qs, 3);
        producer.write(u"orders"_qs, {{0, QByteArray("k"), QByteArray("{}"), {}, 0}, {1, QByteArray("k"), QByteArray("{}"), {}, 0}});
        const QString withTopic = inventory(server.bootstrap());
        QVERIFY(withTopic.contains(u"orders"));
        lookAtEverything(server.bootstrap(), u"orders"_qs);
        QCOMPARE(inventory(server.bootstrap()), withTopic);
        QVERIFY(!withTopic.contains(u"__consumer_offsets"));
    }
};

QTEST_GUILESS_MAIN(TestLooking)
#include "tst_looking.moc"
