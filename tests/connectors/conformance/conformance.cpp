// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/connectors/conformance/conformance.h"

#include "connectors/remote/loopback.h"
#include "connectors/remote/worker_connector.h"
#include "connectors/state_fold.h"
#include "tests/support/folders.h"
#include "tests/support/store_fixture.h"

#include <QTest>

#include <algorithm>
#include <numeric>

using namespace connectors;

namespace tests {

namespace {

std::vector<qint64> numbers(qint64 from, qint64 to)
{
    std::vector<qint64> all(static_cast<size_t>(std::max<qint64>(to - from, 0)));
    std::iota(all.begin(), all.end(), from);
    return all;
}

template<typename T>
QByteArray messageOf(const Result<T> &result)
{
    return result ? QByteArray() : describe(result.error()).toUtf8();
}

#define VERIFY_RESULT(result) QVERIFY2((result).has_value(), messageOf(result).constData())

} // namespace

QByteArray Conformance::bodyOf(qint64 i)
{
    return QStringLiteral(R"({"eventId":"e-%1","eventType":"%2","aggregateId":"order-%1","timestamp":"2023-11-14T22:13:20.000Z","version":1,)"
                          R"("correlationId":"%3","causationId":null,"n":%1,"big":9007199254740993})")
        .arg(QString::number(i), typeOf(i), flowOf(i))
        .toUtf8();
}

QByteArray Conformance::largeBody()
{
    // An odd number of bytes in front, so that a cut at an even one is within a character.
    return "{\"padding\":\"x" + QByteArray("\xc3\xbc").repeated(1'500'000) + R"(","eventId":"e-large","eventType":"L","aggregateId":"order-large",)"
        + R"("timestamp":"2023-11-14T22:13:20.000Z","version":3,"correlationId":"flow-large","causationId":"e-1","n":77})";
}

