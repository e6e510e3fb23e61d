// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/remote/endpoint.h"
#include "connectors/remote/remote_connector.h"
#include "tests/support/store_fixture.h"

#include <QRandomGenerator>
#include <QTest>

using namespace connectors;
using namespace connectors::remote;

namespace {

QByteArray bytesOf(const ReadRequest &request)
{
    return Writer(7, Call::Read)(request).bytes();
}

std::optional<ReadRequest> requestOf(const QByteArray &bytes)
{
    const Reader in = Reader::question(bytes);
    ReadRequest request;
    return in.isSound() && in.call() == Call::Read && in(request) ? std::optional(request) : std::nullopt;
}

template<typename T>
QByteArray replyOf(Reply kind, const T &value)
{
    return Writer(1, kind, {}).whole(value).bytes();
}

template<typename T>
std::optional<T> valueOf(const QByteArray &reply)
{
    T value{};
    return Reader::reply(reply).whole(value) ? std::optional(value) : std::nullopt;
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
        const auto read = requestOf(bytesOf(request));
        QVERIFY(read.has_value());
        QCOMPARE(bytesOf(*read), bytesOf(request));
        QVERIFY(read->from == request.from && read->to == request.to && read->limit == request.limit && read->ranges == request.ranges);
        QVERIFY(read->search && read->search->values == request.search->values);

        const Error refused{ErrorCode::Refused, u"No."_qs, u"Ask."_qs, true};
        QCOMPARE(valueOf<Error>(replyOf(Reply::Error, refused)), std::optional(refused));
    }

    void everyTypeOfTheContractHasAFieldForEachOfItsOwn()
    {
        ConnectionSpec spec;
        spec.hosts = {u"[::1]:9092"_qs, u"b:1"_qs};
        spec.properties = {{u"a"_qs, u"1"_qs}, {u"ü"_qs, u""_qs}};
        spec.environment = Environment::Staging;
        Credentials secrets;
        secrets.keyPassword = u"key"_qs;
        DeadLetterDeclarations declared;
        declared.queues = {{QRegularExpression(u"^a.*$"_qs), u"orders"_qs, {}}};
        declared.notQueues = {QRegularExpression(u"^b$"_qs)};
        Opening opening;
        QVERIFY(Reader::question(Writer(1, Call::Open).whole(Opening{spec, secrets, declared, Purpose::KeepingLines, u"t"_qs}).bytes()).whole(opening));
        QVERIFY(opening.spec == spec && opening.credentials.keyPassword == secrets.keyPassword && opening.purpose == Purpose::KeepingLines);
        QVERIFY(opening.declarations.find(u"abc"_qs) && opening.declarations.isNoQueue(u"b"_qs));

        DeadLetter letter;
        letter.original = EventAddress{u"orders"_qs, 3, 9'007'199'254'740'993};
        letter.size = -1;
        const auto letters = valueOf<std::vector<DeadLetter>>(replyOf(Reply::Letters, std::vector<DeadLetter>{letter, {}}));
        QVERIFY(letters && letters->size() == 2 && letters->front().original == letter.original && letters->front().size == -1 && !letters->back().original);

        ConsumerState nobody;
        nobody.members = std::vector<ConsumerMember>();
        const auto states = valueOf<ConsumerStates>(replyOf(Reply::States, ConsumerStates{{nobody, {}}, {}}));
        QVERIFY(states && states->consumers[0].members && states->consumers[0].members->empty() && !states->consumers[1].members);

        const auto identity = valueOf<SystemIdentity>(replyOf(Reply::Identity, SystemIdentity{u"id"_qs, {}, {}, {u"h"_qs}, {}, true, Environment::Untagged, {}}));
        QVERIFY(identity && identity->otherTag == Environment::Untagged && identity->areAllHostsLoopback);
    }

    void nullAndEmptyStayApart()
    {
        ConsumerPosition position;
        position.checkpoint = 0;
        position.metadata = QByteArray("");
        position.heldBackBy = u"process 7"_qs;
        ConsumerState state;
        state.positions = {position};
        const auto read = valueOf<ConsumerStates>(replyOf(Reply::States, ConsumerStates{{state}, {}}));
        QVERIFY(read.has_value());
        const ConsumerPosition &again = read->consumers.front().positions.front();
        QVERIFY(again.checkpoint == 0 && !again.start && !again.problem);
        QCOMPARE(again.heldBackBy, u"process 7"_qs);
        QVERIFY(!again.metadata.isNull() && again.metadata.isEmpty());
    }

    void hostileBytesAreRefused_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("nothing") << QByteArray();
        QTest::newRow("noise") << QByteArray("noise that is no message at all");
        QTest::newRow("no call") << QByteArray::fromHex("0807");
        QTest::newRow("an unknown call") << QByteArray::fromHex("0807f20500");
        QTest::newRow("longer than it is") << QByteArray::fromHex("080732ffffff7f");
        QTest::newRow("cut in a part") << bytesOf(fullRequest()).chopped(1);
        QTest::newRow("more after it") << bytesOf(fullRequest()) + 'x';
        ReadRequest request = fullRequest();
        request.isolation = static_cast<Isolation>(17);
        QTest::newRow("a value that is none") << bytesOf(request);
        QTest::newRow("four million empty parts") << QByteArray::fromHex("0807320c0a8092f401") + QByteArray("\x2a\x00", 2).repeated(4'000'000);
    }

