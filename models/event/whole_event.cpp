// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/event/whole_event.h"

#include "connectors/answer_of.h"
#include "models/event/event_json.h"

#include <QCoreApplication>

namespace models::event {

using namespace connectors;

namespace {

struct WholeEventText {
    Q_DECLARE_TR_FUNCTIONS(WholeEvent)
};

std::string_view viewOf(const QByteArray &bytes)
{
    return {bytes.constData(), static_cast<size_t>(bytes.size())};
}

tl::unexpected<Error> isAnother(const EventAddress &address)
{
    return failure(ErrorCode::Conflict,
                   WholeEventText::tr("%1, position %2 of partition %3: another event is in its place now.").arg(address.stream).arg(address.position).arg(address.partition),
                   WholeEventText::tr("The stream was made anew. Read it again."));
}

/// Everything from `offset` on. `size`: what the part must have; −1: whatever it has.
Result<void> writePart(EventReader &reader, PageRequest request, qint64 size, const WriteBytes &write, const std::stop_token &stop)
{
    while (true) {
        const Result<EventPage> page = answerOf(reader.fetchPage(request, stop));
        if (!page)
            return tl::unexpected(page.error());
        const qint64 next = request.offset + page->bytes.size();
        const bool isTooLong = page->bytes.size() > request.bytes || next > page->size;
        if (isTooLong || (size >= 0 && page->size != size) || (page->bytes.isEmpty() && next < page->size))
            return isAnother(request.address);
        if (!page->bytes.isEmpty() && !write(page->bytes))
            return {};
        if (next >= page->size)
            return {};
        request.offset = next;
    }
}

/// Null: the part has more bytes than that.
Result<std::optional<QByteArray>> partOf(EventReader &reader, const EventAddress &address, EventPart part, qint64 mostBytes, const std::stop_token &stop)
{
    const Result<EventPage> first = answerOf(reader.fetchPage({address, part, 0, PageBytes}, stop));
    if (!first)
        return tl::unexpected(first.error());
    if (first->size > mostBytes)
        return std::optional<QByteArray>();
    if (first->bytes.size() > PageBytes)
        return isAnother(address);
    QByteArray bytes = first->bytes;
    const auto keep = [&bytes](const QByteArray &page) {
        bytes += page;
        return true;
    };
    const bool isAll = bytes.size() >= first->size;
    const Result<void> written = isAll ? Result<void>() : writePart(reader, {address, part, bytes.size(), PageBytes}, first->size, keep, stop);
    if (!written)
        return tl::unexpected(written.error());
    return std::optional(bytes);
}

/// Of a key, headers or text of the envelope that stands whole in an export: more than any broker takes.
constexpr qint64 LongestOtherBytes = 1LL << 30;

struct Part {
    EventPart part;
    Slice EventRecord::*slice;
    bool EventRecord::*cut; ///< null: of the body
};

constexpr Part Parts[] = {{EventPart::Body, &EventRecord::payload, nullptr},
                          {EventPart::Key, &EventRecord::key, &EventRecord::isKeyCut},
                          {EventPart::Headers, &EventRecord::headers, &EventRecord::areHeadersCut},
                          {EventPart::EventId, &EventRecord::eventId, &EventRecord::isEnvelopeCut},
                          {EventPart::EventType, &EventRecord::eventType, &EventRecord::isEnvelopeCut},
                          {EventPart::AggregateId, &EventRecord::aggregateId, &EventRecord::isEnvelopeCut},
                          {EventPart::Timestamp, &EventRecord::timestamp, &EventRecord::isEnvelopeCut},
                          {EventPart::CorrelationId, &EventRecord::correlationId, &EventRecord::isEnvelopeCut},
                          {EventPart::CausationId, &EventRecord::causationId, &EventRecord::isEnvelopeCut}};

/// How much of each part is put together.
struct Most {
    qint64 ofBody = 0; ///< 0: it stays as it is
    qint64 ofOthers = 0;
};

Result<EventBatchPtr> completed(EventReader &reader, const EventBatch &batch, qsizetype row, Most most, const std::stop_token &stop)
{
    const EventRecord before = batch.record(row);
    EventBatchBuilder builder;
    EventRecord record = before;
    record.stream = builder.internStream(batch.streamOf(row));
    record.isKeyCut = record.areHeadersCut = record.isEnvelopeCut = false;
    for (const Part &part : Parts) {
        const bool isBody = part.part == EventPart::Body;
        const qint64 mostBytes = isBody ? most.ofBody : most.ofOthers;
        const bool isWanted = isBody ? before.isBodyCut() && before.size <= mostBytes : before.*part.cut;
        Slice &slice = record.*part.slice;
        std::optional<QByteArray> bytes;
        if (isWanted) {
            auto read = partOf(reader, batch.address(row), part.part, mostBytes, stop);
            if (!read)
                return tl::unexpected(read.error());
            bytes = std::move(*read);
        }
        if (isWanted && isBody && (!bytes || bytes->size() != before.size))
            return isAnother(batch.address(row));
        if (isWanted && !isBody && !bytes)
            record.*part.cut = true;
        if (bytes)
            slice = slice.isNull() && bytes->isEmpty() ? slice : builder.addBytes(viewOf(*bytes));
        else
            slice = slice.isNull() ? slice : builder.addBytes(batch.text(slice));
    }
    builder.add(record);
    return builder.take();
}

} // namespace

Result<EventBatchPtr> wholeEvent(EventReader &reader, const EventBatch &batch, qsizetype row, const std::stop_token &stop, qint64 mostBytes)
{
    return completed(reader, batch, row, {mostBytes, mostBytes}, stop);
}

Result<void> writeEventJson(EventReader &reader, const EventBatch &batch, qsizetype row, const WriteBytes &write, const std::stop_token &stop)
{
    if (!batch.record(row).isCut()) {
        write(eventJson(batch, row));
        return {};
    }
    const Result<EventBatchPtr> rest = completed(reader, batch, row, {0, LongestOtherBytes}, stop);
    if (!rest)
        return tl::unexpected(rest.error());
    const EventRecord &record = (*rest)->record(0);
    QByteArray out = eventJsonHead(**rest, 0);
    PayloadJson payload(record.format);
    payload.begin(out);
    payload.append(out, (*rest)->text(record.payload));
    if (record.isBodyCut()) {
        bool isWanted = true;
        const auto add = [&](const QByteArray &page) {
            payload.append(out, viewOf(page));
            isWanted = write(std::exchange(out, {}));
            return isWanted;
        };
        const Result<void> written = writeBody(reader, batch.address(row), static_cast<qint64>(record.payload.length), record.size, add, stop);
        if (!written || !isWanted)
            return written;
    }
    payload.end(out);
    write(out + eventJsonTail(record));
    return {};
}

Result<void> writeBody(EventReader &reader, const EventAddress &address, qint64 offset, qint64 size, const WriteBytes &write, const std::stop_token &stop)
{
    return writePart(reader, {address, EventPart::Body, offset, PageBytes}, size, write, stop);
}

Result<void> forEachFetched(EventReader &reader, std::span<const EventAddress> addresses,
                            const std::function<Result<void>(const EventBatch &batch, qsizetype row)> &use, const std::stop_token &stop)
{
    const Result<EventBatchPtr> events = answerOf(reader.fetch({addresses.begin(), addresses.end()}, PageBytes, stop));
    if (!events && events.error().code == ErrorCode::Refused && addresses.size() > 1) {
        const size_t middle = addresses.size() / 2;
        const Result<void> first = forEachFetched(reader, addresses.first(middle), use, stop);
        return first ? forEachFetched(reader, addresses.subspan(middle), use, stop) : first;
    }
    if (!events)
        return tl::unexpected(events.error());
    for (qsizetype row = 0; row < (*events)->count(); ++row)
        if (Result<void> used = use(**events, row); !used)
            return used;
    return {};
}

} // namespace models::event
