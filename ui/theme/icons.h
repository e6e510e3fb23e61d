// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/theme/theme.h"

#include <QIconEngine>

#include <optional>

namespace ui::theme {

/// Draws one monochrome SVG of resources/icons in the palette's text colour, or in that of a role, at any size.
class IconEngine final : public QIconEngine
{
public:
    IconEngine(QString name, std::optional<Role> role);

    void paint(QPainter *painter, const QRect &rect, QIcon::Mode mode, QIcon::State state) override;
    QPixmap pixmap(const QSize &size, QIcon::Mode mode, QIcon::State state) override;
    QPixmap scaledPixmap(const QSize &size, QIcon::Mode mode, QIcon::State state, qreal scale) override;
    [[nodiscard]] QIconEngine *clone() const override;
    QString iconName() override { return m_name; }
    bool isNull() override;

private:
    [[nodiscard]] QColor inkFor(QIcon::Mode mode) const;

    const QString m_name;
    const std::optional<Role> m_role;
};

} // namespace ui::theme
