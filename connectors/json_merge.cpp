// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/json_merge.h"

#include "connectors/json_text.h"

#include <vector>

namespace connectors::json {

struct MergedValue::Node {
    struct Part {
        std::string name; ///< between the quotes, as it was first written
        std::unique_ptr<Node> value;
    };
    bool isObject = false;
    std::string text;        ///< of what is no object
    std::vector<Part> parts; ///< of an object
    size_t hint = 0;         ///< where the member after the last one found is: patches often name them in the same order

    /// The value as it is, nulls too.
    static std::unique_ptr<Node> of(std::string_view value);
    void merge(std::string_view patch);
    void write(std::string &out) const;

private:
    /// The place of the member; parts.size(): there is none.
    size_t placeOf(std::string_view name);
    void set(std::string_view name, std::unique_ptr<Node> value);
};

namespace {

bool isSameName(std::string_view left, std::string_view right)
{
    if (left == right)
        return true;
    if (!hasEscape(left) && !hasEscape(right))
        return false;
    const auto plain = [](std::string_view name) { return unquoted('"' + std::string(name) + '"'); };
    return plain(left) == plain(right);
}

} // namespace

size_t MergedValue::Node::placeOf(std::string_view name)
{
    for (size_t i = 0; i < parts.size(); ++i) {
        const size_t place = (hint + i) % parts.size();
        if (isSameName(parts[place].name, name)) {
            hint = place + 1;
            return place;
        }
    }
    return parts.size();
}

void MergedValue::Node::set(std::string_view name, std::unique_ptr<Node> value)
{
    const size_t place = placeOf(name);
    if (place < parts.size())
        parts[place].value = std::move(value);
    else
        parts.push_back({std::string(name), std::move(value)});
}

std::unique_ptr<MergedValue::Node> MergedValue::Node::of(std::string_view value)
{
    auto node = std::make_unique<Node>();
    node->isObject = kindOf(value) == Kind::Object;
    if (!node->isObject) {
        node->text = minified(value);
        return node;
    }
    forEachMember(value, [&node](const Member &member) {
        node->set(member.name, of(member.value));
        return true;
    });
    return node;
}

void MergedValue::Node::merge(std::string_view patch)
{
    isObject = kindOf(patch) == Kind::Object;
    if (!isObject) {
        parts.clear();
        text = minified(patch);
        return;
    }
    text.clear();
    forEachMember(patch, [this](const Member &member) {
        const size_t place = placeOf(member.name);
        const bool isThere = place < parts.size();
        if (kindOf(member.value) == Kind::Null) {
            if (isThere)
                parts.erase(parts.begin() + static_cast<std::ptrdiff_t>(place));
            return true;
        }
        if (!isThere)
            parts.push_back({std::string(member.name), std::make_unique<Node>()});
        parts[place].value->merge(member.value);
        return true;
    });
}

void MergedValue::Node::write(std::string &out) const
{
    if (!isObject) {
        out += text;
        return;
    }
    char before = '{';
    for (const Part &part : parts) {
        out.append(1, before).append("\"").append(part.name).append("\":");
        part.value->write(out);
        before = ',';
    }
    out += parts.empty() ? "{}" : "}";
}

MergedValue::MergedValue() = default;
MergedValue::MergedValue(std::string_view json) : m_top(Node::of(json)) { }
MergedValue::~MergedValue() = default;
MergedValue::MergedValue(MergedValue &&other) noexcept = default;
MergedValue &MergedValue::operator=(MergedValue &&other) noexcept = default;

void MergedValue::merge(std::string_view patch)
{
    if (!m_top)
        m_top = std::make_unique<Node>();
    m_top->merge(patch);
}

std::string MergedValue::text() const
{
    std::string out;
    if (m_top)
        m_top->write(out);
    return out;
}

} // namespace connectors::json
