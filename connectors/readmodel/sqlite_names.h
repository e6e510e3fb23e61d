// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/read_model.h"

#include <QByteArray>

namespace connectors::readmodel {

/// For SQL: any text is one name, whatever stands in it.
[[nodiscard]] QByteArray quoted(const QString &name);

/// The columns' names in their order, with commas.
[[nodiscard]] QByteArray columnList(const TableSpec &table);
[[nodiscard]] QByteArray keyList(const TableSpec &table);

/// TEXT, INTEGER; a numeric is TEXT, as SQLite would round it.
[[nodiscard]] QByteArray sqliteTypeOf(const ColumnSpec &column);

/// CREATE TABLE of a table beside a live one, under that name.
[[nodiscard]] QByteArray createTable(const TableSpec &table, const QString &name);

} // namespace connectors::readmodel
