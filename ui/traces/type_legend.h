// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/trace/trace.h"

#include <QWidget>

namespace ui::traces {

/// Which colour is which event type, the most frequent first, in one line; what does not fit is counted and named in the tool tip.
class TypeLegend final : public QWidget
{
    Q_OBJECT

public:
    explicit TypeLegend(QWidget *parent = nullptr);
    void setTrace(const models::trace::Trace *trace);
    [[nodiscard]] const std::vector<std::pair<QString, qint64>> &types() const { return m_types; }
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    std::vector<std::pair<QString, qint64>> m_types; ///< with how many events
};

} // namespace ui::traces
