// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/json_text.h"

#include <QtGlobal>

#include <memory>
#include <string>
#include <unordered_map>

namespace connectors::query {

using JsonPath = std::vector<json::Step>;

/// SQLite's `$.name."quoted name"[2][#-1]`. Null where it is malformed.
[[nodiscard]] std::optional<JsonPath> parseJsonPath(std::string_view path);
/// The right side of `->` where it is a number: from the end where it is negative.
[[nodiscard]] JsonPath elementPath(long long index);
/// The right side of `->` where it is no path: the member of just this name.
[[nodiscard]] JsonPath memberPath(std::string_view name);

/// One path or pointer of a condition, parsed once, and what came of it so far. Counts are events with a JSON body.
struct PathUse {
    std::string text; ///< as written
    JsonPath steps;
    qint64 lookedUp = 0;
    qint64 found = 0;
    qint64 texts = 0; ///< of these found: strings
};

enum class PathSyntax { Pointer, SqlitePath, Operand };

/// The paths of one condition. Entries stay where they are. What a condition computes anew for each event is not kept once
/// there are many.
class PathUses final
{
public:
    /// Null where the path is malformed. Operand: what stands after `->`, a path or a name.
    [[nodiscard]] PathUse *use(PathSyntax syntax, std::string_view text);
    /// False: the next use() may put another path in its place.
    [[nodiscard]] bool isKept(const PathUse *use) const { return use != &m_passing; }
    [[nodiscard]] const PathUse *find(PathSyntax syntax, std::string_view text) const;
    template<typename Visitor>
    void forEach(Visitor visit) const
    {
        for (const auto &[key, use] : m_uses)
            visit(*use);
    }

private:
    std::unordered_map<std::string, std::unique_ptr<PathUse>> m_uses;
    PathUse m_passing;
};

} // namespace connectors::query
