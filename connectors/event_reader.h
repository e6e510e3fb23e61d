// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/event_channel.h"
#include "connectors/event_page.h"

#include <QFuture>

namespace connectors {

enum class Isolation { ReadCommitted, ReadUncommitted };

/// Which envelope field (or key, or anything) an exact text is looked for in.
enum class SearchField { EventId, CorrelationId, AggregateId, Key, CausationId, Anywhere };

/// An event matches when the field equals the text; `Anywhere` when key, headers or body contain the bytes.
/// The connector looks for the raw bytes first and decodes only what may match; a body with a backslash or of a
/// binary format is always decoded, so that nothing is missed.
struct ExactSearch {
    SearchField field = SearchField::Anywhere;
    std::vector<QByteArray> values; ///< any of these
};

struct ReadRequest {
    std::vector<QString> streams;         ///< empty: every stream that is not internal
    std::vector<int> partitions;          ///< empty: all
    PositionSpec from = Earliest{};
    PositionSpec to = Latest{};           ///< half-open; Latest is frozen when the read begins
    /// Instead of from/to where given: exact half-open ranges (an empty range is allowed).
    std::vector<PartitionRead> ranges;
    bool isFollowing = false;             ///< go on as new events come; `to` is ignored
    std::optional<qint64> limit;          ///< stop after so many matches
    QString where;                        ///< SQL condition; empty: everything matches
    std::optional<ExactSearch> search;
    Isolation isolation = Isolation::ReadCommitted;
    qint64 maxBytesPerSecond = 0;         ///< 0: no limit
    bool isEnvelopeDecoded = true;        ///< fill envelope and body format of what matches
    bool isDroppingWhenFull = false;      ///< a live tail that must not slow down; see ReadReport::dropped
    qsizetype batchEvents = 1000;         ///< at most so many in a batch; a batch is also cut at 16 MiB
    /// What is handed over of an event that matches: at most so many bytes of its body (EventRecord::size says how large it
    /// is), as many of its key, of its headers together and of each text of its envelope; the record says which of these are
    /// cut. Conditions and searches see it whole, and the envelope is that of the whole body. 0: everything, which suits only
    /// who knows that events are small: through a worker, one of more than some 30 MiB ends the read with an error.
    qint64 previewBytes = 0;
};

class EventReader
{
public:
    virtual ~EventReader() = default;
    /// Starts at once on the connector's own threads. Refusals (bad condition, unknown stream) come as the channel's result.
    [[nodiscard]] virtual EventChannelPtr read(ReadRequest request) = 0;
    /// The events at exactly these places, in the order asked, cut as ReadRequest::previewBytes has it; places that are no
    /// longer stored are absent. All of them are in memory together: Refused where they are more than one answer can carry.
    [[nodiscard]] virtual QFuture<Result<EventBatchPtr>> fetch(std::vector<EventAddress> addresses, qint64 previewBytes, std::stop_token stop) = 0;
    /// A run of bytes of one event's body (or another part), however large the whole is. The event is kept for the next page.
    /// NotFound where it is no longer stored.
    [[nodiscard]] virtual QFuture<Result<EventPage>> fetchPage(PageRequest request, std::stop_token stop) = 0;
    /// The same, of which only place and time are of interest: a connector that can leaves out the rest, so that memory does
    /// not grow with the bodies.
    [[nodiscard]] virtual QFuture<Result<EventBatchPtr>> fetchTimes(std::vector<EventAddress> addresses, std::stop_token stop)
    {
        return fetch(std::move(addresses), 1, std::move(stop));
    }
};

} // namespace connectors
