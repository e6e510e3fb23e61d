// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/theme.h"

#include <QFontDatabase>
#include <QGuiApplication>
#include <QHash>

#include <algorithm>
#include <array>
#include <cmath>
#include <mutex>

namespace ui::theme {

namespace {

struct Shade {
    QRgb light;
    QRgb dark;
};

// One row a role, in the order of the enum. Words and lines alike reach 4.5:1 on Base and Raised of their own column,
// and words of a state on Selection (the test measures it). Series: the Okabe–Ito hues, darkened for light ground, lightened for dark where they must be.
constexpr std::array<Shade, 22> Table{{
    {0xff0a7445, 0xff4fc58c}, // Ok
    {0xff8f5a00, 0xfff0b13c}, // Warning
    {0xffb3261e, 0xffff8a80}, // Error
    {0xff1f5fa8, 0xff7db7f0}, // Info
    {0xff5f6670, 0xffa0a8b3}, // Muted
    {0xff0b5cad, 0xff6cb2f5}, // Accent
    {0xffd6e8fa, 0xff1c3d5e}, // Selection (a ground, not an ink)
    {0xffa8175f, 0xffff7fb8}, // Production
    {0xff8a5300, 0xffe6a94a}, // Staging
    {0xff1b6e6e, 0xff5cc4c4}, // Development
    {0xff1b1f24, 0xffe4e7eb}, // Text
    {0xffffffff, 0xff1c1f24}, // Base
    {0xfff4f6f8, 0xff24282e}, // Raised
    {0xffd5dae0, 0xff3c424b}, // Line
    {0xff0072b2, 0xff5aa9e6}, // Series1 blue
    {0xff956500, 0xffe69f00}, // Series2 orange
    {0xff007f5c, 0xff2fc49a}, // Series3 bluish green
    {0xffb84f00, 0xfff07f3c}, // Series4 vermillion
    {0xffa6457c, 0xffd98fb9}, // Series5 reddish purple
    {0xff2a76a3, 0xff8fd0f7}, // Series6 sky blue
    {0xff716a00, 0xfff0e442}, // Series7 yellow
    {0xff3d434b, 0xffd0d4da}, // Series8 black, or nearly white
}};
static_assert(Table.size() == static_cast<size_t>(Role::Series8) + 1);

double linear(double channel)
{
    return channel <= 0.03928 ? channel / 12.92 : std::pow((channel + 0.055) / 1.055, 2.4);
}

double luminance(const QColor &color)
{
    return 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF()) + 0.0722 * linear(color.blueF());
}

} // namespace

bool isDark(const QPalette &palette)
{
    return palette.color(QPalette::Base).lightness() < 128;
}

QColor color(Role role, bool dark)
{
    const Shade &shade = Table.at(static_cast<size_t>(role));
    return QColor::fromRgb(dark ? shade.dark : shade.light);
}

QColor color(Role role)
{
    return color(role, isDark(QGuiApplication::palette()));
}

QColor seriesColor(int index)
{
    return color(static_cast<Role>(static_cast<int>(Role::Series1) + index % SeriesCount));
}

namespace {

/// Which colour each name has. A name keeps what it was given first; one that is new takes the colour of its hash, or the next
/// that fewer names have, so that the first eight differ, and the next eight among themselves.
class NameColors final
{
public:
    int indexOf(const QString &name)
    {
        const std::lock_guard lock(m_mutex); // pictures are drawn on other threads
        if (const auto known = m_indexes.constFind(name); known != m_indexes.cend())
            return *known;
        // FNV-1a rather than qHash, whose seed differs from start to start.
        quint32 hash = 2166136261U;
        for (const QChar character : name) {
            hash ^= character.unicode();
            hash *= 16777619U;
        }
        auto index = static_cast<size_t>(hash % SeriesCount);
        if (m_indexes.size() >= MostNames)
            return static_cast<int>(index);
        const int fewest = *std::min_element(m_uses.begin(), m_uses.end());
        while (m_uses[index] > fewest)
            index = (index + 1) % m_uses.size();
        ++m_uses[index];
        m_indexes.insert(name, static_cast<int>(index));
        return static_cast<int>(index);
    }

private:
    static constexpr qsizetype MostNames = 10'000; ///< beyond them there is nothing to be told apart

    std::mutex m_mutex;
    QHash<QString, int> m_indexes;
    std::array<int, SeriesCount> m_uses{};
};

} // namespace

QColor stableColor(const QString &name)
{
    static NameColors colors;
    return seriesColor(colors.indexOf(name));
}

Role environmentRole(connectors::Environment environment)
{
    switch (environment) {
    case connectors::Environment::Untagged:
    case connectors::Environment::Production:
        return Role::Production;
    case connectors::Environment::Staging:
        return Role::Staging;
    case connectors::Environment::Development:
    case connectors::Environment::AssumedDevelopment:
        return Role::Development;
    }
    return Role::Production;
}

QPalette palette(bool dark)
{
    QPalette result;
    const QColor text = color(Role::Text, dark);
    const QColor muted = color(Role::Muted, dark);
    result.setColor(QPalette::Window, color(Role::Raised, dark));
    result.setColor(QPalette::WindowText, text);
    result.setColor(QPalette::Base, color(Role::Base, dark));
    result.setColor(QPalette::AlternateBase, color(Role::Raised, dark));
    result.setColor(QPalette::Text, text);
    result.setColor(QPalette::PlaceholderText, muted);
    result.setColor(QPalette::Button, color(Role::Raised, dark));
    result.setColor(QPalette::ButtonText, text);
    result.setColor(QPalette::BrightText, color(Role::Error, dark));
    result.setColor(QPalette::Highlight, color(Role::Selection, dark));
    result.setColor(QPalette::HighlightedText, text);
    result.setColor(QPalette::Link, color(Role::Accent, dark));
    result.setColor(QPalette::LinkVisited, color(Role::Series5, dark));
    result.setColor(QPalette::ToolTipBase, color(Role::Raised, dark));
    result.setColor(QPalette::ToolTipText, text);
    result.setColor(QPalette::Light, color(Role::Base, dark));
    result.setColor(QPalette::Midlight, color(Role::Line, dark));
    result.setColor(QPalette::Mid, color(Role::Line, dark));
    result.setColor(QPalette::Dark, muted);
    result.setColor(QPalette::Shadow, dark ? color(Role::Base, true) : muted);
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText, QPalette::HighlightedText})
        result.setColor(QPalette::Disabled, role, muted);
    return result;
}

double contrast(const QColor &one, const QColor &other)
{
    const double a = luminance(one) + 0.05;
    const double b = luminance(other) + 0.05;
    return a > b ? a / b : b / a;
}

QFont tabularFont()
{
    // The fonts that desktops ship have figures of equal width unless asked otherwise; Qt 6.4 cannot ask for "tnum".
    return QGuiApplication::font();
}

QFont monospaceFont()
{
    return QFontDatabase::systemFont(QFontDatabase::FixedFont);
}

} // namespace ui::theme
