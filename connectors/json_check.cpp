// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/json_syntax.h"
#include "connectors/json_text.h"

#include <array>
#include <bit>
#include <bitset>
#include <cstdint>
#include <cstring>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace connectors::json {

namespace {

/// Bytes that may stand in a string as they are: everything but control characters, the quote and the backslash.
/// Bytes from 0x80 up are checked as UTF-8 on their own.
constexpr std::array<uint8_t, 256> makePlainTable()
{
    std::array<uint8_t, 256> table{};
    for (size_t c = 0x20; c < 0x80; ++c)
        table[c] = c != '"' && c != '\\';
    return table;
}
constexpr std::array<uint8_t, 256> isPlain = makePlainTable();

/// After the plain characters that begin at `p`. Sixteen or eight at a time: most of a body is the inside of strings.
inline const char *afterPlain(const char *p, const char *end)
{
#if defined(__SSE2__)
    const __m128i firstPlain = _mm_set1_epi8(0x20);
    const __m128i quote = _mm_set1_epi8('"');
    const __m128i backslash = _mm_set1_epi8('\\');
    while (end - p >= 16) {
        const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i *>(p));
        // Signed, so that bytes from 0x80 up are below the first plain one as well.
        const __m128i special = _mm_or_si128(_mm_cmplt_epi8(bytes, firstPlain), _mm_or_si128(_mm_cmpeq_epi8(bytes, quote), _mm_cmpeq_epi8(bytes, backslash)));
        if (const auto mask = static_cast<uint32_t>(_mm_movemask_epi8(special)); mask != 0)
            return p + std::countr_zero(mask);
        p += 16;
    }
#endif
    if constexpr (std::endian::native == std::endian::little) {
        constexpr uint64_t Ones = 0x0101010101010101;
        constexpr uint64_t HighBits = 0x8080808080808080;
        // A borrow can only mark bytes above one that is marked rightly, and only the lowest counts.
        const auto zeroBytes = [](uint64_t bytes) { return (bytes - Ones) & ~bytes; };
        while (end - p >= 8) {
            uint64_t bytes = 0;
            std::memcpy(&bytes, p, sizeof bytes);
            const uint64_t special = (bytes | (bytes - Ones * 0x20) | zeroBytes(bytes ^ (Ones * '"')) | zeroBytes(bytes ^ (Ones * '\\'))) & HighBits;
            if (special != 0)
                return p + std::countr_zero(special) / 8;
            p += 8;
        }
    }
    while (p < end && isPlain[static_cast<uint8_t>(*p)])
        ++p;
    return p;
}

/// Length of the valid UTF-8 sequence of two to four bytes at `p` (RFC 3629); 0 where there is none.
size_t sequenceLength(const char *p, const char *end)
{
    const auto byte = [p, end](int i) { return p + i < end ? static_cast<uint8_t>(p[i]) : uint8_t(0); };
    const auto isTail = [&byte](int i) { return (byte(i) & 0xC0) == 0x80; };
    const uint8_t lead = byte(0);
    if (lead >= 0xC2 && lead <= 0xDF)
        return isTail(1) ? 2 : 0;
    if (lead >= 0xE0 && lead <= 0xEF) {
        const bool isOverlong = lead == 0xE0 && byte(1) < 0xA0;
        const bool isSurrogate = lead == 0xED && byte(1) > 0x9F;
        return isTail(1) && isTail(2) && !isOverlong && !isSurrogate ? 3 : 0;
    }
    if (lead >= 0xF0 && lead <= 0xF4) {
        const bool isOutOfRange = (lead == 0xF0 && byte(1) < 0x90) || (lead == 0xF4 && byte(1) > 0x8F);
        return isTail(1) && isTail(2) && isTail(3) && !isOutOfRange ? 4 : 0;
    }
    return 0;
}

