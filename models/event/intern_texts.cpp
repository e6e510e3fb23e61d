// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/event/intern_texts.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace models::event {

namespace {

// One byte before the bytes of a text says what they are: a UUID, a text of this length, or one whose length follows.
constexpr unsigned char AsUuid = 255;
constexpr unsigned char AsLongText = 254;
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

void InternTexts::add(const Stored &text)
{
    const bool isLong = !text.isUuid && text.bytes.size() >= AsLongText;
    const auto length = static_cast<quint32>(text.bytes.size());
    char *to = allocate(1 + (isLong ? sizeof length : 0) + text.bytes.size());
    *to++ = static_cast<char>(text.isUuid ? AsUuid : isLong ? AsLongText : static_cast<unsigned char>(length));
    if (isLong) {
        std::memcpy(to, &length, sizeof length);
        to += sizeof length;
    }
    if (!text.bytes.empty())
        std::memcpy(to, text.bytes.data(), text.bytes.size());
}

/// Space in one piece, whose place is the new text's.
char *InternTexts::allocate(size_t size)
{
    const size_t free = m_blocks.size() * BlockBytes - m_next;
    if (size > free) {
        const size_t blocks = (size + BlockBytes - 1) / BlockBytes;
        m_next = m_blocks.size() * BlockBytes;
        m_blocks.emplace_back(new char[blocks * BlockBytes]); // not filled with zeros, as make_shared would
        m_blocks.resize(m_blocks.size() + blocks - 1);
    }
    const size_t place = std::exchange(m_next, m_next + size);
    if (m_count % BlockPlaces == 0)
        m_places.push_back(std::make_shared<std::array<quint32, BlockPlaces>>());
    (*m_places.back())[m_count++ % BlockPlaces] = static_cast<quint32>(place);
    // The rest behind a text of several blocks is its last block's, which cannot be addressed on its own.
    char *const found = m_blocks[place / BlockBytes].get() + place % BlockBytes;
    if (size > BlockBytes)
        m_next = m_blocks.size() * BlockBytes;
    return found;
}

std::string InternTexts::text(quint32 number) const
{
    const Stored found = stored(number);
    return found.isUuid ? uuidText(found.bytes) : std::string(found.bytes);
}

InternTexts::Stored InternTexts::stored(quint32 number) const
{
    const size_t place = (*m_places[(number - 1) / BlockPlaces])[(number - 1) % BlockPlaces];
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

/// The first eight bytes of the text, the first one highest; what a shorter one does not have counts as 0.
quint64 InternTexts::prefix(quint32 number) const
{
    const Stored found = stored(number);
    quint64 value = 0;
    for (size_t i = 0; i < sizeof value; ++i) {
        const auto at = [&found](size_t place) { return static_cast<unsigned char>(found.bytes[place]); };
        unsigned char byte = 0;
        if (found.isUuid)
            byte = static_cast<unsigned char>(HexDigits[i % 2 == 0 ? at(i / 2) >> 4U : at(i / 2) & 15U]);
        else if (i < found.bytes.size())
            byte = at(i);
        value = value << 8U | byte;
    }
    return value;
}

/// The bytes of two UUIDs have the order of their texts, because digits are below letters and hyphens are at the same places.
bool InternTexts::isLess(quint32 a, quint32 b) const
{
    const Stored left = stored(a);
    const Stored right = stored(b);
    return left.isUuid == right.isUuid ? left.bytes < right.bytes : text(a) < text(b);
}

} // namespace models::event
