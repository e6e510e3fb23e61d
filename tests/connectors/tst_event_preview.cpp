// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/dead_letter_source.h"

#include <QTest>
#include <QtEndian>

#include <limits>

using namespace connectors;

class TestEventPreview final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aTimeThatNoClockHasIsNone()
    {
        EventBatchBuilder builder;
        EventRecord record;
        record.stream = builder.internStream(QStringLiteral("orders"));
        for (const EpochMs time : {std::numeric_limits<qint64>::max(), -std::numeric_limits<qint64>::max(), FurthestTime + 1, FurthestTime, EpochMs(-1)}) {
            record.time = time;
            builder.add(record);
        }
        const EventBatchPtr batch = builder.take();
        for (qsizetype row = 0; row < 3; ++row)
            QCOMPARE(batch->record(row).time, NoNumber);
        QCOMPARE(batch->record(3).time, FurthestTime);
        QCOMPARE(batch->record(4).time, EpochMs(-1));
        QVERIFY(EventBatch::fromBytes(batch->toBytes()).has_value());
        QByteArray forged = batch->toBytes();
        const auto bytesOf = [](qint64 time) {
            QByteArray bytes(8, 0);
            qToBigEndian(time, bytes.data());
            return bytes;
        };
        forged.replace(bytesOf(FurthestTime), bytesOf(FurthestTime + 1));
        QVERIFY(forged != batch->toBytes());
        QVERIFY(!EventBatch::fromBytes(forged).has_value());
    }

    void aTextIsNotCutWithinACharacter_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<qint64>("most");
        QTest::addColumn<QByteArray>("beginning");
        QTest::newRow("all") << QByteArray("abc") << qint64(0) << QByteArray("abc");
        QTest::newRow("as long as that") << QByteArray("abc") << qint64(3) << QByteArray("abc");
        QTest::newRow("plain") << QByteArray("abcd") << qint64(3) << QByteArray("abc");
        QTest::newRow("two bytes") << QByteArray("ab\xc3\xbc") << qint64(3) << QByteArray("ab");
        QTest::newRow("after two bytes") << QByteArray("a\xc3\xbc!") << qint64(3) << QByteArray("a\xc3\xbc");
        QTest::newRow("four bytes") << QByteArray("a\xf0\x9f\x98\x80") << qint64(4) << QByteArray("a");
        QTest::newRow("no text") << QByteArray(9, '\x80') << qint64(6) << QByteArray(6, '\x80');
    }

    void aTextIsNotCutWithinACharacter()
    {
        QFETCH(QByteArray, text);
        QFETCH(qint64, most);
        QFETCH(QByteArray, beginning);
        const std::string_view cut = beginningOf({text.constData(), static_cast<size_t>(text.size())}, most);
        QCOMPARE(QByteArray(cut.data(), static_cast<qsizetype>(cut.size())), beginning);
    }

    void whatIsSmallIsNotCopied()
    {
        const EventBatchPtr batch = batchWith(100, 100, {{"name", "value"}});
        QCOMPARE(previewsOf(batch, 4096), batch);
        QCOMPARE(previewsOf(batch, 0), batch);
    }

    void eachPartIsCutAndSaysSo()
    {
        const EventBatchPtr preview = previewsOf(batchWith(10'000, 20'000, {}), 4096);
        const EventRecord &record = preview->record(0);
        QCOMPARE(record.payload.length, 4096U);
        QCOMPARE(record.size, 10'000);
        QCOMPARE(record.key.length, 4096U);
        QVERIFY(record.isBodyCut() && record.isKeyCut && !record.areHeadersCut && !record.isEnvelopeCut);
        // A preview of a preview still says what the first one left out.
        const EventBatchPtr again = previewsOf(preview, 100);
        QVERIFY(again->record(0).isBodyCut() && again->record(0).isKeyCut);
        QCOMPARE(again->record(0).size, 10'000);
    }

    void longValuesMakeRoomForOtherHeaders()
    {
        const std::string longValue(10'000, 'v');
        const EventBatchPtr preview = previewsOf(batchWith(1, 1, {{"a", longValue}, {"none", {}, true}, {"a", "again"}}), 4096);
        QVERIFY(preview->record(0).areHeadersCut);
        const std::vector<Header> headers = preview->headers(0);
        QCOMPARE(headers.size(), size_t(3));
        QCOMPARE(headers[0].value.size(), size_t(4096 / 8));
        QVERIFY(headers[1].isNull);
        QVERIFY(headers[2].value == "again");
    }

    void veryManyHeadersAreCutAtTheEnd()
    {
        const EventBatchPtr preview = previewsOf(batchWith(1, 1, std::vector<Header>(10'000, Header{"name", "value", false})), 4096);
        QVERIFY(preview->record(0).areHeadersCut);
        QVERIFY(preview->record(0).headers.length <= 4096U);
        QVERIFY(preview->headers(0).size() > 100);
        const std::string longName(5'000, 'n');
        const EventBatchPtr none = previewsOf(batchWith(1, 1, {{longName, "v"}, {"a", "b"}}), 4096);
        QVERIFY(none->record(0).areHeadersCut && none->record(0).headers.isNull());
    }

    void whatIsCutCrossesTheWire()
    {
        const std::string longValue(9'000, 'v');
        const EventBatchPtr preview = previewsOf(batchWith(10'000, 20'000, {{"a", longValue}}), 4096);
        const QByteArray bytes = preview->toBytes();
        QVERIFY(bytes.size() <= preview->wireBytes());
        const auto back = EventBatch::fromBytes(bytes);
        QVERIFY(back);
        QCOMPARE((*back)->record(0), preview->record(0));
    }

    void theTextsOfManyLettersAreBounded()
    {
        std::vector<DeadLetter> few(3);
        few[1].stackTrace = QString(10'000, u's');
        few[2].reason = QString(100'000, u'r');
        cutTexts(few);
        QCOMPARE(few[1].stackTrace.size(), 10'000);
        QCOMPARE(few[2].reason.size(), 64 * 1024);
        std::vector<DeadLetter> many(10'000);
        for (DeadLetter &letter : many)
            letter.stackTrace = QString(10'000, u's');
        many.front().stackTrace = QStringLiteral("short");
        cutTexts(many);
        QCOMPARE(many.front().stackTrace, QStringLiteral("short"));
        QCOMPARE(many.back().stackTrace.size(), 4'096);
    }

private:
    static EventBatchPtr batchWith(size_t bodyBytes, size_t keyBytes, const std::vector<Header> &headers)
    {
        EventBatchBuilder builder;
        EventRecord record;
        record.stream = builder.internStream(QStringLiteral("orders"));
        record.payload = builder.addBytes(std::string(bodyBytes, 'b'));
        record.size = static_cast<qint64>(bodyBytes);
        record.format = BodyFormat::NotJson;
        record.key = builder.addBytes(std::string(keyBytes, 'k'));
        record.headers = builder.addHeaders(headers);
        builder.add(record);
        return builder.take();
    }
};

QTEST_GUILESS_MAIN(TestEventPreview)
#include "tst_event_preview.moc"
