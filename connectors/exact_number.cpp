// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/exact_number.h"

#include "connectors/json_syntax.h"

#include <algorithm>
#include <charconv>

namespace connectors {

namespace {

__extension__ using Int128 = __int128; // ISO C++ has none

constexpr int64_t MostDigits = 1000;
constexpr int MostDigitsOfASum = 38;

/// What a number consists of: its digits without the point, and how many of them stand before it.
struct Parts {
    bool isNegative = false;
    std::string digits;
    int64_t point = 0;
};

std::string_view takeDigits(std::string_view text, size_t *at)
{
    const size_t begin = *at;
    while (*at < text.size() && json::isDigit(text[*at]))
        ++*at;
    return text.substr(begin, *at - begin);
}

/// After the e; null where it is no exponent. Huge ones stop growing.
std::optional<int64_t> exponentOf(std::string_view text)
{
    const bool isSigned = !text.empty() && (text.front() == '-' || text.front() == '+');
    const bool isNegative = isSigned && text.front() == '-';
    size_t at = isSigned ? 1 : 0;
    const std::string_view digits = takeDigits(text, &at);
    if (digits.empty() || at != text.size())
        return std::nullopt;
    int64_t value = 0;
    for (const char digit : digits)
        value = std::min<int64_t>(value * 10 + (digit - '0'), 1'000'000);
    return isNegative ? -value : value;
}

std::optional<Parts> partsOf(std::string_view text)
{
    Parts parts;
    parts.isNegative = !text.empty() && text.front() == '-';
    size_t at = parts.isNegative ? 1 : 0;
    const std::string_view whole = takeDigits(text, &at);
    if (whole.empty() || (whole.size() > 1 && whole.front() == '0'))
        return std::nullopt;
    std::string_view fraction;
    if (at < text.size() && text[at] == '.') {
        ++at;
        fraction = takeDigits(text, &at);
        if (fraction.empty())
            return std::nullopt;
    }
    int64_t exponent = 0;
    if (at < text.size()) {
        const auto read = text[at] == 'e' || text[at] == 'E' ? exponentOf(text.substr(at + 1)) : std::nullopt;
        if (!read)
            return std::nullopt;
        exponent = *read;
    }
    parts.digits.append(whole).append(fraction);
    parts.point = static_cast<int64_t>(whole.size()) + exponent;
    return parts;
}

/// `point` digits of `digits` stand before the point; zeros at either end are left away or added as needed.
std::string textOf(bool isNegative, std::string digits, int64_t point)
{
    const size_t leading = std::min(digits.find_first_not_of('0'), digits.size());
    digits.erase(0, leading);
    point -= static_cast<int64_t>(leading);
    digits.erase(digits.find_last_not_of('0') + 1);
    if (digits.empty())
        return "0";
    std::string text = isNegative ? "-" : "";
    const auto count = static_cast<int64_t>(digits.size());
    if (point <= 0)
        text.append("0.").append(static_cast<size_t>(-point), '0').append(digits);
    else if (point >= count)
        text.append(digits).append(static_cast<size_t>(point - count), '0');
    else
        text.append(digits, 0, static_cast<size_t>(point)).append(".").append(digits, static_cast<size_t>(point), std::string::npos);
    return text;
}

/// A canonical number times 10^scale; null where that has more than 38 digits.
std::optional<Int128> scaled(std::string_view number, int scale)
{
    const bool isNegative = number.front() == '-';
    const DigitCounts counts = digitCounts(number);
    if (counts.whole + scale > MostDigitsOfASum)
        return std::nullopt;
    Int128 value = 0;
    for (const char c : number) {
        if (json::isDigit(c))
            value = value * 10 + (c - '0');
    }
    for (int i = counts.fraction; i < scale; ++i)
        value *= 10;
    return isNegative ? -value : value;
}

} // namespace

std::optional<std::string> canonicalNumber(std::string_view text)
{
    auto parts = partsOf(text);
    if (!parts)
        return std::nullopt;
    const auto count = static_cast<int64_t>(parts->digits.size());
    const bool isZero = parts->digits.find_first_not_of('0') == std::string::npos;
    if (!isZero && (parts->point > MostDigits || count - parts->point > MostDigits))
        return std::nullopt;
    return textOf(parts->isNegative, std::move(parts->digits), parts->point);
}

std::optional<int64_t> wholeNumber(std::string_view text)
{
    int64_t value = 0;
    const auto parse = [&value](std::string_view digits) {
        const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
        return error == std::errc() && end == digits.data() + digits.size();
    };
    const std::optional<std::string> number = canonicalNumber(text);
    return number && parse(*number) ? std::optional(value) : std::nullopt;
}

std::optional<std::string> exactSum(std::string_view left, std::string_view right)
{
    const int scale = std::max(digitCounts(left).fraction, digitCounts(right).fraction);
    const auto a = scaled(left, scale);
    const auto b = scaled(right, scale);
    if (!a || !b)
        return std::nullopt;
    Int128 sum = 0;
    if (__builtin_add_overflow(*a, *b, &sum))
        return std::nullopt;
    const bool isNegative = sum < 0;
    std::string digits;
    for (sum = isNegative ? -sum : sum; sum > 0; sum /= 10)
        digits.push_back(static_cast<char>('0' + static_cast<int>(sum % 10)));
    if (digits.size() > MostDigitsOfASum)
        return std::nullopt;
    std::reverse(digits.begin(), digits.end());
    const auto point = static_cast<int64_t>(digits.size()) - scale;
    return textOf(isNegative, std::move(digits), point);
}

DigitCounts digitCounts(std::string_view number)
{
    if (number.front() == '-')
        number.remove_prefix(1);
    const size_t point = std::min(number.find('.'), number.size());
    const bool hasWhole = number.front() != '0';
    return {hasWhole ? static_cast<int>(point) : 0, point < number.size() ? static_cast<int>(number.size() - point - 1) : 0};
}

} // namespace connectors
