// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/streams/cell_text.h"

#include <algorithm>

namespace ui::streams {

namespace {

constexpr QChar Ellipsis(0x2026);
constexpr QChar Dash(0x2013); // for what is missing; it stands alone

/// Of these alone the widths are known.
bool isMeasured(const QString &text)
{
    return std::all_of(text.cbegin(), text.cend(), [](QChar c) { return c.unicode() < 128 || c == Ellipsis || c == Dash; });
}

} // namespace

CellText::CellText(const QFont &font)
    : m_font(font)
    , m_metrics(font)
    , m_ellipsis(m_metrics.horizontalAdvance(Ellipsis))
{
    for (size_t code = 0; code < m_advances.size(); ++code)
        m_advances[code] = m_metrics.horizontalAdvance(QChar(static_cast<char16_t>(code)));
}

qreal CellText::advance(QChar character) const
{
    return character.unicode() < 128 ? m_advances[character.unicode()] : m_ellipsis;
}

CellText::Fitted CellText::fitted(const QString &text, qreal available) const
{
    if (!isMeasured(text)) {
        const QString cut = m_metrics.elidedText(text, Qt::ElideRight, available);
        return {cut, m_metrics.horizontalAdvance(cut)};
    }
    qreal width = 0;
    qreal cutWidth = 0; ///< of what still leaves room for an ellipsis
    qsizetype cut = 0;
    for (qsizetype i = 0; i < text.size(); ++i) {
        width += advance(text[i]);
        if (width + m_ellipsis <= available) {
            cutWidth = width;
            cut = i + 1;
        }
        if (width > available)
            return {text.left(cut) + Ellipsis, cutWidth + m_ellipsis};
    }
    return {text, width};
}

CellText::Fitted CellText::fittedInTheMiddle(const QString &text, qreal available) const
{
    if (!isMeasured(text)) {
        const QString cut = m_metrics.elidedText(text, Qt::ElideMiddle, available);
        return {cut, m_metrics.horizontalAdvance(cut)};
    }
    qreal whole = 0;
    for (const QChar character : text)
        whole += advance(character);
    if (whole <= available)
        return {text, whole};
    qreal width = m_ellipsis;
    qsizetype begin = 0;
    qsizetype end = text.size();
    while (begin < end) {
        const bool isFromBegin = begin <= text.size() - end;
        const qreal more = advance(text[isFromBegin ? begin : end - 1]);
        if (width + more > available)
            break;
        width += more;
        if (isFromBegin)
            ++begin;
        else
            --end;
    }
    return {text.left(begin) + Ellipsis + text.mid(end), width};
}

} // namespace ui::streams
