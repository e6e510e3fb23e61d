// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/query/decimal.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <optional>
#include <string>

namespace connectors::query {

namespace {

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

/// The value is 0.DIGITS × 10^exponent; digits neither begin nor end with 0. Zero has no digits.
struct Decimal {
    std::string digits;
    int64_t exponent = 0;
};

/// Exponents larger than this are all the same: beyond anything that can be compared with them.
constexpr int64_t MaxExponent = 1'000'000'000'000;

std::optional<int64_t> readExponent(std::string_view text) // after the e
{
    const bool isNegative = !text.empty() && text.front() == '-';
    if (!text.empty() && (text.front() == '-' || text.front() == '+'))
        text.remove_prefix(1);
    if (text.empty())
        return std::nullopt;
    int64_t value = 0;
    for (const char c : text) {
        if (!isDigit(c))
            return std::nullopt;
        value = std::min(value * 10 + (c - '0'), MaxExponent);
    }
    return isNegative ? -value : value;
}

std::optional<Decimal> readDecimal(std::string_view text)
{
    Decimal decimal;
    size_t at = 0;
    const auto takeDigits = [&] {
        const size_t begin = at;
        while (at < text.size() && isDigit(text[at]))
            ++at;
        return text.substr(begin, at - begin);
    };
    const std::string_view whole = takeDigits();
    std::string_view fraction;
    if (at < text.size() && text[at] == '.') {
        ++at;
        fraction = takeDigits();
    }
    if (whole.empty() && fraction.empty())
        return std::nullopt;
    int64_t exponent = 0;
    if (at < text.size()) {
        if (text[at] != 'e' && text[at] != 'E')
            return std::nullopt;
        const auto read = readExponent(text.substr(at + 1));
        if (!read)
            return std::nullopt;
        exponent = *read;
    }
    decimal.digits.append(whole).append(fraction);
    const size_t leadingZeros = std::min(decimal.digits.find_first_not_of('0'), decimal.digits.size());
    decimal.exponent = exponent + static_cast<int64_t>(whole.size()) - static_cast<int64_t>(leadingZeros);
    decimal.digits.erase(0, leadingZeros);
    decimal.digits.erase(decimal.digits.find_last_not_of('0') + 1);
    return decimal;
}

int compare(const Decimal &left, const Decimal &right)
{
    if (left.digits.empty() || right.digits.empty())
        return static_cast<int>(!left.digits.empty()) - static_cast<int>(!right.digits.empty());
    if (left.exponent != right.exponent)
        return left.exponent < right.exponent ? -1 : 1;
    return left.digits.compare(right.digits);
}

bool isBeyond63Bits(const Decimal &decimal)
{
    const Decimal limit{"9223372036854775808", 19}; // 2^63
    return compare(decimal, limit) >= 0;
}

/// False for nearly every text, at the cost of a glance.
bool mayBeBeyond63Bits(std::string_view text)
{
    return text.size() >= 3 && (isDigit(text[0]) || text[0] == '.') && (text.size() >= 19 || text.find_first_of("eE") != std::string_view::npos);
}

constexpr double TwoTo63 = 9223372036854775808.0;

double doubleOf(std::string_view number)
{
    double value = 0;
    return std::from_chars(number.data(), number.data() + number.size(), value).ec == std::errc() ? value : HUGE_VAL;
}

} // namespace

bool isBeyond63Bits(std::string_view text)
{
    if (!mayBeBeyond63Bits(text))
        return false;
    const auto decimal = readDecimal(text);
    return decimal && isBeyond63Bits(*decimal);
}

int compareDecimals(std::string_view left, std::string_view right)
{
    return compare(readDecimal(left).value_or(Decimal()), readDecimal(right).value_or(Decimal()));
}

int compareTextsOrDecimals(std::string_view left, std::string_view right)
{
    return isBeyond63Bits(left) && isBeyond63Bits(right) ? compareDecimals(left, right) : left.compare(right);
}

NegativeNumbers::NegativeNumbers(std::vector<std::string> inCondition)
{
    std::sort(inCondition.begin(), inCondition.end(), [](const std::string &left, const std::string &right) { return compareDecimals(left, right) < 0; });
    double least = TwoTo63; // leaves one double free between two of them, for all that lie between
    for (std::string &number : inCondition) {
        const bool isKnown = !m_known.empty() && compareDecimals(number, m_known.back().number) == 0;
        const double magnitude = isKnown ? m_known.back().magnitude : std::max(doubleOf(number), least);
        least = std::nextafter(std::nextafter(magnitude, HUGE_VAL), HUGE_VAL);
        m_known.push_back({std::move(number), magnitude});
    }
}

double NegativeNumbers::valueOf(std::string_view number) const
{
    const auto above = std::lower_bound(m_known.cbegin(), m_known.cend(), number,
                                        [](const Known &known, std::string_view wanted) { return compareDecimals(known.number, wanted) < 0; });
    if (above != m_known.cend() && compareDecimals(above->number, number) == 0)
        return -above->magnitude;
    const double below = above == m_known.cbegin() ? TwoTo63 : std::prev(above)->magnitude;
    const double value = std::max(doubleOf(number), std::nextafter(below, HUGE_VAL));
    return above == m_known.cend() ? -value : -std::min(value, std::nextafter(above->magnitude, 0.0));
}

} // namespace connectors::query
