// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/deadletters/value_delegate.h"

#include "connectors/dead_letter_source.h"
#include "ui/theme/theme.h"
#include "ui/widgets/text.h"

#include <QAbstractItemView>
#include <QHelpEvent>
#include <QToolTip>

namespace ui::deadletters {

namespace text = ui::widgets::text;

ValueDelegate::ValueDelegate(Kind kind, QObject *parent)
    : QStyledItemDelegate(parent)
    , m_kind(kind)
{
}

QString ValueDelegate::words(const QVariant &value) const
{
    if (value.isNull())
        return QStringLiteral("–");
    switch (m_kind) {
    case Kind::Text:
        return text::untrusted(value.toString());
    case Kind::Number:
        return text::number(value.toLongLong());
    case Kind::Bytes:
        return text::bytes(value.toLongLong());
    case Kind::Time:
        return text::localTime(value.toLongLong());
    case Kind::Evidence:
        switch (static_cast<connectors::DeadLetterEvidence>(value.toInt())) {
        case connectors::DeadLetterEvidence::Declared:
            return tr("declared");
        case connectors::DeadLetterEvidence::HeaderFamily:
            return tr("its headers");
        case connectors::DeadLetterEvidence::StreamName:
            return tr("its name");
        case connectors::DeadLetterEvidence::StoreTable:
            return tr("the store's table");
        }
    }
    return {};
}

QString ValueDelegate::exactWords(const QVariant &value) const
{
    if (value.isNull())
        return tr("Not known.");
    switch (m_kind) {
    case Kind::Number:
    case Kind::Bytes:
        return text::exact(value.toLongLong());
    case Kind::Time:
        return text::utcTime(value.toLongLong());
    case Kind::Text:
        return value.toString();
    case Kind::Evidence:
        return tr("Recognised by %1.").arg(words(value));
    }
    return {};
}

void ValueDelegate::initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const
{
    QStyledItemDelegate::initStyleOption(option, index);
    option->text = words(index.data());
    option->features |= QStyleOptionViewItem::HasDisplay;
    if (m_kind == Kind::Number || m_kind == Kind::Bytes)
        option->displayAlignment = Qt::AlignRight | Qt::AlignVCenter;
    if (m_kind != Kind::Text)
        option->font = ui::theme::tabularFont();
}

bool ValueDelegate::helpEvent(QHelpEvent *event, QAbstractItemView *view, const QStyleOptionViewItem &option, const QModelIndex &index)
{
    if (event->type() != QEvent::ToolTip || !index.isValid())
        return QStyledItemDelegate::helpEvent(event, view, option, index);
    QToolTip::showText(event->globalPos(), text::toolTip(exactWords(index.data())), view);
    return true;
}

} // namespace ui::deadletters
