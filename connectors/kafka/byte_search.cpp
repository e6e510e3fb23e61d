// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/kafka/byte_search.h"

#include "connectors/kafka/record_bytes.h"

#include <algorithm>
#include <bit>
#include <cstring>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace connectors::kafka {

namespace {

constexpr size_t BlockBytes = 3;
constexpr size_t TableSize = 8192;

inline size_t hashBlock(const char *block)
{
    const auto byte = [block](size_t i) { return static_cast<size_t>(static_cast<uint8_t>(block[i])); };
    return (byte(0) ^ (byte(1) << 3) ^ (byte(2) << 5) ^ (byte(1) << 7)) % TableSize;
}

#if defined(__SSE2__)
constexpr size_t PlacesAtOnce = 16;

/// Whether `value`, of two bytes at least, begins in one of the sixteen places from `text` on. Reads the sixteen bytes there
/// and those value.size() − 1 behind them.
inline bool beginsInPlaces(const char *text, std::string_view value, __m128i firstByte, __m128i lastByte)
{
    const __m128i begins = _mm_loadu_si128(reinterpret_cast<const __m128i *>(text));
    const __m128i ends = _mm_loadu_si128(reinterpret_cast<const __m128i *>(text + value.size() - 1));
    const __m128i fits = _mm_and_si128(_mm_cmpeq_epi8(begins, firstByte), _mm_cmpeq_epi8(ends, lastByte));
    for (auto places = static_cast<uint32_t>(_mm_movemask_epi8(fits)); places != 0; places &= places - 1) {
        if (std::memcmp(text + std::countr_zero(places), value.data(), value.size()) == 0)
            return true;
    }
    return false;
}

bool isOneIn(std::string_view text, std::string_view value)
{
    const size_t reach = PlacesAtOnce + value.size() - 1;
    if (text.size() < reach)
        return text.find(value) != std::string_view::npos;
    const __m128i firstByte = _mm_set1_epi8(value.front());
    const __m128i lastByte = _mm_set1_epi8(value.back());
    const char *const lastPlaces = text.data() + text.size() - reach;
    for (const char *places = text.data(); places < lastPlaces; places += PlacesAtOnce) {
        if (beginsInPlaces(places, value, firstByte, lastByte))
            return true;
    }
    return beginsInPlaces(lastPlaces, value, firstByte, lastByte);
}
#endif

} // namespace

ByteSearch::ByteSearch(const std::vector<QByteArray> &values)
    : m_values(values)
{
    std::sort(m_values.begin(), m_values.end());
    for (const QByteArray &value : m_values)
        (value.size() < static_cast<qsizetype>(BlockBytes) ? m_short : m_long).push_back(viewOf(value));
    if (m_long.empty())
        return;
    const auto shortest = std::min_element(m_long.cbegin(), m_long.cend(), [](std::string_view a, std::string_view b) { return a.size() < b.size(); });
    constexpr size_t LongestMove = 255;
    m_window = std::min(shortest->size(), LongestMove);
    m_shift.assign(TableSize, static_cast<uint8_t>(m_window - BlockBytes + 1));
    m_first.resize(TableSize);
    for (const std::string_view value : m_long) {
        for (size_t end = BlockBytes; end <= m_window; ++end) {
            uint8_t &shift = m_shift[hashBlock(value.data() + end - BlockBytes)];
            shift = std::min(shift, static_cast<uint8_t>(m_window - end));
        }
    }
    const auto lastBlock = [this](std::string_view value) { return hashBlock(value.data() + m_window - BlockBytes); };
    std::sort(m_long.begin(), m_long.end(), [&](std::string_view a, std::string_view b) { return lastBlock(a) < lastBlock(b); });
    for (size_t i = m_long.size(); i-- > 0;)
        m_first[lastBlock(m_long[i])] = static_cast<uint32_t>(i);
}

bool ByteSearch::hasShortValueIn(std::string_view text) const
{
    return std::any_of(m_short.cbegin(), m_short.cend(), [text](std::string_view value) { return text.find(value) != std::string_view::npos; });
}

bool ByteSearch::isIn(std::string_view text) const
{
#if defined(__SSE2__)
    if (m_long.size() == 1 && m_short.empty())
        return isOneIn(text, m_long.front());
#endif
    return hasShortValueIn(text) || (!m_long.empty() && hasLongValueIn(text));
}

bool ByteSearch::hasLongValueIn(std::string_view text) const
{
    for (size_t end = m_window; end <= text.size();) {
        const size_t hash = hashBlock(text.data() + end - BlockBytes);
        if (m_shift[hash] > 0) {
            end += m_shift[hash];
            continue;
        }
        const std::string_view rest = text.substr(end - m_window);
        for (size_t i = m_first[hash]; i < m_long.size(); ++i) {
            const std::string_view value = m_long[i];
            if (hashBlock(value.data() + m_window - BlockBytes) != hash)
                break;
            if (value.size() <= rest.size() && std::memcmp(rest.data(), value.data(), value.size()) == 0)
                return true;
        }
        ++end;
    }
    return false;
}

bool ByteSearch::isOneOf(std::string_view text) const
{
    const auto found = std::lower_bound(m_values.cbegin(), m_values.cend(), text, [](const QByteArray &value, std::string_view wanted) { return viewOf(value) < wanted; });
    return found != m_values.cend() && viewOf(*found) == text;
}

} // namespace connectors::kafka
