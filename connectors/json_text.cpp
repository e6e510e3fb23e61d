// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/json_text.h"

#include "connectors/json_string.h"
#include "connectors/json_syntax.h"

#include <algorithm>
#include <charconv>

namespace connectors::json {

namespace {

/// After the string that starts at `from` (at its quote), in a valid text; at the end of one that is cut within the string. Looks for quotes and then whether they are escaped,
/// because that is what the C library does many bytes at a time.
size_t afterString(std::string_view text, size_t from)
{
    size_t quote = text.find('"', from + 1);
    while (quote != std::string_view::npos) {
        size_t backslashes = 0;
        while (text[quote - 1 - backslashes] == '\\')
            ++backslashes;
        if (backslashes % 2 == 0)
            return quote + 1;
        quote = text.find('"', quote + 1);
    }
    return text.size();
}

size_t afterSpace(std::string_view text, size_t at)
{
    while (at < text.size() && isSpace(text[at]))
        ++at;
    return at;
}

/// After the value that starts at `from`, in a valid text.
size_t afterValue(std::string_view text, size_t from)
{
    int depth = 0;
    size_t at = from;
    while (at < text.size()) {
        const char c = text[at];
        if (c == '"') {
            at = afterString(text, at);
        } else if (c == '{' || c == '[') {
            ++depth;
            ++at;
            continue;
        } else if (c == '}' || c == ']') {
            if (depth == 0)
                return at;
            --depth;
            ++at;
        } else if (depth == 0 && (c == ',' || isSpace(c))) {
            return at;
        } else {
            ++at;
            continue;
        }
        if (depth == 0)
            return at;
    }
    return at;
}

bool isNamed(const Member &member, const std::string &name)
{
    return hasEscape(member.name) ? unescaped(member.name) == name : member.name == name;
}

std::optional<std::string_view> elementAt(std::string_view array, long long index)
{
    long long count = 0;
    if (index < 0) {
        forEachElement(array, [&count](std::string_view) { return ++count, true; });
        index += count;
        count = 0;
    }
    std::optional<std::string_view> found;
    forEachElement(array, [&](std::string_view element) {
        if (count++ == index)
            found = element;
        return !found;
    });
    return found;
}

} // namespace

Kind kindOf(std::string_view value)
{
    const size_t at = afterSpace(value, 0);
    switch (at < value.size() ? value[at] : 'n') {
    case '{':
        return Kind::Object;
    case '[':
        return Kind::Array;
    case '"':
        return Kind::String;
    case 't':
    case 'f':
        return Kind::Boolean;
    case 'n':
        return Kind::Null;
    default:
        return Kind::Number;
    }
}

void forEachMember(std::string_view object, const std::function<bool(const Member &)> &visit)
{
    size_t at = afterSpace(object, afterSpace(object, 0) + 1);
    while (at < object.size() && object[at] == '"') {
        const size_t afterName = afterString(object, at);
        const size_t start = afterSpace(object, afterSpace(object, afterName) + 1);
        if (start >= object.size()) // cut before the value
            return;
        const size_t stop = afterValue(object, start);
        if (!visit({object.substr(at + 1, afterName - at - 2), object.substr(start, stop - start)}))
            return;
        at = afterSpace(object, stop);
        if (at < object.size() && object[at] == ',')
            at = afterSpace(object, at + 1);
    }
}

void forEachElement(std::string_view array, const std::function<bool(std::string_view)> &visit)
{
    size_t at = afterSpace(array, afterSpace(array, 0) + 1);
    while (at < array.size() && array[at] != ']') {
        const size_t stop = afterValue(array, at);
        if (!visit(array.substr(at, stop - at)))
            return;
        at = afterSpace(array, stop);
        if (at < array.size() && array[at] == ',')
            at = afterSpace(array, at + 1);
    }
}

std::optional<std::vector<Step>> parsePointer(std::string_view pointer)
{
    std::vector<Step> path;
    if (pointer.empty())
        return path;
    if (pointer.front() != '/')
        return std::nullopt;
    for (size_t at = 0; at < pointer.size();) {
        const size_t next = std::min(pointer.find('/', at + 1), pointer.size());
        Step step;
        for (size_t i = at + 1; i < next; ++i) {
            if (pointer[i] != '~') {
                step.name.push_back(pointer[i]);
                continue;
            }
            if (++i == next || (pointer[i] != '0' && pointer[i] != '1'))
                return std::nullopt;
            step.name.push_back(pointer[i] == '0' ? '~' : '/');
        }
        long long index = 0;
        const auto [stop, error] = std::from_chars(step.name.data(), step.name.data() + step.name.size(), index);
        if (error == std::errc() && stop == step.name.data() + step.name.size() && isDigit(step.name.front()))
            step.index = index;
        path.push_back(std::move(step));
        at = next;
    }
    return path;
}

std::optional<std::string_view> find(std::string_view value, const std::vector<Step> &path)
{
    std::optional<std::string_view> here = value;
    for (const Step &step : path) {
        const Kind kind = kindOf(*here);
        const std::string_view container = *here;
        here.reset();
        if (kind == Kind::Object) {
            forEachMember(container, [&](const Member &member) {
                if (isNamed(member, step.name))
                    here = member.value;
                return !here;
            });
        } else if (kind == Kind::Array && step.index) {
            here = elementAt(container, *step.index);
        }
        if (!here)
            return std::nullopt;
    }
    return here;
}

std::string minified(std::string_view text)
{
    std::string out;
    out.reserve(text.size());
    for (size_t at = 0; at < text.size();) {
        if (text[at] == '"') {
            const size_t stop = afterString(text, at);
            out.append(text.substr(at, stop - at));
            at = stop;
        } else {
            if (!isSpace(text[at]))
                out.push_back(text[at]);
            ++at;
        }
    }
    return out;
}

} // namespace connectors::json
