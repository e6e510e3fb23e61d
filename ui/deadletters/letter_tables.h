// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/deadletter/group_table_model.h"
#include "models/deadletter/letter_table_model.h"
#include "models/deadletter/queue_table_model.h"

class QTableView;

/// The three tables of the page, from the coarse to the fine. The caller owns what they return; the models must outlive it.
namespace ui::deadletters {

/// Names the connections only where there are several.
[[nodiscard]] QTableView *makeQueueTable(models::deadletter::QueueTableModel *model);
[[nodiscard]] QTableView *makeGroupTable(models::deadletter::GroupTableModel *model);
[[nodiscard]] QTableView *makeLetterTable(models::deadletter::LetterTableModel *model);

} // namespace ui::deadletters
