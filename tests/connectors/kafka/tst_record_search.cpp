// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/kafka/match_delivery.h"
#include "connectors/kafka/record_decoder.h"
#include "connectors/kafka/record_search.h"

#include <QTest>

using namespace connectors;
using namespace connectors::kafka;

namespace {

std::string_view viewOf(const QByteArray &bytes)
{
    return {bytes.constData(), static_cast<size_t>(bytes.size())};
}

/// Just the body of what librdkafka hands out.
bool isBodyUndecodable(const QByteArray &body)
{
    QByteArray bytes = body;
    rd_kafka_message_t message{};
    message.payload = bytes.isNull() ? nullptr : bytes.data();
    message.len = static_cast<size_t>(bytes.size());
    return isUndecodable(message);
}

bool matches(const RecordSearch &search, const QByteArray &body, const QByteArray &key)
{
    EventBatchBuilder builder;
    EventRecord event;
    event.stream = builder.internStream(QStringLiteral("s"));
    if (!body.isNull())
        event.payload = builder.addBytes(viewOf(body));
    if (!key.isNull())
        event.key = builder.addBytes(viewOf(key));
    envelope::EnvelopeDecoder().decode(builder, event);
    builder.add(event);
    return search.matches(*builder.take(), 0);
}

} // namespace

class TestRecordSearch : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void rawBytesRuleOutOnlyWhatCannotMatch_data()
    {
        QTest::addColumn<SearchField>("field");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QByteArray>("key");
        QTest::addColumn<bool>("mayMatch");
        QTest::addColumn<bool>("isMatch");
        const QByteArray event = R"({"eventId":"e1","eventType":"T","correlationId":"flow-7","data":{"other":"flow-8"}})";
        const QByteArray escaped = R"({"eventId":"e1","eventType":"T","correlationId":"flow\u002d7"})";
        QTest::newRow("the field") << SearchField::CorrelationId << event << QByteArray() << true << true;
        QTest::newRow("another field") << SearchField::AggregateId << event << QByteArray() << true << false;
        QTest::newRow("escaped") << SearchField::CorrelationId << escaped << QByteArray() << true << true;
        QTest::newRow("escaped, anywhere") << SearchField::Anywhere << escaped << QByteArray() << true << true;
        QTest::newRow("not there") << SearchField::CorrelationId << QByteArray(R"({"eventId":"e1"})") << QByteArray("flow-7") << false << false;
        QTest::newRow("the key") << SearchField::Key << QByteArray("{}") << QByteArray("flow-7") << true << true;
        QTest::newRow("part of the key") << SearchField::Key << QByteArray("{}") << QByteArray("flow-77") << false << false;
        QTest::newRow("part of the key, anywhere") << SearchField::Anywhere << QByteArray("{}") << QByteArray("flow-77") << true << true;
        QTest::newRow("binary, anywhere") << SearchField::Anywhere << QByteArray("\0\1flow-7", 8) << QByteArray() << true << true;
        QTest::newRow("tombstone") << SearchField::Anywhere << QByteArray() << QByteArray() << false << false;
        QTest::newRow("half an escape, not JSON") << SearchField::Anywhere << QByteArray("flow\\u00") << QByteArray() << true << false;
    }

    void rawBytesRuleOutOnlyWhatCannotMatch()
    {
        QFETCH(const SearchField, field);
        QFETCH(const QByteArray, body);
        QFETCH(const QByteArray, key);
        const RecordSearch search(ExactSearch{field, {"flow-7"}});
        QTEST(search.mayMatch(key.isNull() ? std::nullopt : std::optional(viewOf(key)), viewOf(body)), "mayMatch");
        QTEST(matches(search, body, key), "isMatch");
    }

    void anIdThatAConditionAsksForIsLookedForInTheRawBytes()
    {
        ReadRequest request;
        const auto mayMatch = [&request](const char *where, const QByteArray &body) {
            request.where = QString::fromLatin1(where);
            const auto delivery = MatchDelivery::make(request, std::make_shared<EventChannel>());
            return !(*delivery)->rawSearch() || (*delivery)->rawSearch()->mayMatch(std::nullopt, viewOf(body));
        };
        const QByteArray other = R"({"correlationId":"flow-8"})";
        QVERIFY(!mayMatch("correlationId = 'flow-7' AND field('/n') > 3", other));
        QVERIFY(mayMatch("correlationId = 'flow-7' AND field('/n') > 3", R"({"correlationId":"flow-7"})"));
        QVERIFY(mayMatch("correlationId = 'flow-7' OR field('/n') > 3", other));
        QVERIFY(mayMatch("correlationId <> 'flow-7'", other));
        request.search = ExactSearch{SearchField::Anywhere, {"flow-8"}}; // of two the one that was asked for
        QVERIFY(mayMatch("correlationId = 'flow-7'", other));
    }

    void whatIsNotJsonIsUndecodable()
    {
        QVERIFY(!isBodyUndecodable("{\"a\":1}"));
        QVERIFY(!isBodyUndecodable(QByteArray("")));
        QVERIFY(!isBodyUndecodable(QByteArray()));
        QVERIFY(isBodyUndecodable("{\"a\":"));
        QVERIFY(isBodyUndecodable(QByteArray("\0\1\2", 3)));
        QVERIFY(isBodyUndecodable(QByteArray(100'000, '[')));
    }
};

QTEST_GUILESS_MAIN(TestRecordSearch)
#include "tst_record_search.moc"
