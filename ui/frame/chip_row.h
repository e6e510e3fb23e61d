// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include <vector>

class QToolButton;

namespace ui::frame {

/// Chips side by side, as many as there is room for; the others are in the menu of a button that counts them. So the row asks for
/// little room of its own and never makes the window wide.
class ChipRow final : public QWidget
{
    Q_OBJECT

public:
    explicit ChipRow(QWidget *parent = nullptr);
    ~ChipRow() override;

    /// Owns the chip, which has a menu; one that is deleted leaves the row by itself.
    void add(QToolButton *chip);
    /// One that is in trouble is told also where it has no room.
    void setInTrouble(const QToolButton *chip, bool isInTrouble);
    [[nodiscard]] int hiddenCount() const { return m_hiddenCount; }

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    bool event(QEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    void arrange();
    void remove(const QObject *chip);
    void fillMenu();

    std::vector<QToolButton *> m_chips; ///< in the order of opening
    std::vector<const QToolButton *> m_inTrouble;
    QToolButton *m_more;
    int m_hiddenCount = 0;
};

} // namespace ui::frame
