// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/read_model.h"

namespace connectors::tables {

/// The rows of one table in the order of their keys.
class RowCursor
{
public:
    virtual ~RowCursor() = default;
    /// False: there is no further one. May throw.
    [[nodiscard]] virtual bool next() = 0;
    /// One cell a column, in the form of columnTextOf(); valid until next().
    [[nodiscard]] virtual const std::vector<Cell> &row() const = 0;
};

/// A table without rows.
class NoRows final : public RowCursor
{
public:
    [[nodiscard]] bool next() override { return false; }
    [[nodiscard]] const std::vector<Cell> &row() const override { return m_row; }

private:
    std::vector<Cell> m_row;
};

} // namespace connectors::tables
