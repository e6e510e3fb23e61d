// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/streams/cell_text.h"

#include <algorithm>

namespace ui::streams {

namespace {

constexpr QChar Ellipsis(0x2026);
constexpr QChar Dash(0x2013); // for what is missing; it stands alone

} // namespace

CellText::CellText(const QFont &font)
    : m_font(font)
    , m_metrics(font)
    , m_ellipsis(m_metrics.horizontalAdvance(Ellipsis))
{
    for (size_t code = 0; code < m_advances.size(); ++code)
        m_advances[code] = m_metrics.horizontalAdvance(QChar(static_cast<char16_t>(code)));
}

CellText::Fitted CellText::fitted(const QString &text, qreal available) const
{
    const bool isKnown = std::all_of(text.cbegin(), text.cend(), [](QChar c) { return c.unicode() < 128 || c == Ellipsis || c == Dash; });
    if (!isKnown) {
        const QString cut = m_metrics.elidedText(text, Qt::ElideRight, available);
        return {cut, m_metrics.horizontalAdvance(cut)};
    }
    qreal width = 0;
    qreal cutWidth = 0; ///< of what still leaves room for an ellipsis
    qsizetype cut = 0;
    for (qsizetype i = 0; i < text.size(); ++i) {
        const char16_t code = text[i].unicode();
        width += code < 128 ? m_advances[code] : m_ellipsis;
        if (width + m_ellipsis <= available) {
            cutWidth = width;
            cut = i + 1;
        }
        if (width > available)
            return {text.left(cut) + Ellipsis, cutWidth + m_ellipsis};
    }
    return {text, width};
}

} // namespace ui::streams
