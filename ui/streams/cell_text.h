// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFont>
#include <QFontMetricsF>
#include <QString>

#include <array>

namespace ui::streams {

/// Cuts the texts of cells to the width of their column. A table paints hundreds of them a frame, and laying one out to measure
/// it costs as much as painting it: widths of ASCII texts are added up from a table, kerning (which only narrows) left out.
class CellText final
{
public:
    struct Fitted {
        QString text;
        qreal width = 0;
    };

    explicit CellText(const QFont &font);
    [[nodiscard]] const QFont &font() const { return m_font; }
    [[nodiscard]] const QFontMetricsF &metrics() const { return m_metrics; }
    /// The text, or what of its beginning has room before "…".
    [[nodiscard]] Fitted fitted(const QString &text, qreal available) const;
    /// The text, or as much of its beginning and of its end as has room around "…": ids differ at either end.
    [[nodiscard]] Fitted fittedInTheMiddle(const QString &text, qreal available) const;

private:
    [[nodiscard]] qreal advance(QChar character) const;

    QFont m_font;
    QFontMetricsF m_metrics;
    std::array<qreal, 128> m_advances{};
    qreal m_ellipsis;
};

} // namespace ui::streams
