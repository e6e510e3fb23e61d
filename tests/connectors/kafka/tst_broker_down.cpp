// SPDX-License-Identifier: GPL-3.0-or-later
#include "reading.h"

#include "tests/support/kafka_groups.h"

#include <set>

using namespace connectors;
using namespace tests;

namespace {

constexpr int Patience = 60'000;
constexpr int Partitions = 6;
constexpr int RecordsEach = 10;
constexpr EpochMs Hour = 3'600'000;

} // namespace

/// One of three brokers is killed; the partitions that only it has are unknown, all others go on. The functions are one
/// story, in their order.
class TestBrokerDown : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        REQUIRE_KAFKA();
        m_kafka = std::make_unique<FreshKafka>(3);
        m_connector = kafka::openKafka(kafkaSpec(m_kafka->bootstrap()), {}).value();
        KafkaProducer producer(m_kafka->bootstrap());
        producer.createTopic(u"orders"_qs, Partitions);
        for (int partition = 0; partition < Partitions; ++partition)
            producer.write(u"orders"_qs, anHourApart(numbered(RecordsEach, partition)));
        {
            KafkaMember billing(m_kafka->bootstrap(), u"billing"_qs, u"orders"_qs, u"billing-1"_qs);
            QCOMPARE(billing.read(Partitions * RecordsEach), Partitions * RecordsEach);
            billing.commit();
        }
        QCOMPARE(readAll(*m_connector, requestFor(u"orders"_qs)).places().size(), Partitions * RecordsEach);
        QVERIFY(runKafkaScript({QStringLiteral("kill"), m_kafka->folder() + QStringLiteral("/node3")}));
    }

    void cleanupTestCase()
    {
        m_connector.reset();
        m_kafka.reset();
    }

    void aLagPollTellsTheOthersAndOfTheDeadOnesNothing()
    {
        // The group's coordinator may have been the dead one; it moves.
        QTRY_VERIFY_WITH_TIMEOUT(isLagOfTheOthersTold(), Patience);
        QVERIFY(!m_unread.empty() && m_unread.size() < Partitions);
    }

    void aReadGivesWhatThereIsAndIsNoWholeAnswer()
    {
        const Reading reading = readAll(*m_connector, requestFor(u"orders"_qs));
        QCOMPARE(partitionsIn(reading.places()), alive());
        QCOMPARE(reading.places().size(), std::ssize(alive()) * RecordsEach);
        QVERIFY(!reading.report);
        QCOMPARE(reading.report.error().code, ErrorCode::Incomplete);
        QVERIFY2(reading.error().contains(QStringLiteral("“orders”, partition %1").arg(*m_unread.cbegin())), qPrintable(reading.error()));
    }

    void aReadSaysWhatItWaitsForBeforeItGivesUp()
    {
        const EventChannelPtr channel = m_connector->eventReader()->read(requestFor(u"orders"_qs));
        const auto note = [&channel] { return channel->progress().note; };
        QTRY_VERIFY2_WITH_TIMEOUT(note().startsWith(u"Waiting for a broker"_qs), qPrintable(note()), Patience);
        QVERIFY2(note().contains(QStringLiteral("“orders”, partition %1").arg(*m_unread.cbegin())), qPrintable(note()));
        while (channel->waitPop()) { }
        QVERIFY2(!channel->progress().note.startsWith(u"Waiting"_qs), qPrintable(note()));
    }

    void aTailTakesUpAPartitionWhoseLeaderIsBackFromWhereItWasToBegin()
    {
        struct Begun {
            PositionSpec from;
            int eventsEach; ///< of those that are there
        };
        std::vector<std::unique_ptr<Tail>> tails;
        const std::vector<Begun> begun{{Earliest{}, RecordsEach}, {AtTime{m_begin + 6 * Hour}, 4}, {AtPosition{3}, 7}, {Newest{2}, 2}, {Latest{}, 0}};
        for (const Begun &each : begun) {
            ReadRequest request = requestFor(u"orders"_qs);
            request.isFollowing = true;
            request.from = each.from;
            tails.push_back(std::make_unique<Tail>(*m_connector, request));
        }
        const QString missing = QStringLiteral("“orders”, partition %1").arg(*m_unread.cbegin());
        for (size_t i = 0; i < tails.size(); ++i) {
            QTRY_VERIFY2_WITH_TIMEOUT(noteOf(*tails[i]).contains(missing), qPrintable(noteOf(*tails[i])), Patience);
            QTRY_COMPARE_WITH_TIMEOUT(tails[i]->places().size(), std::ssize(alive()) * begun[i].eventsEach, Patience);
        }
        QVERIFY(runKafkaScript({QStringLiteral("restart"), m_kafka->folder() + QStringLiteral("/node3")}));
        for (const auto &tail : tails)
            QTRY_COMPARE_WITH_TIMEOUT(noteOf(*tail).count(QStringLiteral("did not answer when the read began")), std::ssize(m_unread), Patience);
        KafkaProducer producer(m_kafka->bootstrap());
        for (int partition = 0; partition < Partitions; ++partition)
            producer.write(u"orders"_qs, numbered(1, partition, RecordsEach));
        for (size_t i = 0; i < tails.size(); ++i) {
            QTRY_COMPARE_WITH_TIMEOUT(tails[i]->places().size(), Partitions * (begun[i].eventsEach + 1), Patience);
            const QStringList places = tails[i]->places();
            QCOMPARE(QSet<QString>(places.cbegin(), places.cend()).size(), places.size());
        }
        QVERIFY2(noteOf(*tails.back()).contains(u"one that came later with an earlier time is not shown"_qs), qPrintable(noteOf(*tails.back())));
    }

private:
    [[nodiscard]] std::vector<TestRecord> anHourApart(std::vector<TestRecord> records) const
    {
        for (size_t i = 0; i < records.size(); ++i)
            records[i].timestamp = m_begin + static_cast<EpochMs>(i) * Hour;
        return records;
    }
    static QString noteOf(Tail &tail) { return tail.channel().progress().note; }

    bool isLagOfTheOthersTold()
    {
        ConsumerStateRequest request;
        request.consumers = {u"billing"_qs};
        const auto states = answerOf(m_connector->consumerCatalog()->consumerStates(request, {}));
        if (!states || states->consumers.size() != 1 || states->consumers.front().positions.size() != Partitions || states->problems.empty())
            return false;
        m_unread.clear();
        for (const ConsumerPosition &position : states->consumers.front().positions) {
            if (position.checkpoint != std::optional<qint64>(RecordsEach))
                return false;
            if (!position.end && position.problem)
                m_unread.insert(position.partition);
            else if (position.end != std::optional<qint64>(RecordsEach))
                return false;
        }
        return true;
    }

    static std::set<int> partitionsIn(const QStringList &places)
    {
        std::set<int> partitions;
        for (const QString &place : places)
            partitions.insert(place.section(u'@', 0, 0).toInt());
        return partitions;
    }

    [[nodiscard]] std::set<int> alive() const
    {
        std::set<int> alive;
        for (int partition = 0; partition < Partitions; ++partition) {
            if (!m_unread.contains(partition))
                alive.insert(partition);
        }
        return alive;
    }

    std::unique_ptr<FreshKafka> m_kafka;
    std::shared_ptr<Connector> m_connector;
    std::set<int> m_unread;
    const EpochMs m_begin = QDateTime::currentMSecsSinceEpoch() - RecordsEach * Hour;
};

QTEST_GUILESS_MAIN(TestBrokerDown)
#include "tst_broker_down.moc"
