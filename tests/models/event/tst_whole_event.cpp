// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/event/body_pages.h"
#include "models/event/event_column.h"
#include "models/event/event_export.h"
#include "models/event/event_json.h"
#include "models/event/whole_event.h"
#include "tests/support/batch_connector.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace connectors;

namespace {

QByteArray largeJson()
{
    QByteArray json = "{ \"text\" : \"";
    for (int i = 0; i < 120'000; ++i)
        json += "a \\\" b \\\\ ü ";
    return json + "\" ,\n \"list\" : [ 1.10 , 9007199254740993 ] , \"last\" : \"end\" }";
}

QByteArray largeBytes()
{
    QByteArray bytes(2'500'001, Qt::Uninitialized);
    for (qsizetype i = 0; i < bytes.size(); ++i)
        bytes[i] = static_cast<char>(i * 31 / 7);
    return bytes;
}

Slice add(EventBatchBuilder &builder, const QByteArray &bytes)
{
    return builder.addBytes({bytes.constData(), static_cast<size_t>(bytes.size())});
}

/// Of 0 the body is large JSON, of 1 no JSON, of 2 it is null and all else large, of 3 nothing is large.
EventBatchPtr events()
{
    EventBatchBuilder builder;
    for (qint64 position = 0; position < 4; ++position) {
        EventRecord record;
        record.stream = builder.internStream(QStringLiteral("orders"));
        record.position = position;
        const QByteArray body = position == 0 ? largeJson() : position == 1 ? largeBytes() : QByteArray("{ \"n\" : 3 }");
        if (position != 2) {
            record.payload = add(builder, body);
            record.size = body.size();
            record.format = position == 1 ? BodyFormat::NotJson : BodyFormat::Json;
        }
        const int times = position == 2 ? 1'500'000 : 3;
        record.key = add(builder, QByteArray(times, 'k'));
        const std::string value(static_cast<size_t>(times), 'v');
        record.headers = builder.addHeaders({{"a", value}, {"none", {}, true}, {"b", value}});
        record.eventId = add(builder, QByteArray(times, 'i'));
        record.correlationId = add(builder, "flow");
        builder.add(record);
    }
    return builder.take();
}

} // namespace

class TestWholeEvent final : public QObject
{
    Q_OBJECT

private:
    const EventBatchPtr m_whole = events();

    static QByteArray lineOf(EventReader &reader, const EventBatch &batch, qsizetype row, Result<void> *result)
    {
        QByteArray line;
        *result = models::event::writeEventJson(reader, batch, row, [&line](const QByteArray &piece) {
            line += piece;
            return true;
        }, {});
        return line;
    }

private Q_SLOTS:
    void aLineOfAPreviewIsThatOfTheWholeEvent_data()
    {
        QTest::addColumn<qint64>("previewBytes");
        QTest::newRow("as in a table") << TablePreviewBytes;
        QTest::newRow("a page") << PageBytes;
        QTest::newRow("next to nothing") << qint64(1);
        QTest::newRow("everything") << qint64(0);
    }

    void aLineOfAPreviewIsThatOfTheWholeEvent()
    {
        QFETCH(qint64, previewBytes);
        tests::BatchConnector connector(m_whole);
        const EventBatchPtr previews = previewsOf(m_whole, previewBytes);
        for (qsizetype row = 0; row < m_whole->count(); ++row) {
            Result<void> result;
            const QByteArray line = lineOf(connector, *previews, row, &result);
            QVERIFY(result);
            QVERIFY(line == models::event::eventJson(*m_whole, row));
            const auto whole = models::event::wholeEvent(connector, *previews, row, {});
            QVERIFY(whole && !(*whole)->record(0).isCut());
            QVERIFY(models::event::eventJson(**whole, 0) == models::event::eventJson(*m_whole, row));
        }
    }

    void whatIsLargerThanWantedStaysCut()
    {
        tests::BatchConnector connector(m_whole);
        const EventBatchPtr previews = previewsOf(m_whole, TablePreviewBytes);
        const auto body = models::event::wholeEvent(connector, *previews, 0, {}, 1'000'000);
        QVERIFY(body && (*body)->record(0).isBodyCut());
        const auto rest = models::event::wholeEvent(connector, *previews, 2, {}, 1'000'000);
        QVERIFY(rest && (*rest)->record(0).isKeyCut && (*rest)->record(0).areHeadersCut && (*rest)->record(0).isEnvelopeCut);
        QCOMPARE((*rest)->bytes((*rest)->record(0).correlationId), QByteArray("flow"));
    }

    void aPieceOfJsonMayEndAnywhere()
    {
        const QByteArray json = "{ \"a\\\\\\\" b\" : [ 1 , \" \\\\\" ] }";
        for (qsizetype first = 0; first <= json.size(); ++first) {
            models::event::PayloadJson payload(BodyFormat::Json);
            QByteArray out;
            payload.begin(out);
            payload.append(out, {json.constData(), static_cast<size_t>(first)});
            payload.append(out, {json.constData() + first, static_cast<size_t>(json.size() - first)});
            payload.end(out);
            QCOMPARE(out, QByteArray("{\"a\\\\\\\" b\":[1,\" \\\\\"]}"));
        }
    }

