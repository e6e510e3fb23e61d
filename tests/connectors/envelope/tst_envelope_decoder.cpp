// SPDX-License-Identifier: GPL-3.0-or-later

#include "connectors/envelope/envelope_decoder.h"

#include <QTest>

using namespace connectors;
using connectors::envelope::EnvelopeDecoder;

namespace {

/// JSON is written with single quotes here, to be readable.
QByteArray quoted(const char *text)
{
    return QByteArray(text).replace('\'', '"');
}

std::string quotedText(const char *text)
{
    return quoted(text).toStdString();
}

struct Decoded {
    EventBatchPtr batch;
    [[nodiscard]] QString text(Slice slice) const
    {
        return slice.isNull() ? QStringLiteral("–") : QString::fromUtf8(batch->bytes(slice));
    }
    [[nodiscard]] const EventRecord &record() const { return batch->record(0); }
    [[nodiscard]] QString printed() const
    {
        const EventRecord &r = record();
        const auto number = [](qint64 value) { return value == NoNumber ? QStringLiteral("–") : QString::number(value); };
        return QStringList{text(r.eventId), text(r.eventType), text(r.aggregateId), text(r.timestamp), number(r.version), text(r.correlationId),
                           text(r.causationId), number(r.schemaVersion)}
            .join(u'|');
    }
};

Decoded decode(const std::optional<QByteArray> &payload, const std::vector<Header> &headers = {})
{
    EventBatchBuilder builder;
    EventRecord record;
    record.stream = builder.internStream(QStringLiteral("orders"));
    if (payload)
        record.payload = builder.addBytes({payload->constData(), static_cast<size_t>(payload->size())});
    record.headers = builder.addHeaders(headers);
    EnvelopeDecoder decoder;
    decoder.decode(builder, record);
    builder.add(record);
    return {builder.take()};
}

} // namespace

