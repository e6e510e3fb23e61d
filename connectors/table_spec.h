// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <optional>
#include <vector>

namespace connectors {

enum class ColumnType { Text, BigInt, Numeric, Boolean };

/// Of a `numeric(38,10)`: all digits and those after the point.
struct Precision {
    int digits = 0;
    int fraction = 0;
    bool operator==(const Precision &) const = default;
};

struct ColumnSpec {
    QString name;
    ColumnType type = ColumnType::Text;
    std::optional<Precision> precision; ///< of a Numeric; null: any
};

/// A table of a read model.
struct TableSpec {
    QString name;
    std::vector<ColumnSpec> columns;
    std::vector<size_t> key; ///< of `columns`, in the order of the key
    [[nodiscard]] std::optional<size_t> indexOf(const QString &column) const;
};

} // namespace connectors
