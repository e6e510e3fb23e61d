// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

class QTableWidget;
class QTableWidgetItem;
class QWidget;

namespace ui::event {

/// A table of fields and their values as the event panel shows them: one row at a time, read only, with a context menu.
[[nodiscard]] QTableWidget *makeFieldTable(const QString &objectName, const QString &accessibleName, const QStringList &titles, QWidget *parent);
/// `words` must be safe to show; `tip` may be anything.
[[nodiscard]] QTableWidgetItem *makeFieldItem(const QString &words, const QString &tip, bool isMuted = false);

} // namespace ui::event
