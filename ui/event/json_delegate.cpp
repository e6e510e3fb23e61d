// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/event/json_delegate.h"

#include "connectors/json_text.h"
#include "models/event/json_tree_model.h"
#include "ui/theme/theme.h"
#include "ui/widgets/text.h"

#include <QAbstractItemView>
#include <QHelpEvent>
#include <QToolTip>

namespace ui::event {

using models::event::JsonTreeModel;

namespace {

using JsonKind = connectors::json::Kind;

constexpr int ShownLength = 500;

theme::Role roleOf(int kind)
{
    switch (static_cast<JsonKind>(kind)) {
    case JsonKind::String: return theme::Role::Ok;
    case JsonKind::Number: return theme::Role::Info;
    case JsonKind::Boolean: return theme::Role::Warning;
    case JsonKind::Object:
    case JsonKind::Array:
    case JsonKind::Null: break;
    }
    return theme::Role::Muted;
}

} // namespace

void JsonDelegate::initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const
{
    QStyledItemDelegate::initStyleOption(option, index);
    option->text = widgets::text::untrusted(index.data().toString(), ShownLength);
    option->font = theme::monospaceFont();
    if (index.column() == JsonTreeModel::ValueColumn)
        option->palette.setColor(QPalette::Text, theme::color(roleOf(index.data(JsonTreeModel::KindRole).toInt())));
}

QSize JsonDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    return QStyledItemDelegate::sizeHint(option, index) + QSize(0, theme::Unit);
}

bool JsonDelegate::helpEvent(QHelpEvent *event, QAbstractItemView *view, const QStyleOptionViewItem &option, const QModelIndex &index)
{
    if (event->type() != QEvent::ToolTip || !index.isValid())
        return QStyledItemDelegate::helpEvent(event, view, option, index);
    QToolTip::showText(event->globalPos(), widgets::text::toolTip(index.data(JsonTreeModel::PointerRole).toString() + u'\n' + index.data().toString()), view);
    return true;
}

} // namespace ui::event
