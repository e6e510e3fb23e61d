// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/read_model.h"

#include <QByteArray>

namespace connectors::readmodel {

/// For SQL: any text is one name, whatever stands in it.
[[nodiscard]] QByteArray quoted(const QString &name);

/// Of tables and columns: two names that are equal so are one to SQLite, which makes no difference between a and A, but between ä and Ä.
[[nodiscard]] QString foldedName(QString name);

/// The columns' names in their order, with commas.
[[nodiscard]] QByteArray columnList(const TableSpec &table);
[[nodiscard]] QByteArray keyList(const TableSpec &table);

/// TEXT, INTEGER; a numeric is TEXT, as SQLite would round it.
[[nodiscard]] QByteArray sqliteTypeOf(const ColumnSpec &column);

/// CREATE TABLE of a table beside a live one, under that name.
[[nodiscard]] QByteArray createTable(const TableSpec &table, const QString &name);

} // namespace connectors::readmodel
