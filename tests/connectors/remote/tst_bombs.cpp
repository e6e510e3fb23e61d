// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/remote/worker_connector.h"
#include "tests/support/child_processes.h"
#include "tests/support/kafka_bomb.h"
#include "tests/support/kafka_server.h"
#include "tests/support/store_fixture.h"

#include <QTest>

using namespace connectors;
using namespace connectors::remote;

namespace {

constexpr qint64 MemoryLimit = 160LL << 20;
constexpr qint64 BombBytes = 300LL << 20;

/// A few events, the bomb, a few more.
QString topicWithABomb(const QString &codec, int partitions = 1, int recordsOfTheBomb = 1)
{
    const QString topic = tests::uniqueName(u"bomb-%1"_qs.arg(codec));
    tests::KafkaProducer producer(tests::kafkaBootstrap());
    producer.createTopic(topic, partitions, {{u"max.message.bytes"_qs, u"50000000"_qs}});
    const std::vector<tests::TestRecord> three(3, {0, {}, QByteArray(R"({"eventType":"Good"})"), {}, 0});
    producer.write(topic, three);
    tests::writeBomb(topic, codec, BombBytes / recordsOfTheBomb, recordsOfTheBomb);
    producer.write(topic, three);
    return topic;
}

WorkerOpening opening()
{
    return {{QCoreApplication::applicationDirPath() + u"/../bin/streamgauge-worker"_qs, u"--memory-limit"_qs, QString::number(MemoryLimit)},
            {tests::kafkaSpec(tests::kafkaBootstrap()), {}},
            MemoryLimit};
}

struct Read {
    QStringList places;
    Result<ReadReport> result = ReadReport();
    ReadReport progress;
};

Read readAll(Connector &connector, const ReadRequest &request)
{
    const EventChannelPtr channel = connector.eventReader()->read(request);
    Read read;
    while (const EventBatchPtr batch = channel->waitPop()) {
        for (qsizetype row = 0; row < batch->count(); ++row)
            read.places += u"%1@%2"_qs.arg(batch->record(row).partition).arg(batch->record(row).position);
    }
    read.result = channel->result();
    read.progress = channel->progress();
    return read;
}

ReadRequest requestOf(const QString &topic)
{
    ReadRequest request;
    request.streams = {topic};
    return request;
}

ReadRequest behind(const QString &topic, qint64 position, qint64 end)
{
    ReadRequest request;
    request.ranges = {{topic, 0, position, end, position, 0}};
    return request;
}

} // namespace

