// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/remote/endpoint.h"
#include "connectors/remote/remote_connector.h"
#include "tests/support/store_fixture.h"

#include <QRandomGenerator>
#include <QTest>

using namespace connectors;
using namespace connectors::remote;

namespace {

template<typename T>
QByteArray bytesOf(const T &value)
{
    Writer out;
    out(value);
    return out.bytes();
}

template<typename T>
std::optional<T> valueOf(const QByteArray &bytes)
{
    T value{};
    Reader in(bytes);
    in(value);
    return in.isComplete() ? std::optional(value) : std::nullopt;
}

ReadRequest fullRequest()
{
    ReadRequest request;
    request.streams = {u"a"_qs, u"ü"_qs};
    request.partitions = {0, 3};
    request.from = AtTime{1'700'000'000'000};
    request.to = Newest{5};
    request.ranges = {{u"a"_qs, 1, 2, 3, 4, 5}};
    request.limit = 9'007'199'254'740'993;
    request.where = u"eventType = 'x'"_qs;
    request.search = ExactSearch{SearchField::Key, {"k", QByteArray("\0x", 2)}};
    request.isolation = Isolation::ReadUncommitted;
    return request;
}

/// A system that is only there to be asked.
class SilentConnector final : public Connector, public StreamCatalog
{
public:
    QFuture<Result<SystemIdentity>> identify(std::stop_token) override { return m_promise.future(); }
    Traffic traffic() const override { return {1, 2}; }
    StreamCatalog *streamCatalog() override { return this; }
    QString whyNot(Ability) const override { return u"It cannot."_qs; }
    QFuture<Result<StreamList>> listStreams(StreamListRequest, std::stop_token) override { return QtFuture::makeReadyFuture(Result<StreamList>(StreamList())); }
    QFuture<Result<std::vector<TimePosition>>> positionsAt(QString, EpochMs, std::stop_token) override
    {
        return QtFuture::makeReadyFuture(Result<std::vector<TimePosition>>());
    }

private:
    QPromise<Result<SystemIdentity>> m_promise;
};

} // namespace