    void hostileBytesAreRefused()
    {
        QFETCH(QByteArray, bytes);
        QVERIFY(!requestOf(bytes));
    }

    void aBatchThatIsNoneIsRefused()
    {
        const Reader in = Reader::reply(QByteArray::fromHex("080192010b0a09") + QByteArray("SGB1 oops"));
        QCOMPARE(in.kind(), Reply::Batch);
        EventBatchPtr batch;
        QVERIFY(!in.whole(batch));
    }

    void flippedBytesNeverDoHarm()
    {
        const QByteArray good = bytesOf(fullRequest());
        QRandomGenerator random(4711);
        for (int i = 0; i < 5000; ++i) {
            QByteArray bad = good;
            bad[random.bounded(int(bad.size()))] = static_cast<char>(random.bounded(256));
            const auto read = requestOf(bad);
            QVERIFY(!read || bytesOf(*read).size() < 4 * bad.size());
        }
    }

    void aMessageOfManyEmptyTextsIsRefusedBeforeItCosts()
    {
        const QByteArray good = Writer(1, Reply::Opened, {}).whole(Greeting{{}, std::vector<QString>(100)}).bytes();
        QVERIFY(Reader::reply(good).isSound());
        const QByteArray many = Writer(1, Reply::Opened, {}).whole(Greeting{{}, std::vector<QString>(2'100'000)}).bytes();
        QVERIFY(many.size() < 5'000'000);
        QVERIFY(!Reader::reply(many).isSound());
    }

    void aMalformedQuestionIsAnsweredMalformedAndAsksNothing()
    {
        SilentConnector system;
        std::vector<QByteArray> sent;
        const auto endpoint = std::make_shared<Endpoint>(system, [&sent](const QByteArray &message) { sent.push_back(message); });
        const QByteArray cut = Writer(7, Call::ListStreams)(StreamListRequest{{u"a"_qs}}).bytes().chopped(1);
        const QByteArray change = Writer(7, Call::ApplyCheckpoints)(u"payments"_qs, std::vector<CheckpointChange>()).bytes();
        for (const QByteArray &message : {QByteArray(), QByteArray("xyz"), cut, QByteArray::fromHex("0807f20500"), change}) {
            sent.clear();
            endpoint->receive(message);
            QCOMPARE(sent.size(), size_t(1));
            QCOMPARE(Reader::reply(sent.front()).kind(), Reply::Malformed);
        }
        endpoint->close();
    }

    void aMalformedAnswerIsUnreadable_data()
    {
        QTest::addColumn<QByteArray>("answer");
        QTest::addColumn<bool>("isRefused");
        const QByteArray good = replyOf(Reply::Identity, SystemIdentity{u"id"_qs, {}, {}, {}, {}, false, {}, {}});
        QTest::newRow("nothing") << QByteArray() << true;
        QTest::newRow("noise") << QByteArray("noise that is no message at all") << true;
        QTest::newRow("cut") << good.chopped(1) << true;
        QTest::newRow("too much") << good + 'x' << true;
        QTest::newRow("malformed") << Writer(1, Reply::Malformed, {}).bytes() << false; // it could not read the question
        QTest::newRow("another question's") << replyOf(Reply::Streams, StreamList()) << true;
        QTest::newRow("an end of a read") << replyOf(Reply::Finished, ReadReport()) << true;
        QTest::newRow("to a question that was not asked") << Writer(2, Reply::Identity, {}).whole(SystemIdentity()).bytes() << true;
        QTest::newRow("opened again") << Writer(0, Reply::Opened, {}).whole(Greeting()).bytes() << true;
    }

    void aMalformedAnswerIsUnreadable()
    {
        QFETCH(QByteArray, answer);
        QFETCH(bool, isRefused);
        bool wasRefused = false;
        const auto session = std::make_shared<RemoteSession>([](const QByteArray &) {}, [&wasRefused] { wasRefused = true; });
        const auto connector = makeRemoteConnector(session, Greeting{{true, true}, {}}, [] {});
        const auto identity = connector->identify({});
        session->receive(answer);
        const auto result = tests::answerOf(identity);
        QVERIFY(!result);
        QCOMPARE(result.error().code, ErrorCode::Unreadable);
        QCOMPARE(wasRefused, isRefused);
    }

    void aMalformedBatchEndsTheReadUnreadable()
    {
        const auto session = std::make_shared<RemoteSession>([](const QByteArray &) {});
        const auto connector = makeRemoteConnector(session, Greeting{{true, true}, {}}, [] {});
        const EventChannelPtr channel = connector->eventReader()->read({});
        session->receive(QByteArray::fromHex("080192010b0a09") + QByteArray("SGB1 oops"));
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
