// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/projection/table_fill.h"

#include "models/replay/failpoint.h"

#include <algorithm>
#include <numeric>

namespace models::projection {

using namespace connectors;

namespace {

constexpr int MostRounds = 20;             ///< of catching up with a source that goes on
constexpr qint64 HandlerChunkEvents = 1'000; ///< that are on their way to it at a time
constexpr qint64 FewEnough = 1'000;        ///< positions that came meanwhile: the swap applies them
constexpr quint64 FnvOffset = 14695981039346656037ULL;
constexpr quint64 FnvPrime = 1099511628211ULL;

/// FNV-1a, 64 bit (Fowler, Noll, Vo).
quint64 hashed(quint64 hash, std::string_view bytes)
{
    for (const char byte : bytes)
        hash = (hash ^ static_cast<unsigned char>(byte)) * FnvPrime;
    return hash;
}

quint64 hashed(quint64 hash, const EventBatch &batch, qsizetype row)
{
    const EventRecord &record = batch.record(row);
    hash = hashed(hash, {reinterpret_cast<const char *>(&record.position), sizeof record.position});
    hash = hashed(hash, {reinterpret_cast<const char *>(&record.partition), sizeof record.partition});
    return hashed(hash, batch.text(record.eventId));
}

Error poison(const QString &message)
{
    return {ErrorCode::Unreadable, message, QStringLiteral("Correct the projection file and begin anew, or go on with --park: then such events are left out and listed."), false};
}

qint64 remainingOf(const std::vector<SourcePosition> &positions)
{
    return std::accumulate(positions.begin(), positions.end(), qint64{0}, [](qint64 sum, const SourcePosition &each) { return sum + each.to - each.next; });
}

} // namespace

TableFill::TableFill(ProjectionSource &source, const ProjectionFile &file, ReadModelWriter &writer, RebuildCheckpoint from, const FillOptions &options)
    : m_source(source)
    , m_file(file)
    , m_writer(writer)
    , m_options(options)
    , m_rules(file, source.envelope())
    , m_fold(file, from.events == 0, options.rowBytes)
    , m_checkpoint(std::move(from))
    , m_next(m_checkpoint)
    , m_storedAt(std::chrono::steady_clock::now())
{
    if (m_next.hash == 0)
        m_next.hash = FnvOffset;
}

Result<void> TableFill::run(const std::stop_token &stop, const FillObserver &observer)
{
    m_stop = stop;
    if (!m_file.handler.isEmpty() && !m_handler) {
        auto handler = HandlerProcess::start(m_file.handler, m_file.tables.front());
        if (!handler)
            return tl::unexpected(handler.error());
        m_handler = std::move(*handler);
    }
    for (int round = 0; round < MostRounds; ++round) {
        auto positions = m_source.positionsNow(m_next.positions, stop);
        if (!positions)
            return tl::unexpected(positions.error());
        m_next.positions = std::move(*positions);
        const qint64 remaining = remainingOf(m_next.positions);
        for (size_t part = 0; part < m_next.positions.size(); ++part) {
            if (Result<void> filled = fillPart(part, stop, observer); !filled)
                return filled;
        }
        if (remaining <= FewEnough)
            break;
    }
    return {};
}

Result<void> TableFill::fillPart(size_t part, const std::stop_token &stop, const FillObserver &observer)
{
    const SourcePosition range = m_next.positions[part];
    if (range.next >= range.to)
        return {};
    bool isBroken = false; // what a chunk that could not be stored has changed in memory is in no checkpoint
    const auto use = [&](const EventBatch &batch, qsizetype row) -> Result<void> {
        if (Result<void> taken = take(part, batch, row); !taken)
            return taken;
        if (m_eventsWaiting < (m_handler ? std::min(m_options.chunkEvents, HandlerChunkEvents) : m_options.chunkEvents))
            return {};
        Result<void> stored = checkGap(part, stop).and_then([this] { return flush(); });
        isBroken = !stored;
        tell(observer);
        return stored;
    };
    const auto beat = [this](const ReadReport &) {
        if (std::chrono::steady_clock::now() - m_storedAt < m_options.beat)
            return;
        m_storedAt = std::chrono::steady_clock::now();
        std::ignore = m_writer.beat(); // one that has lost its lease is told so when it stores
    };
    const Result<ReadReport> report = m_source.read(range, m_options.maxBytesPerSecond, use, stop, beat);
    if (isBroken)
        return tl::unexpected(report.error());
    const bool isWhole = report.has_value();
    if (isWhole && m_next.positions[part].next < range.to) {
        m_gap = m_gap.value_or(m_next.positions[part].next);
        m_next.positions[part].next = range.to; // behind the last event of the projection may be others
    }
    Result<void> stored = checkGap(part, stop).and_then([this] { return flush(); });
    tell(observer);
    if (stored && !isWhole)
        return tl::unexpected(report.error());
    return stored;
}

/// Positions are left out by transactions and compaction too; but where the topic begins behind such a gap by now, its events may
/// have been removed before they were read.
Result<void> TableFill::checkGap(size_t part, const std::stop_token &stop)
{
    if (!m_gap || m_source.envelope() != EnvelopeIn::Events || stop.stop_requested())
        return {};
    SourcePosition gap = m_next.positions[part];
    gap.next = *m_gap;
    gap.to = *m_gap + 1;
    const auto now = m_source.positionsNow({gap}, stop);
    return now ? Result<void>() : tl::unexpected(now.error());
}

Result<void> TableFill::take(size_t part, const EventBatch &batch, qsizetype row)
{
    SourcePosition &place = m_next.positions[part];
    if (m_handler) {
        if (Result<void> sent = m_handler->send(batch, row, m_source.envelope(), place.rankOffset); !sent)
            return sent;
    }
    auto changes = m_handler ? Result<std::vector<RowChange>>() : m_rules.changesOf(batch, row, place.rankOffset);
    if (!changes && !m_options.isParking)
        return tl::unexpected(poison(changes.error().message));
    if (!changes) {
        if (Result<void> parked = park(batch.address(row), changes.error()); !parked)
            return parked;
    }
    // While nothing has to be loaded nothing has to wait.
    const bool isAtOnce = !m_handler && m_fold.isComplete();
    if (Result<void> applied = isAtOnce && changes ? m_fold.apply(*changes) : Result<void>(); !applied) {
        Result<void> parked = m_options.isParking ? park(batch.address(row), applied.error()) : tl::unexpected(poison(applied.error().message));
        if (!parked)
            return parked;
    }
    const qint64 position = batch.record(row).position;
    if (position > place.next && !m_gap)
        m_gap = place.next;
    if (changes && !changes->empty() && !isAtOnce)
        m_waiting.push_back({batch.address(row), std::move(*changes), part, m_next.events, m_next.hash});
    place.next = position + 1;
    ++m_next.events;
    ++m_eventsWaiting;
    m_next.hash = hashed(m_next.hash, batch, row);
    return {};
}

Result<void> TableFill::park(const EventAddress &address, const Error &why)
{
    if (m_next.parked.size() >= MostParked)
        return failure(ErrorCode::Refused, QStringLiteral("More than %1 events do not fit; the last one: %2").arg(MostParked).arg(why.message), QStringLiteral("Correct the projection file."));
    m_next.parked.push_back({address, why.message});
    return {};
}

Result<void> TableFill::loadMissing()
{
    std::vector<RowChange> all;
    for (const Waiting &event : m_waiting)
        all.insert(all.end(), event.changes.begin(), event.changes.end());
    const std::vector<RowKey> keys = m_fold.missing(all);
    if (keys.empty())
        return {};
    auto rows = m_writer.load(keys);
    if (!rows)
        return tl::unexpected(rows.error());
    for (size_t i = 0; i < keys.size(); ++i)
        m_fold.load(keys[i], std::move((*rows)[i]));
    return {};
}

Result<void> TableFill::flush()
{
    if (m_next == m_checkpoint)
        return {};
    if (Result<void> answered = m_handler ? takeAnswers() : Result<void>(); !answered) {
        m_next = m_checkpoint; // what it did not acknowledge has not happened
        m_eventsWaiting = 0;
        return answered;
    }
    if (!m_fold.isComplete()) {
        if (Result<void> loaded = loadMissing(); !loaded)
            return loaded;
    }
    const Result<void> applied = applyWaiting();
    m_waiting.clear();
    m_eventsWaiting = 0;
    m_gap.reset();
    std::vector<ChangedRow> rows = m_fold.takeChanged();
    const qint64 count = std::ssize(rows);
    replay::failpointBefore("rebuild.store");
    if (Result<void> stored = m_writer.store(std::move(rows), m_next); !stored)
        return stored;
    replay::failpointAfter("rebuild.store");
    m_rows += count;
    m_checkpoint = m_next;
    m_storedAt = std::chrono::steady_clock::now();
    return applied;
}

Result<void> TableFill::takeAnswers()
{
    auto answers = m_handler->answers(m_stop);
    if (!answers)
        return tl::unexpected(answers.error());
    for (std::vector<RowChange> &changes : *answers)
        m_waiting.push_back({{}, std::move(changes), 0, m_next.events, m_next.hash});
    return {};
}

/// Whether a sum fits shows only here. Where it does not and the event is not left out, it ends there: what is stored is as far as
/// that event.
Result<void> TableFill::applyWaiting()
{
    for (const Waiting &event : m_waiting) {
        const Result<void> applied = m_fold.apply(event.changes);
        if (applied)
            continue;
        Result<void> parked = m_options.isParking ? park(event.address, applied.error()) : tl::unexpected(poison(applied.error().message));
        if (parked)
            continue;
        m_next.positions[event.part].next = event.address.position;
        m_next.events = event.events;
        m_next.hash = event.hash;
        std::erase_if(m_next.parked, [&event](const ParkedEvent &each) { return each.address.stream == event.address.stream && each.address.partition == event.address.partition && each.address.position >= event.address.position; });
        return parked;
    }
    return {};
}

void TableFill::tell(const FillObserver &observer) const
{
    if (observer)
        observer({m_checkpoint.events, remainingOf(m_checkpoint.positions), m_rows});
}

} // namespace models::projection
