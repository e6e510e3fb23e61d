// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/query/json_path.h"

#include <charconv>

namespace connectors::query {

namespace {

constexpr size_t KeptPaths = 1000;

json::Step elementStep(long long index)
{
    return {"\xff", index}; // no member has this name: a valid body is valid UTF-8
}

/// `[2]`, `[#-1]`, from after the bracket; leaves `at` after the closing one.
std::optional<json::Step> readElement(std::string_view path, size_t *at)
{
    const size_t close = path.find(']', *at);
    if (close == std::string_view::npos)
        return std::nullopt;
    std::string_view inner = path.substr(*at, close - *at);
    *at = close + 1;
    const bool isFromEnd = inner.substr(0, 2) == "#-";
    if (isFromEnd)
        inner.remove_prefix(2);
    long long index = 0;
    const auto [stop, error] = std::from_chars(inner.data(), inner.data() + inner.size(), index);
    if (error != std::errc() || stop != inner.data() + inner.size() || index < 0 || (isFromEnd && index == 0))
        return std::nullopt;
    return elementStep(isFromEnd ? -index : index);
}

std::optional<json::Step> readMember(std::string_view path, size_t *at)
{
    const bool isQuoted = *at < path.size() && path[*at] == '"';
    const size_t begin = isQuoted ? *at + 1 : *at;
    const size_t end = isQuoted ? path.find('"', begin) : std::min(path.find_first_of(".[", begin), path.size());
    if (end == std::string_view::npos || (!isQuoted && end == begin))
        return std::nullopt;
    *at = isQuoted ? end + 1 : end;
    return json::Step{std::string(path.substr(begin, end - begin)), std::nullopt};
}

std::optional<JsonPath> parse(PathSyntax syntax, std::string_view text)
{
    switch (syntax) {
    case PathSyntax::Pointer: return json::parsePointer(text);
    case PathSyntax::SqlitePath: return parseJsonPath(text);
    case PathSyntax::Operand: return !text.empty() && text.front() == '$' ? parseJsonPath(text) : memberPath(text);
    }
    return std::nullopt;
}

std::string keyOf(PathSyntax syntax, std::string_view text)
{
    // An operand that is a path and the same path elsewhere are one use.
    const bool isPointer = syntax == PathSyntax::Pointer;
    return (isPointer ? 'p' : syntax == PathSyntax::Operand && !text.starts_with('$') ? 'm' : '$') + std::string(text);
}

} // namespace

std::optional<JsonPath> parseJsonPath(std::string_view path)
{
    if (path.empty() || path.front() != '$')
        return std::nullopt;
    JsonPath steps;
    for (size_t at = 1; at < path.size();) {
        const char kind = path[at++];
        const auto step = kind == '.' ? readMember(path, &at) : kind == '[' ? readElement(path, &at) : std::nullopt;
        if (!step)
            return std::nullopt;
        steps.push_back(*step);
    }
    return steps;
}

JsonPath elementPath(long long index)
{
    return {elementStep(index)};
}

JsonPath memberPath(std::string_view name)
{
    return {json::Step{std::string(name), std::nullopt}};
}

PathUse *PathUses::use(PathSyntax syntax, std::string_view text)
{
    std::string key = keyOf(syntax, text);
    if (const auto known = m_uses.find(key); known != m_uses.end())
        return known->second.get();
    auto steps = parse(syntax, text);
    if (!steps)
        return nullptr;
    PathUse use{std::string(text), std::move(*steps), 0, 0, 0};
    if (m_uses.size() >= KeptPaths) {
        m_passing = std::move(use);
        return &m_passing;
    }
    return m_uses.emplace(std::move(key), std::make_unique<PathUse>(std::move(use))).first->second.get();
}

const PathUse *PathUses::find(PathSyntax syntax, std::string_view text) const
{
    const auto known = m_uses.find(keyOf(syntax, text));
    return known == m_uses.end() ? nullptr : known->second.get();
}

} // namespace connectors::query