    void nothingIsWrittenOfWhatIsGone()
    {
        tests::BatchConnector connector(EventBatchBuilder().take());
        Result<void> result;
        QCOMPARE(lineOf(connector, *previewsOf(m_whole, TablePreviewBytes), 2, &result), QByteArray());
        QVERIFY(!result);
        QCOMPARE(result.error().code, ErrorCode::NotFound);
        QCOMPARE(lineOf(connector, *previewsOf(m_whole, TablePreviewBytes), 0, &result), QByteArray());
        QCOMPARE(result.error().code, ErrorCode::NotFound);
    }

    void anotherEventInItsPlaceIsTold()
    {
        EventBatchBuilder builder;
        builder.addFrom(*m_whole, 0, 5'000); // as if its body had only so much
        EventRecord record = builder.take()->record(0);
        EventBatchBuilder other;
        record.stream = other.internStream(QStringLiteral("orders"));
        record.payload = add(other, largeJson().first(5'000));
        record.size = 5'000;
        record.key = record.headers = record.eventId = record.correlationId = {};
        other.add(record);
        tests::BatchConnector connector(other.take());
        Result<void> result;
        std::ignore = lineOf(connector, *previewsOf(m_whole, TablePreviewBytes), 0, &result);
        QVERIFY(!result);
        QCOMPARE(result.error().code, ErrorCode::Conflict);
    }

    void aBodyIsSavedByteByByte()
    {
        const QTemporaryDir folder;
        const auto connector = std::make_shared<tests::BatchConnector>(m_whole);
        const QString path = folder.filePath(QStringLiteral("body"));
        const auto progress = std::make_shared<models::job::JobProgress>();
        QVERIFY(models::event::saveBody(connector, m_whole->address(1), largeBytes().size(), path, progress).result());
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadOnly));
        QVERIFY(file.readAll() == largeBytes());
        QCOMPARE(progress->done, largeBytes().size());
        QCOMPARE(connector->pages(), 3);
    }

    void whatIsCancelledLeavesNoFile()
    {
        const QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("body"));
        const auto progress = std::make_shared<models::job::JobProgress>();
        progress->stop.request_stop();
        const auto saved = models::event::saveBody(std::make_shared<tests::BatchConnector>(m_whole), m_whole->address(1), largeBytes().size(), path, progress).result();
        QVERIFY(!saved);
        QCOMPARE(saved.error().code, ErrorCode::Cancelled);
        QVERIFY(!QFile::exists(path));
    }

    void anExportIsExact()
    {
        const QTemporaryDir folder;
        models::event::ExportRequest request;
        request.streams = {QStringLiteral("orders")};
        for (qint64 position = 0; position < m_whole->count(); ++position)
            request.events.append({.position = position, .size = static_cast<quint32>(std::max<qint64>(m_whole->record(position).size, 0))});
        request.rows.grow(static_cast<int>(request.events.end()));
        request.spans = {{0, request.rows.count() - 1}};
        request.path = folder.filePath(QStringLiteral("events.ndjson"));
        const auto outcome = models::event::exportEvents(std::make_shared<tests::BatchConnector>(m_whole), request, std::make_shared<models::job::JobProgress>()).result();
        QVERIFY(outcome);
        QCOMPARE(outcome->written, m_whole->count());
        QFile file(request.path);
        QVERIFY(file.open(QIODevice::ReadOnly));
        for (qsizetype row = 0; row < m_whole->count(); ++row)
            QVERIFY(file.readLine() == models::event::eventJson(*m_whole, row) + '\n');
        request.format = models::event::ExportFormat::Csv;
        request.columns = {{models::event::EventColumn::Kind::Field, QStringLiteral("/last")}};
        request.path = folder.filePath(QStringLiteral("events.csv"));
        QVERIFY(models::event::exportEvents(std::make_shared<tests::BatchConnector>(m_whole), request, std::make_shared<models::job::JobProgress>()).result());
        QFile table(request.path);
        QVERIFY(table.open(QIODevice::ReadOnly));
        QVERIFY(table.readAll().contains("end\n")); // it stands behind the first page
    }

    void aValueThatMayBeBehindTheCutIsNotKnown()
    {
        using Kind = models::event::EventColumn::Kind;
        EventBatchBuilder builder;
        EventRecord record;
        const QByteArray body = R"({"first":1,"text":"abcdef","number":12345,"last":true})";
        record.stream = builder.internStream(QStringLiteral("orders"));
        record.payload = add(builder, body);
        record.size = body.size();
        record.format = BodyFormat::Json;
        builder.add(record);
        const EventBatchPtr whole = builder.take();
        for (qint64 bytes = 1; bytes < body.size(); ++bytes) {
            const EventBatchPtr preview = previewsOf(whole, bytes);
            for (const char *name : {"first", "text", "number", "last", "none"}) {
                const models::event::EventColumn column{Kind::Field, QLatin1Char('/') + QLatin1String(name)};
                if (models::event::isKnown(*preview, 0, column))
                    QCOMPARE(models::event::valueOf(*preview, 0, column), models::event::valueOf(*whole, 0, column));
                QVERIFY(models::event::isKnown(*whole, 0, column));
            }
            QVERIFY(!models::event::isKnown(*preview, 0, {Kind::Field, QStringLiteral("/none")}));
        }
    }
};

QTEST_GUILESS_MAIN(TestWholeEvent)
#include "tst_whole_event.moc"
