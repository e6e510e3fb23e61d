// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace connectors::json {

/// A JSON value that JSON merge patches (RFC 7396) are put into, one after the other, on the texts: a number stays as it was
/// written, whatever its size, and a member stays where it first stood. At first nothing is there.
///
/// An object is kept as a tree of its members, so that a patch costs what it touches and not what the value holds; anything else
/// is the minified text that it was. As deep as json::MaxDepth at most, which is how deep the calls below go into one another.
class MergedValue final
{
public:
    MergedValue();
    /// `json` must be valid (json::check). Of a name that comes twice the last counts.
    explicit MergedValue(std::string_view json);
    ~MergedValue();
    MergedValue(MergedValue &&other) noexcept;
    MergedValue &operator=(MergedValue &&other) noexcept;

    /// `patch` must be valid. One that is no object takes the place of all that was there.
    void merge(std::string_view patch);
    /// Minified; empty while nothing is there.
    [[nodiscard]] std::string text() const;

private:
    struct Node;
    std::unique_ptr<Node> m_top; ///< null: nothing
};

} // namespace connectors::json
