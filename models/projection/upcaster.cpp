// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/projection/upcaster.h"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace models::projection {

namespace json = connectors::json;
using Path = std::span<const json::Step>;

namespace {

bool isNamed(const json::Member &member, const std::string &name)
{
    return json::hasEscape(member.name) ? json::unquoted('"' + std::string(member.name) + '"') == name : member.name == name;
}

/// The object with each member replaced by what `change` gives; null: it is left away.
template<typename Change>
std::string rebuilt(std::string_view object, Change change, const std::string &added = {})
{
    std::string text = "{";
    const auto append = [&text](const std::string &member) {
        if (!member.empty())
            text.append(text.size() > 1 ? "," : "").append(member);
    };
    json::forEachMember(object, [&](const json::Member &member) {
        if (const std::optional<std::string> value = change(member))
            append('"' + std::string(member.name) + "\":" + *value);
        return true;
    });
    append(added);
    return text + '}';
}

/// {"b":{"c":JSON}} of the path b, c.
std::string nested(Path path, std::string_view json)
{
    std::string open;
    for (const json::Step &step : path)
        open.append("{").append(nlohmann::json(step.name).dump()).append(":");
    return open.append(json).append(path.size(), '}');
}

std::string renamed(const std::string &content, const std::pair<std::string, std::string> &rename)
{
    const auto from = json::parsePointer(rename.first);
    const auto to = json::parsePointer(rename.second);
    const auto value = json::find(content, *from);
    return value ? withMember(withoutMember(content, *from), *to, std::string(*value)) : content;
}

} // namespace

std::string withoutMember(std::string_view object, Path path)
{
    if (path.empty() || json::kindOf(object) != json::Kind::Object || !json::find(object, {path.begin(), path.end()}))
        return std::string(object);
    return rebuilt(object, [path](const json::Member &member) -> std::optional<std::string> {
        if (!isNamed(member, path.front().name))
            return std::string(member.value);
        return path.size() == 1 ? std::nullopt : std::optional(withoutMember(member.value, path.subspan(1)));
    });
}

std::string withMember(std::string_view object, Path path, std::string_view json)
{
    if (path.empty() || json::kindOf(object) != json::Kind::Object)
        return std::string(object);
    bool isThere = false;
    json::forEachMember(object, [&](const json::Member &member) {
        isThere = isNamed(member, path.front().name);
        return !isThere;
    });
    std::string added;
    if (!isThere) {
        added = nested(path, json);
        added = added.substr(1, added.size() - 2); // as a member
    }
    return rebuilt(object, [path, json](const json::Member &member) -> std::optional<std::string> {
        if (!isNamed(member, path.front().name))
            return std::string(member.value);
        return path.size() == 1 ? std::string(json) : withMember(member.value, path.subspan(1), json);
    }, added);
}

Upcaster::Upcaster(const ProjectionFile &file)
    : m_file(file)
{
}

const std::vector<Upcast> *Upcaster::stepsOf(const QString &eventType) const
{
    const auto found = m_file.upcasts.find(eventType);
    return found == m_file.upcasts.end() || found->second.empty() ? nullptr : &found->second;
}

bool Upcaster::isNewest(const QString &eventType, qint64 version) const
{
    const std::vector<Upcast> *steps = stepsOf(eventType);
    return !steps || std::max<qint64>(version, 1) >= steps->back().to;
}

std::optional<std::string> Upcaster::upcast(const QString &eventType, qint64 version, std::string_view content) const
{
    std::string text(content);
    qint64 reached = std::max<qint64>(version, 1);
    while (!isNewest(eventType, reached)) {
        const std::vector<Upcast> &steps = *stepsOf(eventType);
        const auto step = std::find_if(steps.cbegin(), steps.cend(), [reached](const Upcast &each) { return each.from == reached; });
        if (step == steps.cend())
            return std::nullopt;
        for (const auto &rename : step->renames)
            text = renamed(text, rename);
        for (const auto &[pointer, value] : step->defaults) {
            const auto path = json::parsePointer(pointer);
            if (!json::find(text, *path))
                text = withMember(text, *path, value);
        }
        reached = step->to;
    }
    return text;
}

} // namespace models::projection
