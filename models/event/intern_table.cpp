// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/event/intern_table.h"

#include <algorithm>
#include <functional>
#include <utility>

namespace models::event {

namespace {

constexpr size_t FirstSlots = 8;
constexpr qint64 LargestLimitBytes = 0xffff'0000LL; ///< places have 32 bits

} // namespace

InternTable::InternTable(qint64 limitBytes)
    : m_limitBytes(std::min(limitBytes, LargestLimitBytes))
{
}

InternTable::Packed InternTable::packed(std::string_view text)
{
    const auto uuid = uuidBytes(text);
    return uuid ? Packed{true, *uuid, {}} : Packed{false, {}, text};
}

quint32 InternTable::hashOf(const Packed &packed)
{
    const auto hash = static_cast<quint64>(std::hash<std::string_view>()(packed.bytes()));
    return static_cast<quint32>(hash ^ (hash >> 32U));
}

quint32 InternTable::intern(std::string_view text)
{
    const Packed wanted = packed(text);
    const quint32 hash = hashOf(wanted);
    Shard &shard = m_shards[hash >> (32U - ShardBits)];
    if ((static_cast<size_t>(shard.used) + 1) * 5 > shard.slots.size() * 4)
        grow(shard);
    const size_t slot = slotOf(shard, wanted, hash);
    if (shard.slots[slot].number != None)
        return shard.slots[slot].number;
    if (memoryBytes() + static_cast<qint64>(text.size()) > m_limitBytes)
        return NotKept;
    m_texts.add({wanted.isUuid, wanted.bytes()});
    shard.slots[slot] = {count(), hash};
    ++shard.used;
    return count();
}

quint32 InternTable::find(std::string_view text) const
{
    const Packed wanted = packed(text);
    const quint32 hash = hashOf(wanted);
    const Shard &shard = m_shards[hash >> (32U - ShardBits)];
    return shard.slots.empty() ? None : shard.slots[slotOf(shard, wanted, hash)].number;
}

std::string InternTable::text(quint32 number) const
{
    return number == None || number == NotKept ? std::string() : m_texts.text(number);
}

/// Where a search in the shard begins: its slots in the order of the bits that did not choose the shard.
size_t InternTable::homeOf(const Shard &shard, quint32 hash)
{
    return static_cast<size_t>((static_cast<quint64>(hash << ShardBits) * shard.slots.size()) >> 32U);
}

/// Where the text is, or the free place where it belongs.
size_t InternTable::slotOf(const Shard &shard, const Packed &wanted, quint32 hash) const
{
    const auto isIt = [this, &wanted](quint32 number) {
        const InternTexts::Stored found = m_texts.stored(number);
        return found.isUuid == wanted.isUuid && found.bytes == wanted.bytes();
    };
    size_t place = homeOf(shard, hash);
    while (shard.slots[place].number != None && (shard.slots[place].hash != hash || !isIt(shard.slots[place].number)))
        place = place + 1 == shard.slots.size() ? 0 : place + 1;
    return place;
}

void InternTable::grow(Shard &shard)
{
    const size_t size = std::max(FirstSlots, shard.slots.size() + shard.slots.size() / 4);
    const std::vector<Slot> old = std::exchange(shard.slots, std::vector<Slot>(size));
    m_slotBytes += static_cast<qint64>((size - old.size()) * sizeof(Slot));
    for (const Slot &slot : old) {
        if (slot.number == None)
            continue;
        size_t place = homeOf(shard, slot.hash);
        while (shard.slots[place].number != None)
            place = place + 1 == size ? 0 : place + 1;
        shard.slots[place] = slot;
    }
}

qint64 InternTable::memoryBytes() const
{
    return m_texts.memoryBytes() + m_slotBytes;
}

} // namespace models::event
