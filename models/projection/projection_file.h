// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/json_text.h"
#include "connectors/result.h"
#include "connectors/table_spec.h"

#include <QStringList>

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace models::projection {

/// Where a value comes from.
struct ValueSource {
    enum class Kind { Literal, Envelope, Content, Element }; ///< Element: of the array that the rule is applied to
    Kind kind = Kind::Literal;
    std::optional<std::string> literal;           ///< as a column of that type has it; null: no value
    std::vector<connectors::json::Step> path;     ///< a field of the envelope; or into the event's content, or the element
    QString pointer;                              ///< as it was written
};

struct Assignment {
    size_t column = 0;
    ValueSource value;
};

/// What an event does to the rows of one table.
struct Rule {
    enum class Action { Upsert, Update, Delete };
    Action action = Action::Upsert;
    size_t table = 0;
    std::optional<ValueSource> each;  ///< once for each element of this array
    std::vector<Assignment> key;      ///< one a key column, in the order of the key
    std::vector<Assignment> set;      ///< the others
    std::vector<Assignment> add;      ///< numbers that are added to what is there
};

/// One step of an event type from one schema version to a later one. Pointers are into the event's content.
struct Upcast {
    int from = 1;
    int to = 2;
    std::vector<std::pair<std::string, std::string>> renames;
    std::vector<std::pair<std::string, std::string>> defaults; ///< pointer, JSON
};

/// What each event type does to a row.
struct ProjectionFile {
    QString name;
    int version = 1;
    QStringList streams; ///< names, or patterns with *
    std::vector<connectors::TableSpec> tables;
    std::map<QString, std::vector<Upcast>> upcasts; ///< by event type, ascending
    std::map<std::string, std::vector<Rule>, std::less<>> rules; ///< by event type
    /// Instead of rules: a program and its arguments that turns events into rows of the one table; see HandlerProcess.
    QStringList handler;
};

/// The format is that of README.md, “Projection files”. InvalidInput names every mistake (at most twenty) by file, line and JSON Pointer, a line each.
[[nodiscard]] connectors::Result<ProjectionFile> parseProjection(const QByteArray &text, const QString &fileName);

} // namespace models::projection
