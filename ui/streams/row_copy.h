// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/event/event_table_model.h"

namespace ui::streams {

/// Rows as tab-separated lines for the clipboard, whole values as they are exported: times in UTC, positions as "3:1204".
struct CopiedRows {
    QString text;
    qint64 rows = 0;
    qint64 unread = 0; ///< cells that are empty since their event's body is not at hand
};

/// At most `most` rows, from the top; asks the system for nothing.
[[nodiscard]] CopiedRows copyRows(const models::event::EventTableModel &model, const std::vector<models::event::RowSpan> &spans,
                                  const std::vector<models::event::EventColumn> &columns, qint64 most);

} // namespace ui::streams
