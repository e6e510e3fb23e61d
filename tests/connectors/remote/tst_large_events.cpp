// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/eventstore/store_file.h"
#include "connectors/eventstore/store_writer.h"
#include "connectors/remote/batch_pieces.h"
#include "connectors/remote/frame.h"
#include "connectors/remote/worker_connector.h"
#include "tests/support/child_processes.h"
#include "tests/support/folders.h"
#include "tests/support/store_fixture.h"

#include <QCryptographicHash>
#include <QTest>

using namespace connectors;
using namespace connectors::remote;
using tests::answerOf;

namespace {

constexpr qint64 HugeBytes = 100'000'000;
constexpr qint64 ManyEvents = 20;
constexpr qint64 ManyBytes = 3'000'000; ///< each, so that together they are more than a message

QByteArray bodyOf(qint64 bytes, char filling)
{
    return "{\"filling\":\"" + QByteArray(bytes - 14, filling) + "\"}";
}

} // namespace

/// A worker's messages are bounded, and what it reads is not.
class TestLargeEvents final : public QObject
{
    Q_OBJECT

private:
    tests::StoreFixture m_fixture;
    std::shared_ptr<Connector> m_connector;
    std::vector<pid_t> m_processes;

    [[nodiscard]] EventReader *reader() const { return m_connector->eventReader(); }

    static void add(eventstore::StoreWriter &writer, const QString &stream, qint64 number, const QByteArray &body)
    {
        NewEvent event = tests::newEvent(stream, QStringLiteral("%1-%2").arg(stream).arg(number));
        event.payload = body;
        std::ignore = writer.append({event}, 1'700'000'000'000 + number);
    }

private Q_SLOTS:
    void initTestCase()
    {
        const auto database = eventstore::openForWriting(m_fixture.path(), true);
        eventstore::StoreWriter writer(*database);
        sqlite::Transaction transaction(*database, sqlite::Transaction::Kind::Write);
        add(writer, u"huge"_qs, 0, bodyOf(HugeBytes, 'h'));
        for (qint64 number = 0; number < ManyEvents; ++number)
            add(writer, u"many"_qs, number, bodyOf(ManyBytes, 'm'));
        transaction.commit();
        const auto opened = openThroughWorker({{tests::programFolder() + u"/streamgauge-worker"_qs}, {m_fixture.spec(true), {}}});
        QVERIFY2(opened, opened ? "" : qPrintable(describe(opened.error())));
        m_connector = *opened;
        m_processes = tests::childProcesses();
    }

    /// Whatever was asked, the same worker goes on answering.
    void cleanup()
    {
        QVERIFY(answerOf(m_connector->identify({})).has_value());
        QCOMPARE(tests::childProcesses(), m_processes);
    }

    void theRowOfAHugeEventIsSmall()
    {
        ReadRequest request;
        request.streams = {u"huge"_qs};
        request.isFollowing = true;
        request.previewBytes = TablePreviewBytes;
        const EventChannelPtr tail = reader()->read(request);
        const EventBatchPtr batch = tail->waitPop();
        QVERIFY(batch != nullptr);
        QCOMPARE(batch->record(0).size, HugeBytes);
        QCOMPARE(batch->bytes(batch->record(0).eventId), QByteArray("huge-0"));
        QVERIFY(batch->wireBytes() < 2 * TablePreviewBytes);
        tail->cancel();
    }

    void itsPagesAreItsBody()
    {
        QCryptographicHash hash(QCryptographicHash::Sha256);
        qint64 offset = 0;
        while (true) {
            const auto page = answerOf(reader()->fetchPage({{u"huge"_qs, 0, 1}, EventPart::Body, offset, 100'000'000}, {}));
            QVERIFY2(page, page ? "" : qPrintable(describe(page.error())));
            QCOMPARE(page->size, HugeBytes);
            QVERIFY(page->bytes.size() <= LongestPageBytes);
            if (page->bytes.isEmpty())
                break;
            hash.addData(page->bytes);
            offset += page->bytes.size();
        }
        QCOMPARE(offset, HugeBytes);
        QVERIFY(hash.result() == QCryptographicHash::hash(bodyOf(HugeBytes, 'h'), QCryptographicHash::Sha256));
    }

