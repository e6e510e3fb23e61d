// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLabel>

namespace ui::widgets {

/// One line of plain text that takes what room there is: what does not fit ends in "…", and is read whole in the tool tip.
class ElidedLabel final : public QLabel
{
    Q_OBJECT

public:
    explicit ElidedLabel(const QString &objectName, QWidget *parent = nullptr);
    [[nodiscard]] bool isCut() const;
    [[nodiscard]] QString shownText() const; ///< with its "…"

protected:
    bool event(QEvent *event) override;
    void paintEvent(QPaintEvent *event) override;
};

} // namespace ui::widgets
