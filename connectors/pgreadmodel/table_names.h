// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/read_model.h"

#include <QByteArray>

namespace connectors::pgreadmodel {

/// Position of a row that another program has inserted into a rebuilt table: no event of ours has changed it.
inline constexpr qint64 NoEvent = -1;

/// Throws InvalidInput where a table or a column has a name that PostgreSQL would cut (over 63 bytes, without a word) or cannot have.
void requireNames(const std::vector<TableSpec> &tables);

/// The columns' names in their order, with commas.
[[nodiscard]] QByteArray columnList(const TableSpec &table);
[[nodiscard]] QByteArray keyList(const TableSpec &table);

/// As format_type() writes it: text, bigint, numeric, numeric(38,10), boolean.
[[nodiscard]] QByteArray typeOf(const ColumnSpec &column);

/// `"name" type, …`, the position last and with this default; without the key.
[[nodiscard]] QByteArray columnDefinitions(const TableSpec &table);

/// CREATE TABLE of a table beside a live one, under that name, which is quoted already.
[[nodiscard]] QByteArray createTable(const TableSpec &table, const QByteArray &name);

} // namespace connectors::pgreadmodel