bool isHex(char c)
{
    return isDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/// A checking reader of tokens; every function leaves `p` after what it accepted.
class Reader final
{
public:
    explicit Reader(std::string_view text)
        : p(text.data())
        , end(text.data() + text.size())
    {
    }

    void skipSpace()
    {
        // Between the tokens of most bodies there is none.
        while (p < end && static_cast<uint8_t>(*p) <= ' ' && isSpace(*p))
            ++p;
    }

    bool string() // at the opening quote
    {
        ++p;
        while (p < end) {
            p = afterPlain(p, end);
            if (p == end)
                return false;
            if (*p == '"') {
                ++p;
                return true;
            }
            if (*p == '\\') {
                if (!escape())
                    return false;
                continue;
            }
            const size_t length = sequenceLength(p, end);
            if (length == 0)
                return false;
            p += length;
        }
        return false;
    }

    bool scalar()
    {
        switch (*p) {
        case '"':
            return string();
        case 't':
            return word("true");
        case 'f':
            return word("false");
        case 'n':
            return word("null");
        default:
            return number();
        }
    }

    const char *p;
    const char *end;

private:
    bool escape()
    {
        if (end - p < 2)
            return false;
        const char kind = p[1];
        if (kind == 'u') {
            if (end - p < 6 || !isHex(p[2]) || !isHex(p[3]) || !isHex(p[4]) || !isHex(p[5]))
                return false;
            p += 6;
            return true;
        }
        p += 2;
        return kind == '"' || kind == '\\' || kind == '/' || kind == 'b' || kind == 'f' || kind == 'n' || kind == 'r' || kind == 't';
    }

    bool word(std::string_view expected)
    {
        if (static_cast<size_t>(end - p) < expected.size() || std::string_view(p, expected.size()) != expected)
            return false;
        p += expected.size();
        return true;
    }

    bool digits()
    {
        const char *start = p;
        while (p < end && isDigit(*p))
            ++p;
        return p > start;
    }

    bool number()
    {
        if (p < end && *p == '-')
            ++p;
        if (p < end && *p == '0')
            ++p;
        else if (!digits())
            return false;
        if (p < end && *p == '.') {
            ++p;
            if (!digits())
                return false;
        }
        if (p < end && (*p == 'e' || *p == 'E')) {
            ++p;
            if (p < end && (*p == '+' || *p == '-'))
                ++p;
            return digits();
        }
        return true;
    }
};

/// The state of check(): which containers are open, what may come next.
class Checker final
{
public:
    Checker(std::string_view text, std::vector<Member> *members)
        : m_in(text)
        , m_members(members)
    {
    }

    Verdict run()
    {
        m_in.skipSpace();
        while (true) {
            const Verdict verdict = value();
            if (verdict != Verdict::Valid)
                return verdict;
            if (!closeAndGoOn())
                return Verdict::Invalid;
            if (m_depth == 0) {
                m_in.skipSpace();
                return m_in.p == m_in.end ? Verdict::Valid : Verdict::Invalid;
            }
        }
    }

private:
    /// Reads one value, or opens a container that has content (then goes on with the first value in it).
    Verdict value()
    {
        while (true) {
            if (m_in.p == m_in.end)
                return Verdict::Invalid;
            const char c = *m_in.p;
            if (c != '{' && c != '[')
                return m_in.scalar() ? Verdict::Valid : Verdict::Invalid;
            ++m_in.p;
            m_in.skipSpace();
            if (m_in.p < m_in.end && *m_in.p == (c == '{' ? '}' : ']')) {
                ++m_in.p;
                return m_depth < MaxDepth ? Verdict::Valid : Verdict::TooDeep;
            }
            if (m_depth == MaxDepth)
                return Verdict::TooDeep;
            m_isObject[static_cast<size_t>(m_depth++)] = c == '{';
            if (c == '{' && !name())
                return Verdict::Invalid;
        }
    }

    /// After a value: closes what ends here, and stands before the next value or at depth 0.
    bool closeAndGoOn()
    {
        while (m_depth > 0) {
            const bool isObject = m_isObject[static_cast<size_t>(m_depth - 1)];
            if (m_depth == 1 && isObject && m_members)
                m_members->push_back({m_name, std::string_view(m_value, static_cast<size_t>(m_in.p - m_value))});
            m_in.skipSpace();
            if (m_in.p == m_in.end)
                return false;
            const char c = *m_in.p++;
            if (c == ',') {
                m_in.skipSpace();
                return !isObject || name();
            }
            if (c != (isObject ? '}' : ']'))
                return false;
            --m_depth;
        }
        return true;
    }

    bool name()
    {
        if (m_in.p == m_in.end || *m_in.p != '"')
            return false;
        const char *start = m_in.p + 1;
        if (!m_in.string())
            return false;
        const std::string_view read(start, static_cast<size_t>(m_in.p - start - 1));
        m_in.skipSpace();
        if (m_in.p == m_in.end || *m_in.p != ':')
            return false;
        ++m_in.p;
        m_in.skipSpace();
        if (m_depth == 1) {
            m_name = read;
            m_value = m_in.p;
        }
        return true;
    }

    Reader m_in;
    std::vector<Member> *m_members;
    std::bitset<MaxDepth> m_isObject;
    int m_depth = 0;
    std::string_view m_name;
    const char *m_value = nullptr;
};

} // namespace

Verdict check(std::string_view text, std::vector<Member> *members)
{
    return Checker(text, members).run();
}

bool isUtf8(std::string_view bytes)
{
    const char *end = bytes.data() + bytes.size();
    for (const char *p = bytes.data(); p < end;) {
        const size_t length = static_cast<uint8_t>(*p) < 0x80 ? 1 : sequenceLength(p, end);
        if (length == 0)
            return false;
        p += length;
    }
    return true;
}

} // namespace connectors::json
