// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/event/intern_table.h"

#include <algorithm>
#include <cstring>
#include <functional>
#include <utility>

namespace models::event {

namespace {

// One byte before the bytes of a text says what they are: a UUID, a text of this length, or one whose length follows.
constexpr unsigned char AsUuid = 255;
constexpr unsigned char AsLongText = 254;
constexpr size_t FirstSlots = 8;
constexpr qint64 LargestLimitBytes = 0xffff'0000LL; ///< places have 32 bits
constexpr std::string_view HexDigits = "0123456789abcdef";

bool isHyphenPlace(size_t i)
{
    return i == 8 || i == 13 || i == 18 || i == 23;
}

int hexValue(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

} // namespace

std::optional<std::array<char, 16>> uuidBytes(std::string_view text)
{
    if (text.size() != 36)
        return std::nullopt;
    std::array<char, 16> bytes{};
    size_t count = 0;
    for (size_t i = 0; i < 36;) {
        if (isHyphenPlace(i)) {
            if (text[i++] != '-')
                return std::nullopt;
            continue;
        }
        const int high = hexValue(text[i]);
        const int low = hexValue(text[i + 1]);
        if (high < 0 || low < 0)
            return std::nullopt;
        bytes[count++] = static_cast<char>(high * 16 + low);
        i += 2;
    }
    return bytes;
}

std::string uuidText(std::string_view bytes)
{
    std::string text;
    text.reserve(36);
    for (const char byte : bytes) {
        if (isHyphenPlace(text.size()))
            text += '-';
        text += HexDigits[static_cast<unsigned char>(byte) >> 4U];
        text += HexDigits[static_cast<unsigned char>(byte) & 15U];
    }
    return text;
}

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
    shard.slots[slot] = {store(wanted), hash};
    ++shard.used;
    return count();
}

quint32 InternTable::store(const Packed &packed)
{
    const std::string_view bytes = packed.bytes();
    const bool isLong = !packed.isUuid && bytes.size() >= AsLongText;
    const auto length = static_cast<quint32>(bytes.size());
    char *to = allocate(1 + (isLong ? sizeof length : 0) + bytes.size());
    *to++ = static_cast<char>(packed.isUuid ? AsUuid : isLong ? AsLongText : static_cast<unsigned char>(length));
    if (isLong) {
        std::memcpy(to, &length, sizeof length);
        to += sizeof length;
    }
    if (!bytes.empty())
        std::memcpy(to, bytes.data(), bytes.size());
    return count();
}

/// Space in one piece, whose place is the new text's.
char *InternTable::allocate(size_t size)
{
    const size_t free = m_blocks.size() * BlockBytes - m_next;
    if (size > free) {
        const size_t blocks = (size + BlockBytes - 1) / BlockBytes;
        m_next = m_blocks.size() * BlockBytes;
        m_blocks.push_back(std::make_unique_for_overwrite<char[]>(blocks * BlockBytes));
        m_blocks.resize(m_blocks.size() + blocks - 1);
    }
    const size_t place = std::exchange(m_next, m_next + size);
    m_places.push_back(static_cast<quint32>(place));
    // The rest behind a text of several blocks is its last block's, which cannot be addressed on its own.
    char *const found = m_blocks[place / BlockBytes].get() + place % BlockBytes;
    if (size > BlockBytes)
        m_next = m_blocks.size() * BlockBytes;
    return found;
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
    if (number == None || number == NotKept)
        return {};
    const Stored found = stored(number);
    return found.isUuid ? uuidText(found.bytes) : std::string(found.bytes);
}

InternTable::Stored InternTable::stored(quint32 number) const
{
    const size_t place = m_places[number - 1];
    const char *from = m_blocks[place / BlockBytes].get() + place % BlockBytes;
    const auto form = static_cast<unsigned char>(*from++);
    if (form == AsUuid)
        return {true, {from, 16}};
    quint32 length = form;
    if (form == AsLongText) {
        std::memcpy(&length, from, sizeof length);
        from += sizeof length;
    }
    return {false, {from, length}};
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
        const Stored found = stored(number);
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
    return static_cast<qint64>(m_next + m_places.size() * sizeof(quint32)) + m_slotBytes;
}

} // namespace models::event
