// SPDX-License-Identifier: GPL-3.0-or-later
// Sorting as numbers. Terms: a key is an unsigned number a row, smaller ones first. Steps: the different texts of a column are
// sorted once (runs, then merges in pairs) and an event's key is its text's rank; numbers are their own keys, counted from
// the smallest. The keys are then sorted digit by digit from the lowest (LSD radix sort, 11 bits a digit), which leaves equal
// ones as they were and never takes longer for awkward data; digits in which all keys agree are left out.
// Every step can be cancelled. Cost: see event_order.h.
#include "models/event/event_order.h"

#include <algorithm>
#include <array>
#include <numeric>

namespace models::event {

using Kind = EventColumn::Kind;
using job::JobProgress;

namespace {

constexpr size_t RunTexts = 16'384;
constexpr size_t BetweenChecks = 65'536; ///< of a cancel
constexpr unsigned DigitBits = 11;
constexpr size_t Digits = size_t{1} << DigitBits;

/// Counts a step and says whether to go on.
bool isToGoOn(size_t step, JobProgress &progress)
{
    if (step % BetweenChecks != 0)
        return true;
    progress.done += static_cast<qint64>(BetweenChecks);
    return !progress.isCancelled();
}

template<typename Less>
bool mergePair(const std::vector<quint32> &from, std::vector<quint32> &to, size_t begin, size_t width, Less isLess, JobProgress &progress)
{
    const size_t middle = std::min(begin + width, from.size());
    const size_t end = std::min(middle + width, from.size());
    size_t left = begin;
    size_t right = middle;
    for (size_t at = begin; at < end; ++at) {
        if (at % BetweenChecks == 0 && progress.isCancelled())
            return false;
        const bool isRight = right < end && (left == middle || isLess(from[right], from[left]));
        to[at] = isRight ? from[right++] : from[left++];
    }
    return true;
}

template<typename Less>
bool sortInRuns(std::vector<quint32> &numbers, Less isLess, JobProgress &progress)
{
    for (size_t begin = 0; begin < numbers.size(); begin += RunTexts) {
        if (progress.isCancelled())
            return false;
        const size_t end = std::min(begin + RunTexts, numbers.size());
        std::sort(numbers.begin() + static_cast<std::ptrdiff_t>(begin), numbers.begin() + static_cast<std::ptrdiff_t>(end), isLess);
    }
    std::vector<quint32> merged(numbers.size());
    for (size_t width = RunTexts; width < numbers.size(); width *= 2) {
        for (size_t begin = 0; begin < numbers.size(); begin += width * 2)
            if (!mergePair(numbers, merged, begin, width, isLess, progress))
                return false;
        numbers.swap(merged);
    }
    return true;
}

/// What place each text has among them all, by its number; 0 is for no text. Null where it was cancelled.
std::optional<std::vector<quint32>> ranksOf(const InternTexts &texts, JobProgress &progress)
{
    std::vector<quint32> byText(texts.count());
    std::iota(byText.begin(), byText.end(), 1U);
    {
        std::vector<quint64> prefixes(size_t{texts.count()} + 1);
        for (const quint32 number : byText) {
            if (!isToGoOn(number, progress))
                return std::nullopt;
            prefixes[number] = texts.prefix(number);
        }
        const auto isLess = [&texts, &prefixes](quint32 a, quint32 b) { return prefixes[a] != prefixes[b] ? prefixes[a] < prefixes[b] : texts.isLess(a, b); };
        if (!sortInRuns(byText, isLess, progress))
            return std::nullopt;
    }
    std::vector<quint32> ranks(byText.size() + 1);
    for (size_t rank = 0; rank < byText.size(); ++rank)
        ranks[byText[rank]] = static_cast<quint32>(rank + 1);
    return ranks;
}

std::vector<quint32> ranksOf(const std::vector<QString> &streams)
{
    std::vector<quint32> byText(streams.size());
    std::iota(byText.begin(), byText.end(), 0U);
    std::sort(byText.begin(), byText.end(), [&streams](quint32 a, quint32 b) { return streams[a].toUtf8() < streams[b].toUtf8(); });
    std::vector<quint32> ranks(streams.size());
    for (size_t rank = 0; rank < byText.size(); ++rank)
        ranks[byText[rank]] = static_cast<quint32>(rank);
    return ranks;
}

qint64 numberOf(const EventEntry &entry, Kind kind)
{
    switch (kind) {
    case Kind::Position: return entry.position;
    case Kind::Partition: return entry.partition;
    case Kind::Size: return entry.size == connectors::Slice::NullLength ? -1 : static_cast<qint64>(entry.size);
    case Kind::Stream: return entry.stream;
    case Kind::Type: return entry.type;
    case Kind::Aggregate: return entry.aggregate;
    case Kind::Correlation: return entry.correlation;
    default: return entry.time;
    }
}

/// Texts that were not kept come last among all.
std::optional<std::vector<quint64>> keysOf(const SortInput &input, const std::vector<quint32> &ranks, JobProgress &progress)
{
    std::vector<quint64> keys(static_cast<size_t>(input.rows.count()));
    qint64 lowest = std::numeric_limits<qint64>::max();
    qint64 highest = std::numeric_limits<qint64>::min();
    for (size_t row = 0; row < keys.size(); ++row) {
        if (!isToGoOn(row, progress))
            return std::nullopt;
        qint64 number = numberOf(input.events.entry(input.rows.sequence(static_cast<int>(row))), input.order.kind);
        if (!ranks.empty())
            number = number < std::ssize(ranks) ? qint64{ranks[static_cast<size_t>(number)]} : std::ssize(ranks);
        lowest = std::min(lowest, number);
        highest = std::max(highest, number);
        keys[row] = static_cast<quint64>(number);
    }
    for (quint64 &key : keys) // unsigned, so that the distance of the farthest two does not overflow
        key = input.order.direction == Qt::AscendingOrder ? key - static_cast<quint64>(lowest) : static_cast<quint64>(highest) - key;
    return keys;
}

/// Rows by their keys, equal ones as they were.
std::optional<std::vector<quint32>> rowsByKeys(const std::vector<quint64> &keys, JobProgress &progress)
{
    std::vector<quint32> rows(keys.size());
    std::iota(rows.begin(), rows.end(), 0U);
    std::vector<quint32> next(keys.size());
    quint64 used = 0;
    for (const quint64 key : keys)
        used |= key;
    for (unsigned shift = 0; shift < 64 && used >> shift != 0; shift += DigitBits) {
        std::array<size_t, Digits> places{};
        for (const quint64 key : keys)
            ++places[key >> shift & (Digits - 1)];
        if (places[0] == keys.size())
            continue;
        std::exclusive_scan(places.begin(), places.end(), places.begin(), size_t{0});
        for (size_t at = 0; at < rows.size(); ++at) {
            if (!isToGoOn(at, progress))
                return std::nullopt;
            next[places[keys[rows[at]] >> shift & (Digits - 1)]++] = rows[at];
        }
        rows.swap(next);
    }
    return rows;
}

const InternTable *tableOf(const EventList &list, Kind kind)
{
    return kind == Kind::Type ? &list.types() : kind == Kind::Aggregate ? &list.aggregates() : kind == Kind::Correlation ? &list.correlations() : nullptr;
}

} // namespace

SortInput::SortInput(const EventList &list, const EventRows &rowsNow, EventOrder wanted)
    : order(wanted)
    , events(list.events())
    , rows(rowsNow)
{
    if (const InternTable *table = tableOf(list, order.kind))
        texts = table->texts();
    if (order.kind == Kind::Stream)
        streams = list.streams();
}

std::optional<std::vector<quint32>> sortedPlaces(const SortInput &input, JobProgress &progress)
{
    const bool isByText = input.order.kind == Kind::Type || input.order.kind == Kind::Aggregate || input.order.kind == Kind::Correlation;
    // Times and positions seldom differ in more than three digits, ranks in more than two; a guess is enough for a bar.
    progress.total = qint64{input.texts.count()} + qint64{input.rows.count()} * (isByText ? 3 : 4);
    std::optional<std::vector<quint32>> ranks = isByText ? ranksOf(input.texts, progress) : ranksOf(input.streams);
    if (!ranks)
        return std::nullopt;
    const auto keys = keysOf(input, *ranks, progress);
    auto rows = keys ? rowsByKeys(*keys, progress) : std::nullopt;
    if (!rows)
        return std::nullopt;
    for (quint32 &row : *rows)
        row = input.rows.place(static_cast<int>(row));
    progress.done = progress.total.load();
    return rows;
}

bool isKept(const EventEntry &entry, Kind kind)
{
    switch (kind) {
    case Kind::Type: return entry.type != InternTable::NotKept;
    case Kind::Aggregate: return entry.aggregate != InternTable::NotKept;
    case Kind::Correlation: return entry.correlation != InternTable::NotKept;
    case Kind::EventId: return EventList::longIdNumber(entry) != InternTable::NotKept;
    default: return true;
    }
}

} // namespace models::event
