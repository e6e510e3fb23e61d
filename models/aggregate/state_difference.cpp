// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/aggregate/state_difference.h"

#include "connectors/exact_number.h"
#include "connectors/json_text.h"

#include <string>
#include <unordered_map>

namespace models::aggregate {

namespace json = connectors::json;
using json::Kind;

namespace {

QByteArray bytesOf(std::string_view text)
{
    const std::string minified = json::minified(text);
    return QByteArray(minified.data(), static_cast<qsizetype>(minified.size()));
}

std::string plainName(std::string_view name)
{
    return json::hasEscape(name) ? json::unquoted('"' + std::string(name) + '"') : std::string(name);
}

/// Of two that are neither objects nor arrays of the same kind.
bool isSameScalar(std::string_view before, std::string_view after)
{
    const Kind kind = json::kindOf(before);
    if (kind != json::kindOf(after))
        return false;
    if (kind == Kind::Number) {
        const auto left = connectors::canonicalNumber(before);
        const auto right = connectors::canonicalNumber(after);
        return left && right ? *left == *right : before == after;
    }
    if (kind == Kind::String && (json::hasEscape(before) || json::hasEscape(after)))
        return json::unquoted(before) == json::unquoted(after);
    return before == after;
}

/// Goes as deep as the texts, json::MaxDepth at most.
class Comparison final
{
public:
    explicit Comparison(size_t most) : m_most(most) { }

    void compare(const QString &pointer, std::string_view before, std::string_view after)
    {
        if (before == after || m_found.isCut)
            return;
        const Kind kind = json::kindOf(before);
        if (kind == Kind::Object && json::kindOf(after) == Kind::Object)
            compareMembers(pointer, before, after);
        else if (kind == Kind::Array && json::kindOf(after) == Kind::Array)
            compareElements(pointer, before, after);
        else if (!isSameScalar(before, after))
            add({ChangeKind::Changed, pointer, bytesOf(before), bytesOf(after)});
    }

    void add(StateChange change)
    {
        m_found.isCut = m_found.isCut || m_found.changes.size() >= m_most;
        if (!m_found.isCut)
            m_found.changes.push_back(std::move(change));
    }

    [[nodiscard]] StateDifference take() { return std::move(m_found); }

private:
    struct Named {
        std::string name;
        std::string_view value;
    };
    /// The first of duplicate names counts, as everywhere.
    static std::vector<Named> membersOf(std::string_view object, std::unordered_map<std::string, std::string_view> *byName)
    {
        std::vector<Named> members;
        json::forEachMember(object, [&](const json::Member &member) {
            std::string name = plainName(member.name);
            if (byName->emplace(name, member.value).second)
                members.push_back({std::move(name), member.value});
            return true;
        });
        return members;
    }

    void compareMembers(const QString &pointer, std::string_view before, std::string_view after)
    {
        std::unordered_map<std::string, std::string_view> old;
        std::unordered_map<std::string, std::string_view> now;
        const std::vector<Named> oldMembers = membersOf(before, &old);
        const std::vector<Named> nowMembers = membersOf(after, &now);
        for (const Named &member : oldMembers) {
            const QString there = pointerBelow(pointer, QString::fromStdString(member.name));
            if (const auto found = now.find(member.name); found != now.end())
                compare(there, member.value, found->second);
            else
                add({ChangeKind::Removed, there, bytesOf(member.value), {}});
        }
        for (const Named &member : nowMembers)
            if (!old.contains(member.name))
                add({ChangeKind::Added, pointerBelow(pointer, QString::fromStdString(member.name)), {}, bytesOf(member.value)});
    }

    void compareElements(const QString &pointer, std::string_view before, std::string_view after)
    {
        const auto elementsOf = [](std::string_view array) {
            std::vector<std::string_view> elements;
            json::forEachElement(array, [&elements](std::string_view element) { return elements.push_back(element), true; });
            return elements;
        };
        const std::vector<std::string_view> old = elementsOf(before);
        const std::vector<std::string_view> now = elementsOf(after);
        for (size_t i = 0; i < std::max(old.size(), now.size()) && !m_found.isCut; ++i) {
            const QString there = pointerBelow(pointer, QString::number(i));
            if (i >= now.size())
                add({ChangeKind::Removed, there, bytesOf(old[i]), {}});
            else if (i >= old.size())
                add({ChangeKind::Added, there, {}, bytesOf(now[i])});
            else
                compare(there, old[i], now[i]);
        }
    }

    const size_t m_most;
    StateDifference m_found;
};

} // namespace

QString pointerBelow(const QString &pointer, const QString &name)
{
    return pointer + u'/' + QString(name).replace(u'~', QStringLiteral("~0")).replace(u'/', QStringLiteral("~1"));
}

StateDifference differenceOf(std::string_view before, std::string_view after, size_t most)
{
    Comparison comparison(most);
    if (before.empty() && json::kindOf(after) == Kind::Object)
        before = "{}"; // what an object adds to nothing are its members
    if (after.empty() && before.empty())
        return {};
    if (before.empty())
        comparison.add({ChangeKind::Added, {}, {}, bytesOf(after)});
    else if (after.empty())
        comparison.add({ChangeKind::Removed, {}, bytesOf(before), {}});
    else
        comparison.compare({}, before, after);
    return comparison.take();
}

} // namespace models::aggregate
