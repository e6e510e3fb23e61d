// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/remote/batch_pieces.h"

#include "connectors/remote/frame.h"

#include <algorithm>

namespace connectors::remote {

namespace {

constexpr qint64 PieceBytes = 16 * 1024 * 1024;

/// Of what this event adds to a batch; texts of the envelope may lie in the body, so it may be less.
qint64 mostBytesOf(const EventRecord &record)
{
    qint64 bytes = static_cast<qint64>(sizeof(EventRecord));
    for (const Slice slice : {record.key, record.payload, record.headers, record.eventId, record.eventType, record.aggregateId, record.timestamp,
                              record.correlationId, record.causationId})
        bytes += slice.isNull() ? 0 : static_cast<qint64>(slice.length);
    return bytes;
}

qint64 mebibytes(qint64 bytes)
{
    constexpr qint64 Mebibyte = 1024 * 1024;
    return (bytes + Mebibyte - 1) / Mebibyte;
}

} // namespace

bool fitsMessage(const EventBatch &batch)
{
    return batch.wireBytes() <= MaxBatchBytes;
}

Result<std::deque<EventBatchPtr>> piecesOf(const EventBatchPtr &batch)
{
    if (fitsMessage(*batch))
        return std::deque<EventBatchPtr>{batch};
    std::deque<EventBatchPtr> pieces;
    EventBatchBuilder builder;
    for (qsizetype row = 0; row < batch->count(); ++row) {
        const bool isFull = builder.arenaBytes() + mostBytesOf(batch->record(row)) > PieceBytes;
        if (isFull && builder.count() > 0)
            pieces.push_back(builder.take());
        builder.addFrom(*batch, row);
        if (builder.arenaBytes() <= PieceBytes)
            continue;
        pieces.push_back(builder.take());
        if (!fitsMessage(*pieces.back()))
            return tl::unexpected(tooLarge(*pieces.back()));
    }
    if (builder.count() > 0)
        pieces.push_back(builder.take());
    return pieces;
}

Error tooLarge(const EventBatch &batch)
{
    qsizetype largest = 0;
    for (qsizetype row = 1; row < batch.count(); ++row)
        if (mostBytesOf(batch.record(row)) > mostBytesOf(batch.record(largest)))
            largest = row;
    const EventAddress place = batch.address(largest);
    return {ErrorCode::Refused,
            QStringLiteral("The event %1/%2@%3 is too large to be handed over whole (%4 MiB; %5 MiB pass at once).")
                .arg(place.stream).arg(place.partition).arg(place.position).arg(mebibytes(batch.wireBytes())).arg(mebibytes(MaxBatchBytes)),
            QStringLiteral("Ask for previews, and for the body in pages."), false};
}

Error tooLong(const QString &what, qint64 bytes)
{
    return {ErrorCode::Refused, QStringLiteral("%1 too long: %2 MiB, and %3 MiB pass at once.").arg(what).arg(mebibytes(bytes)).arg(mebibytes(MaxFrameBytes)),
            QStringLiteral("Ask for less at once."), false};
}

} // namespace connectors::remote
