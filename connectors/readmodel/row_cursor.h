// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/read_model.h"

namespace connectors::readmodel {

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

} // namespace connectors::readmodel
