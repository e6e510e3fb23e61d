// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/event/event_order.h"

#include <QtConcurrentRun>

#include <algorithm>
#include <numeric>

namespace models::event {

using Kind = EventColumn::Kind;

namespace {

struct Key {
    qint64 value = 0;
    quint32 place = 0;
};

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

/// The texts behind the numbers, copied so that another thread can compare them; empty where the column is a number.
std::vector<std::string> textsOf(const EventList &list, Kind kind)
{
    std::vector<std::string> texts;
    if (kind == Kind::Stream) {
        for (const QString &stream : list.streams())
            texts.push_back(stream.toStdString());
        return texts;
    }
    const InternTable *table = kind == Kind::Type ? &list.types() : kind == Kind::Aggregate ? &list.aggregates() : kind == Kind::Correlation ? &list.correlations() : nullptr;
    for (quint32 number = 0; table && number <= table->count(); ++number)
        texts.push_back(table->text(number));
    return texts;
}

/// What place each text has among them all, so that texts compare as numbers from then on.
std::vector<qint64> ranksOf(const std::vector<std::string> &texts)
{
    std::vector<quint32> byText(texts.size());
    std::iota(byText.begin(), byText.end(), 0U);
    std::sort(byText.begin(), byText.end(), [&texts](quint32 a, quint32 b) { return texts[a] < texts[b]; });
    std::vector<qint64> ranks(texts.size());
    for (size_t rank = 0; rank < byText.size(); ++rank)
        ranks[byText[rank]] = static_cast<qint64>(rank);
    return ranks;
}

} // namespace

QFuture<std::vector<quint32>> sortedPlaces(const EventList &list, const EventRows &rows, Kind kind, Qt::SortOrder order)
{
    const std::vector<quint32> places = rows.places();
    std::vector<Key> keys;
    keys.reserve(places.size());
    for (const quint32 place : places)
        keys.push_back({numberOf(list.entry(rows.first() + place), kind), place});
    return QtConcurrent::run([keys = std::move(keys), texts = textsOf(list, kind), order]() mutable {
        if (!texts.empty()) {
            const std::vector<qint64> ranks = ranksOf(texts);
            for (Key &key : keys)
                key.value = key.value < std::ssize(ranks) ? ranks[static_cast<size_t>(key.value)] : std::ssize(ranks);
        }
        if (order == Qt::AscendingOrder)
            std::stable_sort(keys.begin(), keys.end(), [](const Key &a, const Key &b) { return a.value < b.value; });
        else
            std::stable_sort(keys.begin(), keys.end(), [](const Key &a, const Key &b) { return a.value > b.value; });
        std::vector<quint32> sorted;
        sorted.reserve(keys.size());
        for (const Key &key : keys)
            sorted.push_back(key.place);
        return sorted;
    });
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
