// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtGlobal>

#include <cstddef>

namespace models::trace {

/// Nodes, items and edges are numbered with 32 bits to stay small; vectors are indexed with size_t.
[[nodiscard]] constexpr size_t at(qint32 index)
{
    return static_cast<size_t>(index);
}

} // namespace models::trace