class TestWire final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatIsWrittenIsRead()
    {
        const ReadRequest request = fullRequest();
        const auto read = valueOf<ReadRequest>(bytesOf(request));
        QVERIFY(read.has_value());
        QCOMPARE(bytesOf(*read), bytesOf(request));
        QVERIFY(read->from == request.from && read->to == request.to && read->limit == request.limit && read->ranges == request.ranges);

        const Result<ReadReport> refused = failure(ErrorCode::Refused, u"No."_qs, u"Ask."_qs, true);
        const auto readRefused = valueOf<Result<ReadReport>>(bytesOf(refused));
        QVERIFY(readRefused && !*readRefused);
        QCOMPARE(readRefused->error(), refused.error());
    }

    void nullAndEmptyStayApart()
    {
        ConsumerPosition position;
        position.checkpoint = 0;
        position.metadata = QByteArray("");
        const auto read = valueOf<ConsumerPosition>(bytesOf(position));
        QVERIFY(read && read->checkpoint == 0 && !read->start && !read->problem);
        QVERIFY(!read->metadata.isNull() && read->metadata.isEmpty());
    }

    void hostileBytesAreRefused()
    {
        const QByteArray good = bytesOf(fullRequest());
        for (qsizetype length = 0; length < good.size(); ++length)
            QVERIFY(!valueOf<ReadRequest>(good.left(length)));
        QVERIFY(!valueOf<ReadRequest>(good + 'x'));
        QVERIFY(!valueOf<std::vector<PartitionRead>>(QByteArray::fromHex("ffffffff")));
        QVERIFY(!valueOf<std::vector<QString>>(QByteArray::fromHex("7fffffff00000000")));
        QVERIFY(!valueOf<PositionSpec>(QByteArray::fromHex("05")));
        QVERIFY(!valueOf<ErrorCode>(QByteArray::fromHex("ff")));
        QVERIFY(!valueOf<bool>(QByteArray::fromHex("02")));
        QVERIFY(!valueOf<EventBatchPtr>(bytesOf(QByteArray("SGB1 is not enough"))));
    }

    void flippedBytesNeverDoHarm()
    {
        const QByteArray good = bytesOf(fullRequest());
        QRandomGenerator random(4711);
        for (int i = 0; i < 5000; ++i) {
            QByteArray bad = good;
            bad[random.bounded(int(bad.size()))] = static_cast<char>(random.bounded(256));
            const auto read = valueOf<ReadRequest>(bad);
            QVERIFY(!read || bytesOf(*read).size() == bad.size());
        }
    }

    void aMalformedQuestionIsAnsweredMalformedAndAsksNothing()
    {
        SilentConnector system;
        std::vector<QByteArray> sent;
        const auto endpoint = std::make_shared<Endpoint>(system, [&sent](const QByteArray &message) { sent.push_back(message); });
        Writer cut;
        cut(quint32(7), Call::ListStreams, quint8(1));
        for (const QByteArray &message : {QByteArray(), QByteArray("xyz"), QByteArray::fromHex("00000007ff"), cut.bytes()}) {
            sent.clear();
            endpoint->receive(message);
            QCOMPARE(sent.size(), size_t(1));
            quint32 id = 0;
            Reply kind = Reply::Answer;
            Reader in(sent.front());
            in(id, kind);
            QCOMPARE(kind, Reply::Malformed);
        }
        endpoint->close();
    }

    void aMalformedAnswerIsUnreadable_data()
    {
        QTest::addColumn<QByteArray>("answer");
        Writer header;
        header(quint32(1), Reply::Answer, Traffic());
        QTest::newRow("nothing") << QByteArray();
        QTest::newRow("noise") << QByteArray("noise that is no message at all");
        QTest::newRow("header only") << header.bytes();
        QTest::newRow("cut") << header.bytes() + QByteArray("\1\0\0", 3);
        QTest::newRow("too much") << header.bytes() + bytesOf(Result<SystemIdentity>(SystemIdentity())) + 'x';
    }

    void aMalformedAnswerIsUnreadable()
    {
        QFETCH(QByteArray, answer);
        const auto session = std::make_shared<RemoteSession>([](const QByteArray &) {});
        const auto connector = makeRemoteConnector(session, Greeting{{true, true}, {}}, [] {});
        const auto identity = connector->identify({});
        session->receive(answer);
        const auto result = tests::answerOf(identity);
        QVERIFY(!result);
        QCOMPARE(result.error().code, ErrorCode::Unreadable);
    }

    void aMalformedBatchEndsTheReadUnreadable()
    {
        const auto session = std::make_shared<RemoteSession>([](const QByteArray &) {});
        const auto connector = makeRemoteConnector(session, Greeting{{true, true}, {}}, [] {});
        const EventChannelPtr channel = connector->eventReader()->read({});
        Writer out;
        out(quint32(1), Reply::Batch, Traffic(), QByteArray("not a batch"));
        session->receive(out.bytes());
        const auto events = tests::readAll(channel);
        QVERIFY(!events.result);
        QCOMPARE(events.result.error().code, ErrorCode::Unreadable);
    }

    void anAbilityThatIsNotThereIsNullAndSaysWhy()
    {
        SilentConnector system;
        const auto endpoint = std::make_shared<Endpoint>(system, [](const QByteArray &) {});
        const auto connector = makeRemoteConnector(std::make_shared<RemoteSession>([](const QByteArray &) {}), endpoint->greeting(), [] {});
        QVERIFY(connector->streamCatalog() != nullptr);
        QVERIFY(connector->eventReader() == nullptr && connector->eventWriter() == nullptr && connector->consumerCatalog() == nullptr);
        QCOMPARE(connector->whyNot(Ability::EventReader), u"It cannot."_qs);
        endpoint->close();
    }
};

QTEST_GUILESS_MAIN(TestWire)
#include "tst_wire.moc"