QByteArray Conformance::largeHeader()
{
    return "{\"note\":\"" + QByteArray(20'000, 'h') + "\"}";
}

void Conformance::initTestCase_data()
{
    QTest::addColumn<Way>("way");
    QTest::newRow("directly") << Way::Directly;
    QTest::newRow("through the loop-back remote") << Way::Loopback;
    QTest::newRow("through a process of its own") << Way::Worker;
}

void Conformance::initTestCase()
{
    prepare();
}

void Conformance::init()
{
    QFETCH_GLOBAL(Way, way);
    if (way == Way::Worker) {
        const auto opened = remote::openThroughWorker({{programFolder() + QStringLiteral("/streamgauge-worker")}, {spec(), {}}});
        QVERIFY2(opened, opened ? "" : qPrintable(describe(opened.error())));
        m_connector = *opened;
        return;
    }
    m_connector = open();
    QVERIFY(m_connector != nullptr);
    if (way == Way::Loopback)
        m_connector = remote::throughLoopback(std::move(m_connector));
}

void Conformance::cleanup()
{
    m_connector.reset();
}

ReadRequest Conformance::request() const
{
    ReadRequest request;
    request.streams = {stream()};
    request.from = AtPosition{firstPosition()};
    request.to = AtPosition{firstPosition() + EventCount};
    return request;
}

ReadRequest Conformance::requestOfLarge() const
{
    ReadRequest request;
    request.ranges = {PartitionRead{large().stream, 0, large().position, large().position + 1, large().position, 0}};
    request.previewBytes = TablePreviewBytes;
    return request;
}

/// The events that a read gives, by their number.
std::vector<qint64> Conformance::numbersOf(const ReadRequest &request)
{
    const ReadEvents events = readAll(m_connector->eventReader()->read(request));
    if (!events.result) {
        QTest::qFail(messageOf(events.result).constData(), __FILE__, __LINE__);
        return {};
    }
    std::vector<qint64> found = events.positions();
    for (qint64 &position : found)
        position -= firstPosition();
    return found;
}

void Conformance::tellsWhoItIs()
{
    const auto identity = answerOf(m_connector->identify({}));
    VERIFY_RESULT(identity);
    QVERIFY(!identity->systemId.isEmpty() && !identity->product.isEmpty());
    QCOMPARE(answerOf(m_connector->identify({}))->systemId, identity->systemId);
}

void Conformance::listsItsStreamsWithTheirEnds()
{
    StreamListRequest wanted;
    wanted.withTimes = true;
    const auto list = answerOf(m_connector->streamCatalog()->listStreams(wanted, {}));
    VERIFY_RESULT(list);
    QVERIFY(list->problems.empty());
    QVERIFY(std::is_sorted(list->streams.cbegin(), list->streams.cend(), [](const StreamInfo &a, const StreamInfo &b) { return a.stream < b.stream; }));
    const auto found = std::find_if(list->streams.cbegin(), list->streams.cend(), [this](const StreamInfo &info) { return info.stream == stream(); });
    QVERIFY(found != list->streams.cend());
    QCOMPARE(found->partitions.size(), size_t(1));
    const PartitionExtent extent = found->partitions.front();
    QCOMPARE(extent.start, std::optional(firstPosition()));
    QVERIFY(extent.end >= firstPosition() + EventCount); // other tests append
    QCOMPARE(extent.safeHead, extent.end);
    QCOMPARE(extent.firstTime, std::optional(FirstTime));
    QVERIFY(extent.lastTime >= FirstTime + (EventCount - 1) * 1000);
}

void Conformance::aStreamThatIsNotThereIsAProblemOfTheList()
{
    StreamListRequest wanted;
    wanted.streams = {stream(), QStringLiteral("no-such-stream")};
    const auto list = answerOf(m_connector->streamCatalog()->listStreams(wanted, {}));
    VERIFY_RESULT(list);
    QCOMPARE(list->streams.size(), size_t(1));
    QCOMPARE(list->problems.size(), size_t(1));
    QCOMPARE(list->problems.front().code, ErrorCode::NotFound);
    QVERIFY(list->problems.front().message.contains(u"no-such-stream"));
}

void Conformance::findsPositionsByTime()
{
    const auto at = [this](EpochMs time) { return answerOf(m_connector->streamCatalog()->positionsAt(stream(), time, {})); };
    const auto exact = at(FirstTime + 5000);
    VERIFY_RESULT(exact);
    QCOMPARE(*exact, (std::vector<TimePosition>{{0, firstPosition() + 5}}));
    QCOMPARE(*at(FirstTime + 5001), (std::vector<TimePosition>{{0, firstPosition() + 6}}));
    QCOMPARE(*at(0), (std::vector<TimePosition>{{0, firstPosition()}}));
    QCOMPARE(*at(FirstTime + 1'000'000'000), (std::vector<TimePosition>{{0, std::nullopt}}));
}

void Conformance::readsEverythingAndSaysWhatItRead()
{
    const ReadEvents events = readAll(m_connector->eventReader()->read(request()));
    VERIFY_RESULT(events.result);
    QCOMPARE(events.positions(), numbers(firstPosition(), firstPosition() + EventCount));
    const ReadReport &report = *events.result;
    QCOMPARE(report.scanned, EventCount);
    QCOMPARE(report.matched, EventCount);
    QCOMPARE(report.undecodable, 0);
    QCOMPARE(report.notFilterable, 0);
    QCOMPARE(report.dropped, 0);
    QVERIFY(report.bytes >= EventCount * bodyOf(0).size());
    QCOMPARE(report.stopReason, StopReason::ReachedEnd);
    QCOMPARE(report.partitions,
             (std::vector<PartitionRead>{{stream(), 0, firstPosition(), firstPosition() + EventCount, firstPosition() + EventCount, EventCount}}));
}

void Conformance::readsTheAskedRange_data()
{
    QTest::addColumn<int>("kind");
    QTest::newRow("position to position") << 0;
    QTest::newRow("time to time") << 1;
    QTest::newRow("from a time between two events") << 2;
    QTest::newRow("from the earliest") << 3;
    QTest::newRow("empty") << 4;
    QTest::newRow("backwards") << 5;
    QTest::newRow("time without a match") << 6;
}

void Conformance::readsTheAskedRange()
{
    QFETCH(int, kind);
    const qint64 first = firstPosition();
    struct Range {
        PositionSpec from;
        PositionSpec to;
        std::vector<qint64> expected;
    };
    const Range ranges[] = {
        {AtPosition{first + 3}, AtPosition{first + 7}, numbers(3, 7)},
        {AtTime{FirstTime + 3000}, AtTime{FirstTime + 7000}, numbers(3, 7)},
        {AtTime{FirstTime + 3001}, AtPosition{first + 7}, numbers(4, 7)},
        {Earliest{}, AtPosition{first + 2}, numbers(0, 2)},
        {AtPosition{first + 3}, AtPosition{first + 3}, {}},
        {AtPosition{first + 7}, AtPosition{first + 3}, {}},
        {AtTime{FirstTime + 1'000'000'000}, Latest{}, {}},
    };
    ReadRequest wanted = request();
    wanted.from = ranges[kind].from;
    wanted.to = ranges[kind].to;
    QCOMPARE(numbersOf(wanted), ranges[kind].expected);
}

void Conformance::readsExactRanges()
{
    ReadRequest wanted = request();
    wanted.ranges = {{stream(), 0, firstPosition() + 2, firstPosition() + 4, 0, 0}};
    QCOMPARE(numbersOf(wanted), numbers(2, 4));
    wanted.ranges = {{stream(), 0, firstPosition() + 2, firstPosition() + 2, 0, 0}};
    QCOMPARE(numbersOf(wanted), numbers(0, 0));
}

void Conformance::stopsAtTheLimit()
{
    ReadRequest wanted = request();
    wanted.limit = 7;
    wanted.batchEvents = 3;
    const ReadEvents events = readAll(m_connector->eventReader()->read(wanted));
    VERIFY_RESULT(events.result);
    QCOMPARE(events.positions(), numbers(firstPosition(), firstPosition() + 7));
    QCOMPARE(events.result->matched, 7);
    QCOMPARE(events.result->stopReason, StopReason::ReachedLimit);
}

void Conformance::batchesAreNoLargerThanAsked()
{
    ReadRequest wanted = request();
    wanted.batchEvents = 3;
    const ReadEvents events = readAll(m_connector->eventReader()->read(wanted));
    QCOMPARE(events.positions().size(), size_t(EventCount));
    for (const EventBatchPtr &batch : events.batches)
        QVERIFY(batch->count() > 0 && batch->count() <= 3);
}

void Conformance::readsWhatMeetsTheCondition_data()
{
    QTest::addColumn<QString>("where");
    QTest::addColumn<QList<qint64>>("expected");
    QTest::newRow("type") << QStringLiteral("eventType = 'A' AND position %1 < 6") << QList<qint64>{0, 2, 4};
    QTest::newRow("body") << QStringLiteral("field('/n') >= 18 AND field('/big') = 9007199254740993") << QList<qint64>{18, 19};
    QTest::newRow("id") << QStringLiteral("correlationId = 'flow-3'") << QList<qint64>{3, 8, 13, 18};
    QTest::newRow("id and more") << QStringLiteral("correlationId = 'flow-3' AND eventType = 'A'") << QList<qint64>{8, 18};
    QTest::newRow("time") << QStringLiteral("time >= '2023-11-14T22:13:38Z'") << QList<qint64>{18, 19};
    QTest::newRow("nothing") << QStringLiteral("eventType = 'C'") << QList<qint64>{};
}

void Conformance::readsWhatMeetsTheCondition()
{
    QFETCH(QString, where);
    QFETCH(QList<qint64>, expected);
    ReadRequest wanted = request();
    wanted.where = where.replace(QStringLiteral("%1"), QStringLiteral("- %1").arg(firstPosition()));
    const std::vector<qint64> found = numbersOf(wanted);
    QCOMPARE(QList<qint64>(found.cbegin(), found.cend()), expected);
    wanted.limit = 1;
    QCOMPARE(numbersOf(wanted).size(), std::min(size_t(expected.size()), size_t(1)));
}

void Conformance::aWrongConditionIsRefused()
{
    ReadRequest wanted = request();
    wanted.where = QStringLiteral("eventType = ");
    const ReadEvents events = readAll(m_connector->eventReader()->read(wanted));
    QVERIFY(!events.result);
    QCOMPARE(events.result.error().code, ErrorCode::InvalidInput);
    QVERIFY(events.batches.empty());
}

void Conformance::searchesById()
{
    ReadRequest wanted = request();
    wanted.search = ExactSearch{SearchField::CorrelationId, {"flow-3", "flow-9"}};
    QCOMPARE(numbersOf(wanted), (std::vector<qint64>{3, 8, 13, 18}));
    wanted.search = ExactSearch{SearchField::EventId, {"e-11"}};
    QCOMPARE(numbersOf(wanted), (std::vector<qint64>{11}));
    wanted.search = ExactSearch{SearchField::EventId, {"e-1"}}; // is in "e-11" too, but not equal to it
    QCOMPARE(numbersOf(wanted), (std::vector<qint64>{1}));
    wanted.search = ExactSearch{SearchField::Anywhere, {"\"n\":12"}};
    QCOMPARE(numbersOf(wanted), (std::vector<qint64>{12}));
}

void Conformance::bodiesAndEnvelopesAreWhatWasWritten()
{
    const ReadEvents events = readAll(m_connector->eventReader()->read(request()));
    qint64 i = 0;
    for (const EventBatchPtr &batch : events.batches) {
        for (qsizetype row = 0; row < batch->count(); ++row, ++i) {
            const EventRecord &record = batch->record(row);
            QCOMPARE(batch->bytes(record.payload), bodyOf(i));
            QCOMPARE(record.size, bodyOf(i).size());
            QCOMPARE(record.format, BodyFormat::Json);
            QCOMPARE(record.time, FirstTime + i * 1000);
            QCOMPARE(batch->streamOf(row), stream());
            QCOMPARE(batch->bytes(record.eventId), "e-" + QByteArray::number(i));
            QCOMPARE(batch->bytes(record.eventType), typeOf(i).toUtf8());
            QCOMPARE(batch->bytes(record.correlationId), flowOf(i).toUtf8());
            QVERIFY(record.causationId.isNull());
            QCOMPARE(record.version, 1);
        }
    }
    QCOMPARE(i, EventCount);
}

void Conformance::followsUntilItIsCancelled()
{
    ReadRequest wanted = request();
    wanted.from = Newest{1};
    wanted.isFollowing = true;
    const EventChannelPtr channel = m_connector->eventReader()->read(wanted);
    const EventBatchPtr newest = channel->waitPop();
    QVERIFY(newest != nullptr);
    const qint64 last = newest->record(newest->count() - 1).position;
    appendOne(last + 1 - firstPosition());
    const EventBatchPtr next = channel->waitPop();
    QVERIFY(next != nullptr);
    QCOMPARE(next->record(0).position, last + 1);
    channel->cancel();
    QTRY_VERIFY_WITH_TIMEOUT(channel->isFinished(), 20'000);
    const auto report = channel->result();
    VERIFY_RESULT(report);
    QCOMPARE(report->stopReason, StopReason::Cancelled);
}

void Conformance::aReadThatNobodyTakesCanBeCancelled()
{
    ReadRequest wanted = request();
    wanted.batchEvents = 1;
    wanted.isFollowing = true;
    const EventChannelPtr channel = m_connector->eventReader()->read(wanted);
    channel->cancel();
    while (channel->waitPop())
        continue;
    QVERIFY(channel->isFinished());
    QCOMPARE(channel->result()->stopReason, StopReason::Cancelled);
}

void Conformance::refusesWhatIsNotThere()
{
    ReadRequest wanted = request();
    wanted.streams = {QStringLiteral("no-such-stream")};
    const auto noStream = readAll(m_connector->eventReader()->read(wanted)).result;
    QVERIFY(!noStream);
    QCOMPARE(noStream.error().code, ErrorCode::NotFound);
    QVERIFY(noStream.error().message.contains(u"no-such-stream"));
    wanted = request();
    wanted.from = AtPosition{firstPosition() + 1'000'000};
    wanted.to = Latest{};
    const auto noPosition = readAll(m_connector->eventReader()->read(wanted)).result;
    QVERIFY(!noPosition);
    QCOMPARE(noPosition.error().code, ErrorCode::Refused);
    QVERIFY(noPosition.error().message.contains(QString::number(firstPosition() + 1'000'000)));
    wanted = request();
    wanted.partitions = {7};
    const auto noPartition = readAll(m_connector->eventReader()->read(wanted)).result;
    QVERIFY(!noPartition);
    QCOMPARE(noPartition.error().code, ErrorCode::NotFound);
}

void Conformance::fetchesInTheOrderAsked()
{
    const qint64 first = firstPosition();
    const auto batch = answerOf(m_connector->eventReader()->fetch(
        {{stream(), 0, first + 9}, {stream(), 0, first + 1'000'000}, {stream(), 0, first + 2}}, 0, {}));
    VERIFY_RESULT(batch);
    QCOMPARE((*batch)->count(), 2);
    QCOMPARE((*batch)->record(0).position, first + 9);
    QCOMPARE((*batch)->record(1).position, first + 2);
    QCOMPARE((*batch)->bytes((*batch)->record(1).payload), bodyOf(2));
    QCOMPARE((*answerOf(m_connector->eventReader()->fetch({}, 0, {})))->count(), 0);
}

void Conformance::fetchesTimesWithoutBodies()
{
    const qint64 first = firstPosition();
    const std::vector<EventAddress> wanted{{stream(), 0, first + 9}, {stream(), 0, first + 1'000'000}, {stream(), 0, first + 2}};
    const auto whole = answerOf(m_connector->eventReader()->fetch(wanted, 0, {}));
    const auto times = answerOf(m_connector->eventReader()->fetchTimes(wanted, {}));
    VERIFY_RESULT(whole);
    VERIFY_RESULT(times);
    QCOMPARE((*times)->count(), 2);
    for (qsizetype row = 0; row < 2; ++row) {
        QCOMPARE((*times)->address(row), (*whole)->address(row));
        QCOMPARE((*times)->record(row).time, (*whole)->record(row).time);
        QVERIFY((*times)->record(row).payload.isNull() && (*times)->record(row).key.isNull());
    }
}

void Conformance::previewsAreCutAndTheirEnvelopesWhole()
{
    const ReadEvents read = readAll(m_connector->eventReader()->read(requestOfLarge()));
    VERIFY_RESULT(read.result);
    QCOMPARE(read.result->matched, qint64(1));
    const auto fetched = answerOf(m_connector->eventReader()->fetch({large()}, TablePreviewBytes, {}));
    VERIFY_RESULT(fetched);
    for (const EventBatchPtr &batch : {read.batches.front(), *fetched}) {
        QCOMPARE(batch->count(), 1);
        const EventRecord &record = batch->record(0);
        QCOMPARE(record.size, largeBody().size());
        QVERIFY(record.isBodyCut() && !record.isEnvelopeCut);
        QCOMPARE(record.format, BodyFormat::Json);
        QCOMPARE(batch->bytes(record.payload), largeBody().first(TablePreviewBytes - 1)); // the last character would be cut through
        QCOMPARE(batch->bytes(record.eventId), QByteArray("e-large"));
        QCOMPARE(batch->bytes(record.eventType), QByteArray("L"));
        QCOMPARE(batch->bytes(record.aggregateId), QByteArray("order-large"));
        QCOMPARE(batch->bytes(record.correlationId), QByteArray("flow-large"));
        QCOMPARE(batch->bytes(record.causationId), QByteArray("e-1"));
        QCOMPARE(record.version, 3);
        QVERIFY(batch->wireBytes() < 4 * TablePreviewBytes);
    }
}

void Conformance::smallEventsAreWholeInPreviews()
{
    ReadRequest wanted = request();
    wanted.previewBytes = TablePreviewBytes;
    const ReadEvents events = readAll(m_connector->eventReader()->read(wanted));
    VERIFY_RESULT(events.result);
    qint64 i = 0;
    for (const EventBatchPtr &batch : events.batches)
        for (qsizetype row = 0; row < batch->count(); ++row, ++i) {
            QVERIFY(!batch->record(row).isCut());
            QCOMPARE(batch->bytes(batch->record(row).payload), bodyOf(i));
        }
    QCOMPARE(i, EventCount);
}

void Conformance::conditionsAndSearchesSeeWhatAPreviewLacks()
{
    ReadRequest wanted = requestOfLarge();
    wanted.where = QStringLiteral("field('/n') = 77 AND length(payload) > 1000000");
    QCOMPARE(readAll(m_connector->eventReader()->read(wanted)).result->matched, qint64(1));
    wanted = requestOfLarge();
    wanted.search = ExactSearch{SearchField::Anywhere, {"\"n\":77}"}};
    const ReadEvents found = readAll(m_connector->eventReader()->read(wanted));
    QCOMPARE(found.result->matched, qint64(1));
    QVERIFY(found.batches.front()->record(0).isBodyCut());
}

void Conformance::headersAreCutInPreviews()
{
    const auto whole = answerOf(m_connector->eventReader()->fetch({large()}, 0, {}));
    const auto preview = answerOf(m_connector->eventReader()->fetch({large()}, TablePreviewBytes, {}));
    VERIFY_RESULT(whole);
    VERIFY_RESULT(preview);
    QVERIFY(!(*whole)->record(0).isCut());
    QVERIFY((*preview)->record(0).areHeadersCut);
    const std::vector<Header> all = (*whole)->headers(0);
    const std::vector<Header> some = (*preview)->headers(0);
    QVERIFY(!some.empty() && some.size() <= all.size());
    for (size_t i = 0; i < some.size(); ++i) {
        QCOMPARE(some[i].name, all[i].name);
        QVERIFY(all[i].value.substr(0, some[i].value.size()) == some[i].value);
    }
    QVERIFY((*preview)->text((*preview)->record(0).headers).size() <= static_cast<size_t>(TablePreviewBytes));
}

void Conformance::pagesTogetherAreTheWhole()
{
    EventReader *reader = m_connector->eventReader();
    const auto whole = answerOf(reader->fetch({large()}, 0, {}));
    VERIFY_RESULT(whole);
    for (int part = 0; part <= static_cast<int>(EventPart::CausationId); ++part) {
        const Slice slice = sliceOf((*whole)->record(0), static_cast<EventPart>(part));
        QByteArray bytes;
        qint64 size = 0;
        do {
            const auto page = answerOf(reader->fetchPage({large(), static_cast<EventPart>(part), bytes.size(), 700'001}, {}));
            VERIFY_RESULT(page);
            QCOMPARE(page->offset, bytes.size());
            QVERIFY(page->bytes.size() <= 700'001);
            size = page->size;
            bytes += page->bytes;
            QVERIFY(!page->bytes.isEmpty() || bytes.size() >= size);
        } while (bytes.size() < size);
        QCOMPARE(size, slice.isNull() ? -1 : static_cast<qint64>(slice.length));
        QVERIFY(bytes == QByteArray((*whole)->bytes(slice)));
        QVERIFY(part != static_cast<int>(EventPart::Body) || bytes == largeBody());
    }
}

void Conformance::aPageBeyondTheEndIsEmpty()
{
    EventReader *reader = m_connector->eventReader();
    const qint64 size = largeBody().size();
    const auto last = answerOf(reader->fetchPage({large(), EventPart::Body, size - 5, 100}, {}));
    VERIFY_RESULT(last);
    QCOMPARE(last->bytes, largeBody().last(5));
    for (const qint64 offset : {size, size + 1'000'000}) {
        const auto beyond = answerOf(reader->fetchPage({large(), EventPart::Body, offset, 100}, {}));
        VERIFY_RESULT(beyond);
        QVERIFY(beyond->bytes.isEmpty());
        QCOMPARE(beyond->size, size);
    }
    for (const auto &[offset, bytes] : {std::pair<qint64, qint64>(-1, 100), {0, 0}, {0, -7}}) {
        const auto senseless = answerOf(reader->fetchPage({large(), EventPart::Body, offset, bytes}, {}));
        QVERIFY(!senseless);
        QCOMPARE(senseless.error().code, ErrorCode::InvalidInput);
    }
}

void Conformance::nullAndEmptyBodiesHavePages()
{
    if (!withoutBody() || !withEmptyBody())
        QSKIP("Every event of this system has a body.");
    const auto none = answerOf(m_connector->eventReader()->fetchPage({*withoutBody()}, {}));
    VERIFY_RESULT(none);
    QCOMPARE(none->size, -1);
    const auto empty = answerOf(m_connector->eventReader()->fetchPage({*withEmptyBody()}, {}));
    VERIFY_RESULT(empty);
    QCOMPARE(empty->size, 0);
    QVERIFY(none->bytes.isEmpty() && empty->bytes.isEmpty());
    const auto previews = answerOf(m_connector->eventReader()->fetch({*withoutBody(), *withEmptyBody()}, TablePreviewBytes, {}));
    VERIFY_RESULT(previews);
    QCOMPARE((*previews)->record(0).format, BodyFormat::Null);
    QCOMPARE((*previews)->record(1).format, BodyFormat::Empty);
    QVERIFY(!(*previews)->record(0).isCut() && !(*previews)->record(1).isCut());
}

void Conformance::aPageOfWhatIsNotStoredIsNotFound()
{
    EventAddress nowhere = large();
    nowhere.position += 1'000'000;
    const auto page = answerOf(m_connector->eventReader()->fetchPage({nowhere}, {}));
    QVERIFY(!page);
    QCOMPARE(page.error().code, ErrorCode::NotFound);
    QVERIFY(page.error().message.contains(QString::number(nowhere.position)));
}

void Conformance::findsSnapshotsOrSaysWhyThereAreNone()
{
    SnapshotSource *source = m_connector->snapshotSource();
    QCOMPARE(source == nullptr, snapshotStream().isEmpty());
    if (!source) {
        QVERIFY(!m_connector->whyNot(Ability::SnapshotSource).isEmpty());
        return;
    }
    const QString rule = fold::ruleName();
    const auto newest = answerOf(source->newestSnapshot(snapshotStream(), rule, 1'000'000, {}));
    VERIFY_RESULT(newest);
    QVERIFY(newest->has_value());
    const Snapshot &snapshot = **newest;
    QCOMPARE(snapshot.stream, snapshotStream());
    QCOMPARE(snapshot.streamVersion, 100);
    QCOMPARE(snapshot.fold, rule);
    QCOMPARE(snapshot.state, QByteArray("{\"n\":99}"));
    QVERIFY(snapshot.createdAt > 0);
    ReadRequest last;
    last.ranges = {{snapshotStream(), 0, snapshot.position, snapshot.position + 1, snapshot.position, 0}};
    QCOMPARE(readAll(m_connector->eventReader()->read(last)).positions(), std::vector{snapshot.position});

    Snapshot listed = snapshot;
    listed.state.clear();
    const auto list = answerOf(source->listSnapshots(snapshotStream(), {}));
    VERIFY_RESULT(list);
    QCOMPARE(*list, std::vector{listed});

    for (const auto &[stream, fold, atMost] : {std::tuple(snapshotStream(), rule, qint64(99)), std::tuple(snapshotStream(), QStringLiteral("another"), qint64(100)),
                                               std::tuple(QStringLiteral("nowhere"), rule, qint64(100))}) {
        const auto none = answerOf(source->newestSnapshot(stream, fold, atMost, {}));
        VERIFY_RESULT(none);
        QVERIFY(!none->has_value());
    }
    const auto nowhere = answerOf(source->listSnapshots(QStringLiteral("nowhere"), {}));
    VERIFY_RESULT(nowhere);
    QVERIFY(nowhere->empty());
}

void Conformance::tellsWhereAConsumerStands()
{
    if (!m_connector->consumerCatalog())
        QSKIP(qPrintable(m_connector->whyNot(Ability::ConsumerCatalog)));
    const auto list = answerOf(m_connector->consumerCatalog()->listConsumers({}));
    VERIFY_RESULT(list);
    QVERIFY(std::any_of(list->cbegin(), list->cend(), [this](const ConsumerSummary &summary) { return summary.consumer == consumer(); }));
    ConsumerStateRequest wanted;
    wanted.consumers = {consumer()};
    const auto states = answerOf(m_connector->consumerCatalog()->consumerStates(wanted, {}));
    VERIFY_RESULT(states);
    QCOMPARE(states->consumers.size(), size_t(1));
    QCOMPARE(states->consumers.front().positions.size(), size_t(1));
    const ConsumerPosition &position = states->consumers.front().positions.front();
    QCOMPARE(position.stream, stream());
    QCOMPARE(position.checkpoint, std::optional(firstPosition() + CheckpointAt));
    QVERIFY(position.end >= firstPosition() + EventCount);
    QVERIFY(!position.problem);
}

void Conformance::aConsumerThatIsNotThereIsNotFound()
{
    if (!m_connector->consumerCatalog())
        QSKIP(qPrintable(m_connector->whyNot(Ability::ConsumerCatalog)));
    ConsumerStateRequest wanted;
    wanted.consumers = {QStringLiteral("no-such-consumer")};
    const auto states = answerOf(m_connector->consumerCatalog()->consumerStates(wanted, {}));
    const bool isTold = !states ? states.error().code == ErrorCode::NotFound
                                : states->consumers.size() == 1 && states->consumers.front().problem
            && states->consumers.front().problem->code == ErrorCode::NotFound;
    QVERIFY(isTold);
}

void Conformance::aCancelledQuestionIsAnsweredCancelled()
{
    std::stop_source stop;
    stop.request_stop();
    const auto identity = answerOf(m_connector->identify(stop.get_token()));
    QVERIFY(!identity);
    QCOMPARE(identity.error().code, ErrorCode::Cancelled);
}

void Conformance::closingEndsWhatIsUnderWay()
{
    ReadRequest wanted = request();
    wanted.isFollowing = true;
    const EventChannelPtr channel = m_connector->eventReader()->read(wanted);
    QVERIFY(channel->waitPop() != nullptr);
    const auto identity = m_connector->identify({});
    m_connector.reset();
    QTRY_VERIFY_WITH_TIMEOUT(identity.isFinished(), 20'000);
    while (channel->waitPop())
        continue;
    QVERIFY(channel->isFinished());
}

void Conformance::countsWhatItAsksOfTheSystem()
{
    VERIFY_RESULT(answerOf(m_connector->identify({})));
    VERIFY_RESULT(readAll(m_connector->eventReader()->read(request())).result);
    // A client library may tell only now and then, and a remote one with its next answer.
    const auto hasCounted = [this] {
        const bool isAnswered = answerOf(m_connector->identify({})).has_value();
        return isAnswered && m_connector->traffic().requests > 0 && m_connector->traffic().bytesRead > 0;
    };
    QTRY_VERIFY_WITH_TIMEOUT(hasCounted(), 20'000);
}

} // namespace tests
