// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractScrollArea>

namespace ui::event {

/// Bytes as offset, hexadecimal and characters, 16 a line. Only the lines in sight are painted, so that 100 MB cost
/// nothing. By keyboard: ↑ ↓ Page and Home/End move, Shift selects, Ctrl+C copies the selected lines, Ctrl+A selects all.
class HexView final : public QAbstractScrollArea
{
    Q_OBJECT

public:
    static constexpr int BytesPerLine = 16;

    explicit HexView(QWidget *parent = nullptr);

    void setBytes(const QByteArray &bytes);
    [[nodiscard]] const QByteArray &bytes() const { return m_bytes; }
    /// One line as it is painted: "00000010  7b 22 …  {"…".
    [[nodiscard]] QString line(qint64 number) const;
    [[nodiscard]] qint64 lineCount() const { return (m_bytes.size() + BytesPerLine - 1) / BytesPerLine; }
    /// The selected lines; at most 10,000 of them.
    [[nodiscard]] QString selectedText() const;

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;

private:
    void updateScrollBars();
    void moveTo(qint64 line, bool isSelecting);
    [[nodiscard]] int lineHeight() const;
    [[nodiscard]] qint64 lineAt(const QPoint &position) const;
    [[nodiscard]] int linesInSight() const;

    QByteArray m_bytes;
    qint64 m_anchor = 0;
    qint64 m_current = 0;
};

} // namespace ui::event