/// Records that unpack to more than a process may take, on a real Kafka.
class TestBombs final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { REQUIRE_KAFKA(); }

    void aBombIsNamedAndTheRestIsRead_data()
    {
        QTest::addColumn<QString>("codec");
        for (const char *codec : {"gzip", "lz4"})
            QTest::newRow(codec) << QString::fromLatin1(codec);
    }
    void aBombIsNamedAndTheRestIsRead()
    {
        QFETCH(const QString, codec);
        const QString topic = topicWithABomb(codec, 2);
        tests::KafkaProducer(tests::kafkaBootstrap()).write(topic, {{1, {}, QByteArray("{}"), {}, 0}});
        const auto connector = openThroughWorker(opening()).value();
        const Read read = readAll(*connector, requestOf(topic));
        QVERIFY(!read.result);
        const QString words = read.result.error().message;
        QVERIFY2(words.contains(u"partition 0, position 3"_qs) && words.contains(u"exceeds the limit"_qs), qPrintable(words));
        QCOMPARE(QSet<QString>(read.places.begin(), read.places.end()), (QSet<QString>{u"0@0"_qs, u"0@1"_qs, u"0@2"_qs, u"1@0"_qs}));
        QCOMPARE(read.places.size(), 4);
        QCOMPARE(read.progress.leftOut.size(), size_t(1));
        QCOMPARE(read.progress.leftOut.front().from, qint64(3));

        const Read rest = readAll(*connector, behind(topic, 4, 7));
        QVERIFY2(rest.result, qPrintable(rest.result ? QString() : describe(rest.result.error())));
        QCOMPARE(rest.places, (QStringList{u"0@4"_qs, u"0@5"_qs, u"0@6"_qs}));
    }

    void whatTheLibraryRefusesIsNamedToo()
    {
        const QString topic = topicWithABomb(u"zstd"_qs, 2);
        tests::KafkaProducer(tests::kafkaBootstrap()).write(topic, {{1, {}, QByteArray("{}"), {}, 0}});
        const auto connector = openThroughWorker(opening()).value();
        const Read read = readAll(*connector, requestOf(topic));
        QVERIFY(!read.result);
        QCOMPARE(read.result.error().code, ErrorCode::Incomplete);
        QVERIFY2(read.result.error().message.contains(u"partition 0, position 3 of"_qs) && read.result.error().message.contains(u"is damaged, or too large to be unpacked"_qs), qPrintable(read.result.error().message));
        QCOMPARE(QSet<QString>(read.places.begin(), read.places.end()), (QSet<QString>{u"0@0"_qs, u"0@1"_qs, u"0@2"_qs, u"1@0"_qs}));
        QCOMPARE(read.progress.leftOut.size(), size_t(1));
        QCOMPARE(read.progress.leftOut.front().from, qint64(3));
        QCOMPARE(readAll(*connector, behind(topic, 4, 7)).places, (QStringList{u"0@4"_qs, u"0@5"_qs, u"0@6"_qs}));
    }

    void amongDeadLettersItIsOneThatNobodyCanRead_data() { aBombIsNamedAndTheRestIsRead_data(); }
    void amongDeadLettersItIsOneThatNobodyCanRead()
    {
        QFETCH(const QString, codec);
        const QString topic = topicWithABomb(codec, 2);
        tests::KafkaProducer(tests::kafkaBootstrap()).write(topic, {{1, {}, QByteArray("{}"), {}, 0}});
        const auto connector = openThroughWorker(opening()).value();
        std::optional<Result<std::vector<DeadLetter>>> letters;
        const auto areThere = [&] { // who asks one that dies is refused
            letters = tests::answerOf(connector->deadLetterSource()->letters(topic, 100, {}));
            return letters->has_value();
        };
        QTRY_VERIFY2_WITH_TIMEOUT(areThere(), qPrintable(letters ? describe(letters->error()) : QString()), 60'000);
        QStringList shown;
        for (const DeadLetter &letter : **letters)
            shown += u"%1@%2 %3"_qs.arg(letter.address.partition).arg(letter.address.position).arg(letter.reason.left(29));
        shown.sort();
        QCOMPARE(shown.join(u'\n'), u"0@0 \n0@1 \n0@2 \n0@3 This batch exceeds the limit \n1@0 "_qs);
    }

    void nobodyDiesOfItASecondTime()
    {
        const QString topic = topicWithABomb(u"lz4"_qs);
        const auto connector = openThroughWorker(opening()).value();
        QVERIFY(!readAll(*connector, requestOf(topic)).result);
        const auto process = tests::childProcesses();
        const Read again = readAll(*connector, requestOf(topic));
        QCOMPARE(again.places, (QStringList{u"0@0"_qs, u"0@1"_qs, u"0@2"_qs}));
        QVERIFY(!again.result && again.result.error().message.contains(u"position 3"_qs));
        const auto bomb = tests::answerOf(connector->eventReader()->fetch({{topic, 0, 3}}, 0, {}));
        QVERIFY(!bomb && bomb.error().message.contains(u"exceeds the limit"_qs));
        const auto neighbours = tests::answerOf(connector->eventReader()->fetch({{topic, 0, 2}, {topic, 0, 5}}, 0, {}));
        QVERIFY2(neighbours, neighbours ? "" : qPrintable(describe(neighbours.error())));
        QCOMPARE((*neighbours)->count(), qsizetype(2));
        QCOMPARE(tests::childProcesses(), process);
    }

    void theEndOfABatchIsLookedForInDoublingSteps()
    {
        const QString topic = topicWithABomb(u"lz4"_qs, 1, 6); // positions 3 to 8
        const auto connector = openThroughWorker(opening()).value();
        QVERIFY(!readAll(*connector, requestOf(topic)).result);
        const Read rest = readAll(*connector, behind(topic, 4, 12));
        QVERIFY(!rest.places.isEmpty());
        QCOMPARE(rest.places.back(), u"0@11"_qs);
        QCOMPARE(rest.progress.leftOut.size(), size_t(1)); // it says up to where, though 9 and 10 could have been read
        QCOMPARE(rest.progress.leftOut.front().to.value_or(-1), qint64(11));
        const Read whole = readAll(*connector, requestOf(topic)); // over what is known now
        QCOMPARE(whole.progress.leftOut.size(), size_t(1));
        QCOMPARE(whole.progress.leftOut.front().from, qint64(3));
        QCOMPARE(whole.progress.leftOut.front().to.value_or(-1), qint64(11));
        QCOMPARE(whole.places, (QStringList{u"0@0"_qs, u"0@1"_qs, u"0@2"_qs, u"0@11"_qs}));
        QVERIFY(!whole.result); // it does not pass for a whole one
    }

    void aTailGoesOnInTheOtherPartitions()
    {
        const QString topic = topicWithABomb(u"lz4"_qs, 2);
        const auto connector = openThroughWorker(opening()).value();
        ReadRequest request = requestOf(topic);
        request.isFollowing = true;
        const EventChannelPtr tail = connector->eventReader()->read(request);
        QTRY_COMPARE_WITH_TIMEOUT(tail->progress().leftOut.size(), size_t(1), 60'000);
        tests::KafkaProducer(tests::kafkaBootstrap()).write(topic, {{1, {}, QByteArray("{}"), {}, 0}});
        QStringList places;
        const auto hasTheNewOne = [&] {
            while (const EventBatchPtr batch = tail->tryPop()) {
                for (qsizetype row = 0; row < batch->count(); ++row)
                    places += u"%1@%2"_qs.arg(batch->record(row).partition).arg(batch->record(row).position);
            }
            return places.contains(u"1@0"_qs);
        };
        QTRY_VERIFY_WITH_TIMEOUT(hasTheNewOne(), 60'000);
        places.sort();
        QCOMPARE(places, (QStringList{u"0@0"_qs, u"0@1"_qs, u"0@2"_qs, u"1@0"_qs}));
        tail->cancel();
    }

    void aBombThatComesWhileATailIsBusyIsNamedAndNothingIsLost()
    {
        const QString topic = tests::uniqueName(u"bomb-busy"_qs);
        tests::KafkaProducer producer(tests::kafkaBootstrap());
        producer.createTopic(topic, 1, {{u"max.message.bytes"_qs, u"50000000"_qs}});
        const auto connector = openThroughWorker(opening()).value();
        ReadRequest request = requestOf(topic);
        request.isFollowing = true;
        const EventChannelPtr tail = connector->eventReader()->read(request);
        QStringList places;
        const auto take = [&] {
            while (const EventBatchPtr batch = tail->tryPop()) {
                for (qsizetype row = 0; row < batch->count(); ++row)
                    places += u"%1@%2"_qs.arg(batch->record(row).partition).arg(batch->record(row).position);
            }
            return places.size();
        };
        producer.write(topic, {{0, {}, QByteArray("{}"), {}, 0}});
        QTRY_VERIFY_WITH_TIMEOUT(take() >= 1, 60'000);
        for (int i = 1; i < 60; ++i) { // more often than a read is asked how far it is
            producer.write(topic, {{0, {}, QByteArray("{}"), {}, 0}});
            QTest::qWait(20);
        }
        tests::writeBomb(topic, u"lz4"_qs, BombBytes);
        const auto isNamed = [&] {
            take();
            return tail->progress().leftOut.size() == 1;
        };
        QTRY_VERIFY_WITH_TIMEOUT(isNamed(), 60'000);
        QCOMPARE(tail->progress().leftOut.front().from, qint64(60));
        QTRY_COMPARE_WITH_TIMEOUT(take(), 60, 60'000);
        QCOMPARE(QSet<QString>(places.begin(), places.end()).size(), 60);
        tail->cancel();
    }

    void aBombAtAnEdgeIsNamedByWhoeverAsksForTimes()
    {
        const QString topic = tests::uniqueName(u"bomb-edge"_qs);
        tests::KafkaProducer(tests::kafkaBootstrap()).createTopic(topic, 1, {{u"max.message.bytes"_qs, u"50000000"_qs}});
        tests::writeBomb(topic, u"lz4"_qs, BombBytes, 1);
        const auto connector = openThroughWorker(opening()).value();
        StreamListRequest request;
        request.streams = {topic};
        request.withExtents = true;
        request.withTimes = true;
        const auto isNamed = [&] { // asked of one that dies, it fails
            const auto list = tests::answerOf(connector->streamCatalog()->listStreams(request, {}));
            return list && !list->problems.empty() && list->problems.front().message.contains(u"exceeds the limit"_qs);
        };
        QTRY_VERIFY_WITH_TIMEOUT(isNamed(), 60'000);
    }
};

QTEST_GUILESS_MAIN(TestBombs)
#include "tst_bombs.moc"
