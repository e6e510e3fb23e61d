// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/read_model.h"

namespace connectors::tables {

/// What a rebuild's record keeps of its checkpoint, in every database.
[[nodiscard]] QByteArray toJson(const RebuildCheckpoint &checkpoint);
/// Unreadable where it is nothing of the kind.
[[nodiscard]] Result<RebuildCheckpoint> checkpointFromJson(const QByteArray &text);

[[nodiscard]] QByteArray toJson(const std::vector<QString> &tables);
[[nodiscard]] std::vector<QString> tablesFromJson(const QByteArray &text);

/// As it is stored, and back; null: an unknown word.
[[nodiscard]] QString wordOf(RebuildState state);
[[nodiscard]] std::optional<RebuildState> stateFrom(const QString &word);

} // namespace connectors::tables
