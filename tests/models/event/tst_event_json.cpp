// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/event/event_json.h"

#include <QTest>

using namespace connectors;
using namespace models::event;

namespace {

struct Given {
    std::string_view key;
    std::string_view payload;
    BodyFormat format = BodyFormat::Json;
    std::vector<Header> headers = {};
    bool isKeyNull = false;
};

QByteArray shown(const Given &given)
{
    EventBatchBuilder builder;
    EventRecord record;
    record.stream = builder.internStream(QStringLiteral("orders"));
    record.partition = 3;
    record.position = 9007199254740993;
    record.time = 1'767'225'600'123;
    if (!given.isKeyNull)
        record.key = builder.addBytes(given.key);
    record.format = given.format;
    if (given.format != BodyFormat::Null) {
        record.payload = builder.addBytes(given.payload);
        record.size = static_cast<qint64>(given.payload.size());
    }
    record.headers = builder.addHeaders(given.headers);
    builder.add(record);
    return eventJson(*builder.take(), 0);
}

} // namespace

class TestEventJson final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void anEventHasTheFieldsOfTheContractInOrder()
    {
        EventBatchBuilder builder;
        EventRecord record;
        record.stream = builder.internStream(QStringLiteral("orders"));
        record.time = 0;
        record.key = builder.addBytes("k");
        record.payload = builder.addBytes("{}");
        record.size = 2;
        record.format = BodyFormat::Json;
        record.eventId = builder.addBytes("e1");
        record.eventType = builder.addBytes("OrderPlaced");
        record.aggregateId = builder.addBytes("order-17");
        record.timestamp = builder.addBytes("2026-01-01T00:00:00Z");
        record.version = 7;
        record.correlationId = builder.addBytes("c1");
        builder.add(record);
        const EventBatchPtr batch = builder.take();
        const QByteArray expected(
            "{\"stream\":\"orders\",\"partition\":0,\"position\":0,\"time\":\"1970-01-01T00:00:00.000Z\",\"key\":\"k\",\"headers\":[],"
            "\"envelope\":{\"eventId\":\"e1\",\"eventType\":\"OrderPlaced\",\"aggregateId\":\"order-17\",\"timestamp\":\"2026-01-01T00:00:00Z\","
            "\"version\":7,\"correlationId\":\"c1\",\"causationId\":null},\"payload\":{},\"size\":2");
        QCOMPARE(eventJson(*batch, 0), expected + "}");
        QCOMPARE(eventJson(*batch, 0, QStringLiteral("prod")), expected + ",\"connection\":\"prod\"}");
    }

    void aBodyIsMinifiedAndItsNumbersStayAsWritten()
    {
        const QByteArray line = shown({"k", "{ \"a b\" : 9007199254740993,\n\t\"c\\\" d\": [1.0, 1e2, 123456789012345678901234567890] }"});
        QVERIFY2(line.contains(",\"payload\":{\"a b\":9007199254740993,\"c\\\" d\":[1.0,1e2,123456789012345678901234567890]},"), line.constData());
        QVERIFY(line.contains("\"position\":9007199254740993,"));
        QVERIFY(!line.contains('\n'));
    }

    void whatIsNoJsonIsBase64()
    {
        QVERIFY(shown({"k", "\xff", BodyFormat::NotJson}).contains(",\"payload\":null,\"payloadBase64\":\"/w==\",\"size\":1"));
        QVERIFY(shown({"k", "[[", BodyFormat::JsonTooDeep}).contains(",\"payload\":null,\"payloadBase64\":\"W1s=\",\"size\":2"));
    }

    void aTombstoneAnEmptyBodyAndANullKeyAreToldApart()
    {
        QVERIFY(shown({"k", {}, BodyFormat::Null}).contains(",\"payload\":null,\"size\":null}"));
        QVERIFY(shown({"k", "", BodyFormat::Empty}).contains(",\"payload\":null,\"size\":0}"));
        QVERIFY(shown({"", "1"}).contains(",\"key\":\"\","));
        QVERIFY(shown({{}, "1", BodyFormat::Json, {}, true}).contains(",\"key\":null,"));
    }

    void aKeyThatIsNoUtf8IsBase64()
    {
        QVERIFY(shown({"\xc0\xaf", "1"}).contains(",\"key\":null,\"keyBase64\":\"wK8=\","));
        QVERIFY(shown({"\xed\xa0\x80", "1"}).contains("\"keyBase64\""));
        QVERIFY(shown({"gr\xc3\xbc\xc3\x9f", "1"}).contains(",\"key\":\"gr\xc3\xbc\xc3\x9f\","));
    }

    void headersKeepOrderDuplicatesAndNulls()
    {
        const QByteArray line = shown({"k", "1", BodyFormat::Json, {{"a", "1"}, {"b", "\xff"}, {"a", "2"}, {"n", {}, true}, {"e", ""}}});
        QVERIFY2(line.contains("\"headers\":[[\"a\",\"1\"],[\"b\",{\"base64\":\"/w==\"}],[\"a\",\"2\"],[\"n\",null],[\"e\",\"\"]]"), line.constData());
    }

    void controlCharactersAreEscaped()
    {
        using namespace std::string_view_literals;
        QCOMPARE(jsonString("a\"\\\n\t\r\x01\0z"sv), QByteArray("\"a\\\"\\\\\\n\\t\\r\\u0001\\u0000z\""));
        QCOMPARE(jsonString("a\xff z"), QByteArray("\"a\xef\xbf\xbd z\""));
    }
};

QTEST_GUILESS_MAIN(TestEventJson)
#include "tst_event_json.moc"
