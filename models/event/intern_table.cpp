// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/event/intern_table.h"

#include <algorithm>
#include <functional>
#include <utility>

namespace models::event {

namespace {

constexpr char AsText = 0;
constexpr char AsUuid = 1;
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

quint32 hashOf(std::string_view bytes)
{
    const auto hash = static_cast<quint64>(std::hash<std::string_view>()(bytes));
    return static_cast<quint32>(hash ^ (hash >> 32U));
}

} // namespace

std::optional<std::string> uuidBytes(std::string_view text)
{
    if (text.size() != 36)
        return std::nullopt;
    std::string bytes;
    bytes.reserve(16);
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
        bytes += static_cast<char>(high * 16 + low);
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

std::string InternTable::packed(std::string_view text)
{
    if (const auto bytes = uuidBytes(text))
        return AsUuid + *bytes;
    std::string stored(1, AsText);
    stored += text;
    return stored;
}

InternTable::InternTable(qint64 limitBytes)
    : m_limitBytes(limitBytes)
{
}

quint32 InternTable::intern(std::string_view text)
{
    if ((m_ends.size() + 1) * 4 > m_slots.size() * 3)
        grow();
    const std::string wanted = packed(text);
    const quint32 hash = hashOf(wanted);
    const size_t slot = slotOf(wanted, hash);
    if (m_slots[slot].number != None)
        return m_slots[slot].number;
    if (memoryBytes() > m_limitBytes)
        return NotKept;
    m_bytes.insert(m_bytes.end(), wanted.begin(), wanted.end());
    m_ends.push_back(m_bytes.size());
    m_slots[slot] = {count(), hash};
    return count();
}

quint32 InternTable::find(std::string_view text) const
{
    if (m_slots.empty())
        return None;
    const std::string wanted = packed(text);
    return m_slots[slotOf(wanted, hashOf(wanted))].number;
}

std::string InternTable::text(quint32 number) const
{
    if (number == None || number == NotKept)
        return {};
    const std::string_view bytes = stored(number);
    return bytes.front() == AsUuid ? uuidText(bytes.substr(1)) : std::string(bytes.substr(1));
}

std::string_view InternTable::stored(quint32 number) const
{
    const size_t begin = number == 1 ? 0 : m_ends[number - 2];
    return {m_bytes.data() + begin, m_ends[number - 1] - begin};
}

/// Where the text is, or the free place where it belongs.
size_t InternTable::slotOf(std::string_view wanted, quint32 hash) const
{
    const size_t mask = m_slots.size() - 1;
    size_t place = hash & mask;
    while (m_slots[place].number != None && (m_slots[place].hash != hash || stored(m_slots[place].number) != wanted))
        place = (place + 1) & mask;
    return place;
}

void InternTable::grow()
{
    const std::vector<Slot> old = std::exchange(m_slots, std::vector<Slot>(std::max<size_t>(64, m_slots.size() * 2)));
    const size_t mask = m_slots.size() - 1;
    for (const Slot &slot : old) {
        size_t place = slot.hash & mask;
        while (slot.number != None && m_slots[place].number != None)
            place = (place + 1) & mask;
        if (slot.number != None)
            m_slots[place] = slot;
    }
}

qint64 InternTable::memoryBytes() const
{
    return static_cast<qint64>(m_bytes.capacity() + m_ends.capacity() * sizeof(quint64) + m_slots.capacity() * sizeof(Slot));
}

} // namespace models::event
