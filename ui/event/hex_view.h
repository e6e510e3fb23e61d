// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractScrollArea>

namespace ui::event {

/// Bytes as offset, hexadecimal and characters, 16 a line, or 8 or 4 where there is no room for more. Only the lines in sight are painted, so that 100 MB cost
/// nothing. By keyboard: ↑ ↓ Page and Home/End move, Shift selects, Ctrl+C copies the selected lines, Ctrl+A selects all.
class HexView final : public QAbstractScrollArea
{
    Q_OBJECT

public:
    explicit HexView(QWidget *parent = nullptr);

    /// `offset`: of the first of them in the whole body.
    void setBytes(const QByteArray &bytes, qint64 offset = 0);
    [[nodiscard]] const QByteArray &bytes() const { return m_bytes; }
    /// One line as it is painted: "00000010  7b 22 …  {"…".
    [[nodiscard]] QString line(qint64 number) const;
    [[nodiscard]] qint64 lineCount() const { return (m_bytes.size() + m_bytesPerLine - 1) / m_bytesPerLine; }
    [[nodiscard]] int bytesPerLine() const { return m_bytesPerLine; }
    /// The selected lines; at most 10,000 of them.
    [[nodiscard]] QString selectedText() const;

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;

private:
    void fitLines();
    [[nodiscard]] int lineWidth(int bytes) const;
    void updateScrollBars();
    void moveTo(qint64 line, bool isSelecting);
    [[nodiscard]] int lineHeight() const;
    [[nodiscard]] qint64 lineAt(const QPoint &position) const;
    [[nodiscard]] int linesInSight() const;

    QByteArray m_bytes;
    qint64 m_offset = 0;
    int m_bytesPerLine = 16;
    qint64 m_anchor = 0;
    qint64 m_current = 0;
};

} // namespace ui::event
