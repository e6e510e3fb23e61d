// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/query/time_text.h"

#include <algorithm>
#include <charconv>

namespace connectors::query {

namespace {

constexpr qint64 MsPerDay = 86'400'000;
constexpr EpochMs FirstTime = -62'167'219'200'000; // 0000-01-01T00:00:00.000Z
constexpr EpochMs LastTime = 253'402'300'799'999;  // 9999-12-31T23:59:59.999Z

/// Days since 1970-01-01 of a date in the proleptic Gregorian calendar. Years are counted from March, so that the day that
/// leap years add comes last; 400 years are one era of 146,097 days.
constexpr qint64 daysFromDate(qint64 year, qint64 month, qint64 day)
{
    const qint64 marchYear = month <= 2 ? year - 1 : year;
    const qint64 era = (marchYear >= 0 ? marchYear : marchYear - 399) / 400;
    const qint64 yearOfEra = marchYear - era * 400;
    const qint64 dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    return era * 146'097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719'468;
}

struct Date {
    qint64 year;
    qint64 month;
    qint64 day;
};

/// The inverse of daysFromDate().
Date dateFromDays(qint64 days)
{
    const qint64 shifted = days + 719'468;
    const qint64 era = (shifted >= 0 ? shifted : shifted - 146'096) / 146'097;
    const qint64 dayOfEra = shifted - era * 146'097;
    const qint64 yearOfEra = (dayOfEra - dayOfEra / 1'460 + dayOfEra / 36'524 - dayOfEra / 146'096) / 365;
    const qint64 dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
    const qint64 fromMarch = (5 * dayOfYear + 2) / 153;
    const qint64 month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9;
    return {yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * fromMarch + 2) / 5 + 1};
}

class TimeReader final
{
public:
    explicit TimeReader(std::string_view text)
        : m_text(text)
    {
    }

    bool isAtEnd() const { return m_at == m_text.size(); }

    bool accept(std::string_view oneOf)
    {
        if (isAtEnd() || oneOf.find(m_text[m_at]) == std::string_view::npos)
            return false;
        ++m_at;
        return true;
    }

    std::optional<qint64> digits(size_t count)
    {
        if (m_text.size() - m_at < count)
            return std::nullopt;
        qint64 value = 0;
        for (size_t i = 0; i < count; ++i) {
            const char c = m_text[m_at + i];
            if (c < '0' || c > '9')
                return std::nullopt;
            value = value * 10 + (c - '0');
        }
        m_at += count;
        return value;
    }

    std::optional<qint64> inRange(size_t count, qint64 low, qint64 high)
    {
        const auto value = digits(count);
        return value && *value >= low && *value <= high ? value : std::nullopt;
    }

    /// At the day's start, in milliseconds.
    std::optional<EpochMs> date()
    {
        const auto year = digits(4);
        if (!year || !accept("-"))
            return std::nullopt;
        const auto month = inRange(2, 1, 12);
        if (!month || !accept("-"))
            return std::nullopt;
        constexpr std::array<qint64, 12> lengths = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
        const auto day = inRange(2, 1, lengths[static_cast<size_t>(*month - 1)]);
        return day ? std::optional(daysFromDate(*year, *month, *day) * MsPerDay) : std::nullopt;
    }

    std::optional<qint64> hourAndMinute()
    {
        const auto hour = inRange(2, 0, 23);
        if (!hour || !accept(":"))
            return std::nullopt;
        const auto minute = inRange(2, 0, 59);
        return minute ? std::optional((*hour * 60 + *minute) * 60'000) : std::nullopt;
    }

    /// `:SS` and a fraction, as far as they are there.
    std::optional<qint64> secondAndFraction()
    {
        const auto second = inRange(2, 0, 60); // RFC 3339 knows leap seconds
        if (!second)
            return std::nullopt;
        qint64 ms = *second * 1000;
        if (!accept(".,"))
            return ms;
        qint64 weight = 100;
        bool hasDigit = false;
        while (const auto digit = digits(1)) {
            ms += *digit * weight;
            weight /= 10;
            hasDigit = true;
        }
        return hasDigit ? std::optional(ms) : std::nullopt;
    }

    /// What has to be added to get UTC.
    std::optional<qint64> zone()
    {
        if (accept("Zz"))
            return 0;
        const bool isWest = accept("-");
        if (!isWest && !accept("+"))
            return std::nullopt;
        const auto offset = hourAndMinute();
        return offset ? std::optional(isWest ? *offset : -*offset) : std::nullopt;
    }

private:
    std::string_view m_text;
    size_t m_at = 0;
};

std::optional<EpochMs> parse(std::string_view text, bool isPrefixEnough)
{
    TimeReader in(text);
    const auto day = in.date();
    if (!day)
        return std::nullopt;
    const auto endsHere = [&] { return isPrefixEnough && in.isAtEnd(); };
    if (endsHere())
        return day;
    if (!in.accept("Tt "))
        return std::nullopt;
    const auto minutes = in.hourAndMinute();
    if (!minutes)
        return std::nullopt;
    EpochMs time = *day + *minutes;
    if (endsHere())
        return time;
    if (!in.accept(":"))
        return std::nullopt;
    const auto seconds = in.secondAndFraction();
    if (!seconds)
        return std::nullopt;
    time += *seconds;
    if (endsHere())
        return time;
    const auto zone = in.zone();
    return zone && in.isAtEnd() ? std::optional(time + *zone) : std::nullopt;
}

bool isFixed(std::string_view text)
{
    return text.size() == FixedTime().size() && text[23] == 'Z' && text[19] == '.' && text[10] == 'T';
}

std::string normalized(std::string_view text)
{
    if (const auto time = parseTime(text)) {
        const FixedTime fixed = fixedTime(*time);
        return {fixed.data(), fixed.size()};
    }
    std::string copy(text);
    if (copy.size() > 10 && copy[10] == ' ') // "2026-11-25 16" is meant as the start of that hour
        copy[10] = 'T';
    return copy;
}

} // namespace

FixedTime fixedTime(EpochMs time)
{
    const EpochMs clamped = std::clamp(time, FirstTime, LastTime);
    const qint64 days = (clamped >= 0 ? clamped : clamped - (MsPerDay - 1)) / MsPerDay;
    const qint64 ms = clamped - days * MsPerDay;
    const Date date = dateFromDays(days);
    FixedTime out;
    const auto put = [&out](size_t at, size_t width, qint64 value) {
        for (size_t i = width; i-- > 0; value /= 10)
            out[at + i] = static_cast<char>('0' + value % 10);
    };
    put(0, 4, date.year);
    put(5, 2, date.month);
    put(8, 2, date.day);
    put(11, 2, ms / 3'600'000);
    put(14, 2, ms / 60'000 % 60);
    put(17, 2, ms / 1000 % 60);
    put(20, 3, ms % 1000);
    out[4] = out[7] = '-';
    out[10] = 'T';
    out[13] = out[16] = ':';
    out[19] = '.';
    out[23] = 'Z';
    return out;
}

std::optional<EpochMs> parseTime(std::string_view text)
{
    return parse(text, false);
}

std::optional<EpochMs> parseTimePrefix(std::string_view text)
{
    return parse(text, true);
}

int compareTimes(std::string_view left, std::string_view right)
{
    return isFixed(left) && isFixed(right) ? left.compare(right) : normalized(left).compare(normalized(right));
}

std::optional<qint64> parseDuration(std::string_view text)
{
    qint64 count = 0;
    const char *end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, count);
    if (error != std::errc() || count < 0)
        return std::nullopt;
    struct Unit {
        std::string_view name;
        qint64 ms;
    };
    constexpr std::array<Unit, 6> units = {{{"ms", 1}, {"s", 1000}, {"m", 60'000}, {"h", 3'600'000}, {"d", MsPerDay}, {"w", 7 * MsPerDay}}};
    const std::string_view name(stop, static_cast<size_t>(end - stop));
    const auto unit = std::find_if(units.cbegin(), units.cend(), [name](const Unit &candidate) { return candidate.name == name; });
    if (unit == units.cend() || count > LastTime / unit->ms)
        return std::nullopt;
    return count * unit->ms;
}

} // namespace connectors::query