    void whatDoesNotFitIntoTheMemoryIsNamedAndTheRestIsRead()
    {
#ifdef STREAMGAUGE_SANITIZED
        QSKIP("A sanitizer bears no limit of memory");
#endif
        const auto limited = openThroughWorker({{tests::programFolder() + u"/streamgauge-worker"_qs, u"--memory-limit"_qs, QString::number(160LL << 20)}, {m_fixture.spec(), {}}}).value();
        ReadRequest request;
        request.previewBytes = TablePreviewBytes;
        const EventChannelPtr whole = limited->eventReader()->read(request);
        const auto read = tests::readAll(whole);
        QVERIFY(!read.result);
        QCOMPARE(read.result.error().code, ErrorCode::Incomplete);
        QVERIFY2(read.result.error().message.contains(u"position 1 of “$all” exceeds the limit"_qs), qPrintable(read.result.error().message));
        QVERIFY(read.batches.empty());
        QCOMPARE(whole->progress().leftOut.front().from, qint64(1));
        const auto page = answerOf(limited->eventReader()->fetchPage({{u"huge"_qs, 0, 1}, EventPart::Body, 0, 1000}, {}));
        QVERIFY(!page && page.error().message.contains(u"more memory"_qs));
        request.ranges = {{u"$all"_qs, 0, 2, 2 + ManyEvents, 2, 0}};
        const auto rest = tests::readAll(limited->eventReader()->read(request));
        QVERIFY2(rest.result, rest.result ? "" : qPrintable(describe(rest.result.error())));
        QCOMPARE(rest.result->matched, ManyEvents);
        QCOMPARE(limited->processHealth()->processReport().deaths, 0);
    }

    void askedForWholeItIsNamedInTheError()
    {
        ReadRequest request;
        request.streams = {u"huge"_qs};
        const auto read = tests::readAll(reader()->read(request)).result;
        QVERIFY(!read);
        QCOMPARE(read.error().code, ErrorCode::Refused);
        QVERIFY2(read.error().message.contains(u"huge/0@1"), qPrintable(read.error().message));
        const auto fetched = answerOf(reader()->fetch({{u"huge"_qs, 0, 1}}, 0, {}));
        QVERIFY(!fetched);
        QCOMPARE(fetched.error().code, ErrorCode::Refused);
        QVERIFY2(fetched.error().message.contains(u"huge/0@1"), qPrintable(fetched.error().message));
    }

    void manyLargeOnesPassInSeveralMessages()
    {
        ReadRequest request;
        request.streams = {u"many"_qs};
        const auto events = tests::readAll(reader()->read(request));
        QVERIFY2(events.result, events.result ? "" : qPrintable(describe(events.result.error())));
        QCOMPARE(events.result->matched, ManyEvents);
        qint64 next = 2;
        for (const EventBatchPtr &batch : events.batches) {
            QVERIFY(fitsMessage(*batch));
            for (qsizetype row = 0; row < batch->count(); ++row) {
                QCOMPARE(batch->record(row).position, next++);
                QVERIFY(batch->bytes(batch->record(row).payload) == bodyOf(ManyBytes, 'm'));
            }
        }
        QCOMPARE(next, 2 + ManyEvents);
    }

    void aBatchIsCutIntoPiecesInItsOrder()
    {
        EventBatchBuilder builder;
        const std::vector<qint64> sizes{1, 20'000'000, 1, 1, 15'000'000, 2'000'000, 30'000'000, 1};
        for (const qint64 size : sizes) {
            EventRecord record;
            record.stream = builder.internStream(u"orders"_qs);
            record.position = builder.count();
            record.payload = builder.addBytes(std::string(static_cast<size_t>(size), 'x'));
            record.size = size;
            builder.add(record);
        }
        const auto pieces = piecesOf(builder.take());
        QVERIFY(pieces);
        QVERIFY(pieces->size() > 3);
        size_t next = 0;
        for (const EventBatchPtr &piece : *pieces) {
            QVERIFY(piece->count() > 0 && fitsMessage(*piece));
            for (qsizetype row = 0; row < piece->count(); ++row, ++next) {
                QCOMPARE(piece->record(row).position, static_cast<qint64>(next));
                QCOMPARE(piece->record(row).payload.length, static_cast<quint32>(sizes[next]));
            }
        }
        QCOMPARE(next, sizes.size());
    }

    void whatIsTooLongToBeAppendedIsRefused()
    {
        NewEvent event = tests::newEvent(u"new"_qs, u"new-1"_qs);
        event.payload = bodyOf(MaxFrameBytes, 'n');
        const auto appended = answerOf(m_connector->eventWriter()->append({event}));
        QVERIFY(!appended);
        QCOMPARE(appended.error().code, ErrorCode::Refused);
        QVERIFY2(appended.error().message.contains(u"MiB"), qPrintable(appended.error().message));
    }
};

QTEST_GUILESS_MAIN(TestLargeEvents)
#include "tst_large_events.moc"
