// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/result.h"

#include <QByteArray>
#include <QFuture>

class QCustomPlot;

namespace ui::widgets {

struct ChartSeries;

[[nodiscard]] QByteArray chartAsPng(QCustomPlot &plot);
[[nodiscard]] QByteArray chartAsSvg(QCustomPlot &plot);
/// One row a time, one column a series, RFC 3339 UTC; an empty field where a series has no value. Names that a
/// spreadsheet would take for a formula get an apostrophe in front.
[[nodiscard]] QByteArray chartAsCsv(const std::vector<ChartSeries> &series);
/// Writes on another thread, replacing the file only when it is complete.
[[nodiscard]] QFuture<connectors::Result<void>> writeFile(const QString &path, const QByteArray &bytes);

} // namespace ui::widgets
