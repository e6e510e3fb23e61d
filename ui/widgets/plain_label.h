// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLabel>

namespace ui::widgets {

/// A label that takes nothing for rich text, with an object name.
[[nodiscard]] inline QLabel *plainLabel(const QString &name, QWidget *parent)
{
    auto *label = new QLabel(parent);
    label->setObjectName(name);
    label->setTextFormat(Qt::PlainText);
    return label;
}

/// The same for sentences, which wrap.
[[nodiscard]] inline QLabel *wrappingLabel(const QString &name, QWidget *parent)
{
    QLabel *label = plainLabel(name, parent);
    label->setWordWrap(true);
    return label;
}

/// The same for what one may want to copy.
[[nodiscard]] inline QLabel *selectableLabel(const QString &name, QWidget *parent)
{
    QLabel *label = wrappingLabel(name, parent);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    return label;
}

} // namespace ui::widgets
