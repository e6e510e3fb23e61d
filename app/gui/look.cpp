// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/look.h"

#include "ui/theme/theme.h"

#include <QApplication>
#include <QProxyStyle>

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
