// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/look.h"

#include "ui/theme/theme.h"

#include <QApplication>
#include <QPainter>
#include <QProxyStyle>
#include <QStyleOption>

namespace gui {

namespace {

class PlainStyle final : public QProxyStyle
{
public:
    PlainStyle() : QProxyStyle(QStringLiteral("Fusion")) { }
    int styleHint(StyleHint hint, const QStyleOption *option, const QWidget *widget, QStyleHintReturn *answer) const override
    {
        return hint == SH_DialogButtonBox_ButtonsHaveIcons ? 0 : QProxyStyle::styleHint(hint, option, widget, answer);
    }

    /// Fusion takes its outlines from the ground, which is no outline on a dark one, and shows the focus in hardly another shade.
    void drawPrimitive(PrimitiveElement element, const QStyleOption *option, QPainter *painter, const QWidget *widget) const override
    {
        using ui::theme::Role;
        const QRectF frame = QRectF(option->rect).adjusted(0.5, 0.5, -0.5, -0.5);
        if (element == PE_FrameFocusRect)
            return outline(painter, frame, Role::Accent);
        QProxyStyle::drawPrimitive(element, option, painter, widget);
        if (element == PE_FrameLineEdit)
            outline(painter, frame, option->state.testFlag(State_HasFocus) ? Role::Accent : Role::Muted);
        if (element == PE_IndicatorCheckBox)
            outline(painter, frame.adjusted(0, 0, -1, -1), Role::Muted);
    }

private:
    static void outline(QPainter *painter, const QRectF &frame, ui::theme::Role role)
    {
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        painter->setBrush(Qt::NoBrush);
        painter->setPen(ui::theme::color(role));
        painter->drawRoundedRect(frame, 2, 2);
        painter->restore();
    }
};

} // namespace

void applyStyle()
{
    QApplication::setStyle(new PlainStyle);
}

std::optional<Look> lookFromWord(const QString &word)
{
    for (const Look look : {Look::System, Look::Light, Look::Dark})
        if (lookWord(look) == word)
            return look;
    return std::nullopt;
}

QString lookWord(Look look)
{
    switch (look) {
    case Look::System: return QStringLiteral("system");
    case Look::Light: return QStringLiteral("light");
    case Look::Dark: return QStringLiteral("dark");
    }
    return {};
}

void applyLook(Look look)
{
    // Before anything is set, the application's palette is the desktop's.
    static const bool isSystemDark = ui::theme::isDark(QApplication::palette());
    QApplication::setPalette(ui::theme::palette(look == Look::System ? isSystemDark : look == Look::Dark));
}

} // namespace gui
