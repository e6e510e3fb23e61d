// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>
#include <QWidget>

#include <vector>

class QHBoxLayout;

namespace ui::widgets {

struct ChartSeries;

/// One button a line of a chart: its colour, its name, and whether it is shown. What was hidden stays hidden by its name,
/// also while there is no such line.
class ChartLegend final : public QWidget
{
    Q_OBJECT

public:
    explicit ChartLegend(QWidget *parent = nullptr);

    void setSeries(const std::vector<ChartSeries> &series);
    /// The colours of the theme have changed.
    void recolor(const std::vector<ChartSeries> &series);
    [[nodiscard]] bool isShown(const QString &name) const { return !m_hidden.contains(name); }

Q_SIGNALS:
    void shownChanged(); ///< by the user

private:
    void add(const ChartSeries &series);

    QHBoxLayout *m_row;
    QStringList m_names;
    QStringList m_hidden;
};

} // namespace ui::widgets