class TestEnvelopeDecoder final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theNativeEnvelopeIsReadFromTheTopOfTheBody()
    {
        const QByteArray body = quoted("{'eventId':'e-1','eventType':'OrderPlaced','aggregateId':'order-17','timestamp':'2026-03-01T12:00:00Z','version':9007199254740993,'correlationId':'c-1','causationId':'e-0','schemaVersion':2,'data':{'eventId':'not this one'}}");
        const Decoded decoded = decode(body);
        QCOMPARE(decoded.printed(), QStringLiteral("e-1|OrderPlaced|order-17|2026-03-01T12:00:00Z|9007199254740993|c-1|e-0|2"));
        QCOMPARE(decoded.record().format, BodyFormat::Json);
        QCOMPARE(decoded.record().size, body.size());
    }

    void fieldsAreSlicesOfTheBodyUnlessTheyAreEscaped()
    {
        const Decoded decoded = decode(quoted("{'eventId':'plain','eventType':'Order\\u0050laced'}"));
        const EventRecord &record = decoded.record();
        QVERIFY(record.eventId.offset >= record.payload.offset && record.eventId.offset < record.payload.offset + record.payload.length);
        QVERIFY(record.eventType.offset >= record.payload.offset + record.payload.length);
        QCOMPARE(decoded.text(record.eventType), QStringLiteral("OrderPlaced"));
    }

    void formatIsToldOfEveryBody_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<int>("format");
        QTest::newRow("empty") << QByteArray("") << static_cast<int>(BodyFormat::Empty);
        QTest::newRow("text") << QByteArray("hello") << static_cast<int>(BodyFormat::NotJson);
        QTest::newRow("truncated") << QByteArray(quoted("{'eventId':'e-1','eventType':'Ord")) << static_cast<int>(BodyFormat::NotJson);
        QTest::newRow("NUL") << QByteArray("{\"eventId\":\"\0\"}", 15) << static_cast<int>(BodyFormat::NotJson);
        QTest::newRow("invalid UTF-8") << QByteArray("{\"eventId\":\"\xff\"}") << static_cast<int>(BodyFormat::NotJson);
        QTest::newRow("100,000 levels") << QByteArray(100'000, '[') + QByteArray(100'000, ']') << static_cast<int>(BodyFormat::JsonTooDeep);
        QTest::newRow("a number") << QByteArray("42") << static_cast<int>(BodyFormat::Json);
        QTest::newRow("a 30-digit number") << QByteArray(quoted("{'n':123456789012345678901234567890}")) << static_cast<int>(BodyFormat::Json);
    }

    void formatIsToldOfEveryBody()
    {
        QFETCH(QByteArray, body);
        QFETCH(int, format);
        const Decoded decoded = decode(body);
        QCOMPARE(static_cast<int>(decoded.record().format), format);
        QCOMPARE(decoded.printed(), QStringLiteral("–|–|–|–|–|–|–|–"));
    }

    void aTombstoneIsNullAndStillHasItsHeaders()
    {
        const Decoded decoded = decode(std::nullopt, {{"ce_id", "e-9", false}, {"ce_type", "OrderDeleted", false}});
        QCOMPARE(decoded.record().format, BodyFormat::Null);
        QCOMPARE(decoded.record().size, -1);
        QCOMPARE(decoded.printed(), QStringLiteral("e-9|OrderDeleted|–|–|–|–|–|–"));
    }

    void cloudEventsAreUnderstoodBothWays()
    {
        QCOMPARE(decode(quoted("{'specversion':'1.0','id':'e-1','type':'order.placed','source':'/shop','subject':'order-1','time':'2026-03-01T12:00:00Z','correlationid':'c'}"))
                     .printed(),
                 QStringLiteral("e-1|order.placed|order-1|2026-03-01T12:00:00Z|–|c|–|–"));
        QCOMPARE(decode("not json", {{"ce_id", "e-2", false}, {"ce_correlationid", "c", false}, {"ce_causationid", "e-1", false}}).printed(),
                 QStringLiteral("e-2|–|–|–|–|c|e-1|–"));
    }

    void nServiceBusKeepsItsFlowInTheConversation()
    {
        QCOMPARE(decode("{}", {{"NServiceBus.MessageId", "m-2", false}, {"NServiceBus.ConversationId", "flow", false}, {"NServiceBus.CorrelationId", "reply", false},
                               {"NServiceBus.RelatedTo", "m-1", false}})
                     .printed(),
                 QStringLiteral("m-2|–|–|–|–|flow|m-1|–"));
    }

    void traceparentGivesTheFlowWhereNothingElseDoes()
    {
        QCOMPARE(decode("{}", {{"traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", false}}).printed(),
                 QStringLiteral("–|–|–|–|–|4bf92f3577b34da6a3ce929d0e0e4736|–|–"));
        QCOMPARE(decode("{}", {{"traceparent", "00-short", false}}).printed(), QStringLiteral("–|–|–|–|–|–|–|–"));
    }

    void aValueOfTheWrongTypeIsNotTaken()
    {
        QCOMPARE(decode(quoted("{'eventId':{'a':1},'eventType':'T','version':'seven','correlationId':null}")).printed(), QStringLiteral("–|T|–|–|–|–|–|–"));
        QCOMPARE(decode(quoted("{'eventId':4711,'eventType':'T','version':'7'}")).printed(), QStringLiteral("4711|T|–|–|7|–|–|–"));
    }

    void aMappingWithAMistakeNamesItsPlace()
    {
        const auto noField = envelope::parseMapping(quotedText("{'when':['/a'],'fields':{'eventid':['/a']}}"));
        QVERIFY(!noField && noField.error().message.contains(QStringLiteral("eventid")));
        const auto noSource = envelope::parseMapping(quotedText("{'when':['/a'],'fields':{'eventId':['/a/b']}}"));
        QVERIFY(!noSource && noSource.error().message.contains(QStringLiteral("/fields/eventId/0")));
    }
};

QTEST_GUILESS_MAIN(TestEnvelopeDecoder)
#include "tst_envelope_decoder.moc"
