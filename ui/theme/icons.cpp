// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/icons.h"

#include <QFile>
#include <QGuiApplication>
#include <QPainter>
#include <QPixmapCache>
#include <QSvgRenderer>

/// Must stand outside of every namespace: the macro declares a function of the global one.
static void initIcons()
{
    Q_INIT_RESOURCE(icons);
}

namespace ui::theme {

namespace {

QString pathOf(const QString &name)
{
    return QStringLiteral(":/icons/") + name + QStringLiteral(".svg");
}

} // namespace

IconEngine::IconEngine(QString name, std::optional<Role> role)
    : m_name(std::move(name))
    , m_role(role)
{
}

QColor IconEngine::inkFor(QIcon::Mode mode) const
{
    const QPalette current = QGuiApplication::palette();
    if (mode == QIcon::Disabled)
        return current.color(QPalette::Disabled, QPalette::WindowText);
    if (m_role) // on a selected row too: a meaning stays
        return color(*m_role, isDark(current));
    return current.color(mode == QIcon::Selected ? QPalette::HighlightedText : QPalette::WindowText);
}

void IconEngine::paint(QPainter *painter, const QRect &rect, QIcon::Mode mode, QIcon::State state)
{
    const qreal ratio = painter->device() ? painter->device()->devicePixelRatioF() : 1.0;
    painter->drawPixmap(rect, scaledPixmap(rect.size() * ratio, mode, state, ratio));
}

QPixmap IconEngine::pixmap(const QSize &size, QIcon::Mode mode, QIcon::State state)
{
    return scaledPixmap(size, mode, state, 1.0);
}

QPixmap IconEngine::scaledPixmap(const QSize &size, QIcon::Mode mode, QIcon::State, qreal scale)
{
    const QColor ink = inkFor(mode);
    const QString key = QStringLiteral("sg-icon/%1/%2/%3x%4/%5").arg(m_name, ink.name(QColor::HexArgb)).arg(size.width()).arg(size.height()).arg(scale);
    QPixmap pixmap;
    if (QPixmapCache::find(key, &pixmap))
        return pixmap;
    pixmap = QPixmap(size);
    pixmap.fill(Qt::transparent);
    QSvgRenderer renderer(pathOf(m_name));
    QPainter painter(&pixmap);
    painter.setRenderHint(QPainter::Antialiasing);
    renderer.render(&painter, QRectF(QPointF(), QSizeF(size)));
    // The drawing is only a mask: what it covers takes the ink.
    painter.setCompositionMode(QPainter::CompositionMode_SourceIn);
    painter.fillRect(pixmap.rect(), ink);
    painter.end();
    pixmap.setDevicePixelRatio(scale);
    QPixmapCache::insert(key, pixmap);
    return pixmap;
}

QIconEngine *IconEngine::clone() const
{
    return new IconEngine(m_name, m_role);
}

bool IconEngine::isNull()
{
    return !QFile::exists(pathOf(m_name));
}

QIcon icon(const QString &name)
{
    initIcons();
    return QIcon(new IconEngine(name, std::nullopt));
}

QIcon icon(const QString &name, Role role)
{
    initIcons();
    return QIcon(new IconEngine(name, role));
}

} // namespace ui::theme
