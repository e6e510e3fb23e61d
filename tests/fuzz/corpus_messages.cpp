// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fuzz/corpus_messages.h"

#include "connectors/remote/frame.h"
#include "connectors/remote/wire.h"

using namespace connectors;
using namespace connectors::remote;

namespace tests {

namespace {

EventBatchPtr smallBatch()
{
    EventBatchBuilder builder;
    EventRecord record;
    record.stream = builder.internStream(QStringLiteral("orders"));
    record.partition = 3;
    record.position = 1204;
    record.time = 1'700'000'000'000;
    record.payload = builder.addBytes(R"({"eventId":"e-1","n":1})");
    record.size = 23;
    record.format = BodyFormat::Json;
    record.eventId = Slice{record.payload.offset + 12, 3};
    record.key = builder.addBytes("key");
    record.headers = builder.addHeaders({{"trace", "1"}, {"none", {}, true}});
    builder.add(record);
    EventRecord tombstone;
    tombstone.stream = builder.internStream(QStringLiteral("payments"));
    tombstone.isKeyCut = tombstone.areHeadersCut = tombstone.isEnvelopeCut = true;
    builder.add(tombstone);
    return builder.take();
}

ReadRequest fullRequest()
{
    ReadRequest request;
    request.streams = {QStringLiteral("orders")};
    request.partitions = {0, 3};
    request.from = AtTime{1'700'000'000'000};
    request.to = Newest{5};
    request.ranges = {{QStringLiteral("orders"), 1, 2, 3, 4, 5}};
    request.limit = 10;
    request.where = QStringLiteral("n > 1");
    request.search = ExactSearch{SearchField::Key, {"k", QByteArray("\0x", 2)}};
    request.previewBytes = TablePreviewBytes;
    return request;
}

ReadReport fullReport()
{
    ReadReport report;
    report.scanned = 100;
    report.dropped = 3;
    report.note = QStringLiteral("note");
    report.partitions = {{QStringLiteral("orders"), 1, 2, 3, 4, 5}};
    report.leftOut = {{QStringLiteral("orders"), 1, 2, 3, QStringLiteral("why")}};
    report.unread = Error{ErrorCode::Incomplete, QStringLiteral("no leader"), QStringLiteral("wait"), true};
    return report;
}

void addQuestions(std::vector<CorpusMessage> *messages)
{
    const auto add = [messages](const char *name, const Writer &writer) { messages->push_back({QStringLiteral("question/") + QLatin1String(name), writer.bytes()}); };
    const EventAddress address{QStringLiteral("orders"), 3, 1204};
    Opening opening;
    opening.spec.hosts = {QStringLiteral("[::1]:9092")};
    opening.spec.properties = {{QStringLiteral("a"), QStringLiteral("1")}};
    opening.credentials.password = QStringLiteral("secret");
    opening.declarations.queues = {{QRegularExpression(QStringLiteral("^a.*$")), QStringLiteral("orders"), {}}};
    add("open", Writer(1, Call::Open).whole(opening));
    add("read", Writer(2, Call::Read)(fullRequest()));
    add("list", Writer(3, Call::ListStreams)(StreamListRequest{{QStringLiteral("orders")}, true, true, true, true}));
    add("fetch", Writer(4, Call::Fetch)(std::vector{address, address}, qint64(4096)));
    add("page", Writer(5, Call::FetchPage)(PageRequest{address, EventPart::Key, 7, 100}));
    NewEvent event;
    event.stream = QStringLiteral("orders");
    event.payload = "{}";
    event.expectedVersion = 3;
    add("append", Writer(6, Call::Append)(std::vector{event}));
    add("apply", Writer(7, Call::ApplyCheckpoints)(QStringLiteral("payments"), std::vector{CheckpointChange{QStringLiteral("orders"), 1, 2, "m"}}));
    add("credit", Writer(8, Call::Credit));
}

void addReplies(std::vector<CorpusMessage> *messages)
{
    const auto add = [messages](const char *name, Reply kind, const auto &value) {
        messages->push_back({QStringLiteral("reply/") + QLatin1String(name), Writer(1, kind, {7, 8}).whole(value).bytes()});
    };
    add("error", Reply::Error, Error{ErrorCode::Refused, QStringLiteral("No."), QStringLiteral("Ask."), true});
    add("opened", Reply::Opened, Greeting{{true, false}, {QStringLiteral("why")}});
    add("identity", Reply::Identity, SystemIdentity{QStringLiteral("id"), {}, {}, {QStringLiteral("h")}, {}, true, Environment::Untagged, {}});
    StreamInfo info;
    info.stream = QStringLiteral("orders");
    info.partitions = {{1, 2, 3, 4, 5, 6, 7}};
    add("streams", Reply::Streams, StreamList{{info}, {Error()}});
    add("batch", Reply::Batch, smallBatch());
    add("page", Reply::Page, EventPage{"bytes", 7, 100});
    add("finished", Reply::Finished, fullReport());
    DeadLetter letter;
    letter.original = EventAddress{QStringLiteral("orders"), 3, 1204};
    add("letters", Reply::Letters, std::vector{letter});
    ConsumerPosition position;
    position.checkpoint = 0;
    position.metadata = QByteArray("");
    ConsumerState state;
    state.positions = {position};
    state.members = std::vector<ConsumerMember>(1);
    add("states", Reply::States, ConsumerStates{{state}, {}});
}

} // namespace

std::vector<CorpusMessage> corpusMessages()
{
    std::vector<CorpusMessage> messages;
    addQuestions(&messages);
    addReplies(&messages);
    messages.push_back({QStringLiteral("batch/small"), smallBatch()->toBytes()});
    messages.push_back({QStringLiteral("batch/empty"), EventBatchBuilder().take()->toBytes()});
    messages.push_back({QStringLiteral("hello/own"), helloBytes()});
    messages.push_back({QStringLiteral("frames/three"), frameOf("one") + frameOf({}) + frameOf("three")});
    return messages;
}

} // namespace tests
