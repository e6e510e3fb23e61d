// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/event/hex_view.h"

#include "ui/theme/theme.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QKeyEvent>
#include <QPainter>
#include <QScrollBar>

#include <algorithm>

namespace ui::event {

namespace {

constexpr qint64 MaximumCopiedLines = 10'000;

} // namespace

HexView::HexView(QWidget *parent)
    : QAbstractScrollArea(parent)
{
    setObjectName(QStringLiteral("event-hex"));
    setAccessibleName(tr("Bytes of the body"));
    setFocusPolicy(Qt::StrongFocus);
    setFont(theme::monospaceFont());
    viewport()->setFont(font());
}

void HexView::setBytes(const QByteArray &bytes, qint64 offset)
{
    m_bytes = bytes;
    m_offset = offset;
    m_anchor = 0;
    m_current = 0;
    verticalScrollBar()->setValue(0);
    updateScrollBars();
    viewport()->update();
}

QString HexView::line(qint64 number) const
{
    static constexpr char Digits[] = "0123456789abcdef";
    const qsizetype begin = number * m_bytesPerLine;
    const qsizetype count = std::min<qsizetype>(m_bytesPerLine, m_bytes.size() - begin);
    QString hex;
    QString characters;
    for (qsizetype i = 0; i < m_bytesPerLine; ++i) {
        if (i == m_bytesPerLine / 2)
            hex += u' ';
        if (i >= count) {
            hex += QStringLiteral("   ");
            continue;
        }
        const auto byte = static_cast<unsigned char>(m_bytes[begin + i]);
        hex += QLatin1Char(Digits[byte >> 4U]);
        hex += QLatin1Char(Digits[byte & 15U]);
        hex += u' ';
        characters += byte >= 0x20 && byte < 0x7f ? QLatin1Char(static_cast<char>(byte)) : QLatin1Char('.');
    }
    return QStringLiteral("%1  %2 %3").arg(m_offset + begin, 8, 16, QLatin1Char('0')).arg(hex, characters);
}

QString HexView::selectedText() const
{
    const qint64 first = std::min(m_anchor, m_current);
    const qint64 last = std::min({std::max(m_anchor, m_current), lineCount() - 1, first + MaximumCopiedLines - 1});
    QString text;
    for (qint64 number = first; number <= last; ++number)
        text += line(number) + u'\n';
    return text;
}

void HexView::paintEvent(QPaintEvent *)
{
    QPainter painter(viewport());
    painter.setFont(font());
    const qint64 top = verticalScrollBar()->value();
    const qint64 last = std::min(lineCount(), top + linesInSight() + 1);
    const int x = theme::Spacing - horizontalScrollBar()->value();
    for (qint64 number = top; number < last; ++number) {
        const int y = static_cast<int>(number - top) * lineHeight();
        const bool isSelected = hasFocus() && number >= std::min(m_anchor, m_current) && number <= std::max(m_anchor, m_current);
        if (isSelected)
            painter.fillRect(0, y, viewport()->width(), lineHeight(), palette().highlight());
        painter.setPen(palette().color(isSelected ? QPalette::HighlightedText : QPalette::Text));
        painter.drawText(x, y + fontMetrics().ascent() + 1, line(number));
    }
}

void HexView::resizeEvent(QResizeEvent *event)
{
    QAbstractScrollArea::resizeEvent(event);
    fitLines();
    updateScrollBars();
}

/// As many bytes as have room with their characters; what was at the top stays there.
void HexView::fitLines()
{
    int fitting = 16;
    while (fitting > 4 && lineWidth(fitting) > viewport()->width())
        fitting /= 2;
    if (fitting == m_bytesPerLine)
        return;
    const auto moved = [before = m_bytesPerLine, fitting](qint64 line) { return line * before / fitting; };
    const qint64 top = moved(verticalScrollBar()->value());
    m_anchor = moved(m_anchor);
    m_current = moved(m_current);
    m_bytesPerLine = fitting;
    updateScrollBars();
    verticalScrollBar()->setValue(static_cast<int>(top));
    viewport()->update();
}

int HexView::lineWidth(int bytes) const
{
    return fontMetrics().horizontalAdvance(u'0') * (8 + 2 + bytes * 3 + 2 + bytes) + 2 * theme::Spacing;
}

void HexView::keyPressEvent(QKeyEvent *event)
{
    if (event->matches(QKeySequence::Copy))
        return QGuiApplication::clipboard()->setText(selectedText());
    if (event->matches(QKeySequence::SelectAll)) {
        m_anchor = 0;
        return moveTo(lineCount() - 1, true);
    }
    const bool isSelecting = event->modifiers().testFlag(Qt::ShiftModifier);
    switch (event->key()) {
    case Qt::Key_Up: return moveTo(m_current - 1, isSelecting);
    case Qt::Key_Down: return moveTo(m_current + 1, isSelecting);
    case Qt::Key_PageUp: return moveTo(m_current - linesInSight(), isSelecting);
    case Qt::Key_PageDown: return moveTo(m_current + linesInSight(), isSelecting);
    case Qt::Key_Home: return moveTo(0, isSelecting);
    case Qt::Key_End: return moveTo(lineCount() - 1, isSelecting);
    default: QAbstractScrollArea::keyPressEvent(event);
    }
}

void HexView::mousePressEvent(QMouseEvent *event)
{
    moveTo(lineAt(event->pos()), event->modifiers().testFlag(Qt::ShiftModifier));
}

void HexView::mouseMoveEvent(QMouseEvent *event)
{
    moveTo(lineAt(event->pos()), true);
}

void HexView::moveTo(qint64 line, bool isSelecting)
{
    m_current = std::clamp<qint64>(line, 0, std::max<qint64>(0, lineCount() - 1));
    if (!isSelecting)
        m_anchor = m_current;
    const int top = verticalScrollBar()->value();
    if (m_current < top)
        verticalScrollBar()->setValue(static_cast<int>(m_current));
    else if (m_current >= top + linesInSight())
        verticalScrollBar()->setValue(static_cast<int>(m_current) - linesInSight() + 1);
    viewport()->update();
}

void HexView::updateScrollBars()
{
    verticalScrollBar()->setRange(0, static_cast<int>(std::max<qint64>(0, lineCount() - linesInSight())));
    verticalScrollBar()->setPageStep(linesInSight());
    horizontalScrollBar()->setRange(0, std::max(0, lineWidth(m_bytesPerLine) - viewport()->width()));
    horizontalScrollBar()->setPageStep(viewport()->width());
}

int HexView::lineHeight() const
{
    return fontMetrics().height() + 2;
}

qint64 HexView::lineAt(const QPoint &position) const
{
    return verticalScrollBar()->value() + std::max(0, position.y()) / lineHeight();
}

int HexView::linesInSight() const
{
    return std::max(1, viewport()->height() / lineHeight());
}

} // namespace ui::event
