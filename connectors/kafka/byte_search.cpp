// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/kafka/byte_search.h"

#include "connectors/kafka/record_bytes.h"

#include <algorithm>
#include <cstring>

namespace connectors::kafka {

namespace {

constexpr size_t BlockBytes = 3;
constexpr size_t TableSize = 8192;

inline size_t hashBlock(const char *block)
{
    const auto byte = [block](size_t i) { return static_cast<size_t>(static_cast<uint8_t>(block[i])); };
    return (byte(0) ^ (byte(1) << 3) ^ (byte(2) << 5) ^ (byte(1) << 7)) % TableSize;
}

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
    if (hasShortValueIn(text))
        return true;
    if (m_long.empty())
        return false;
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
