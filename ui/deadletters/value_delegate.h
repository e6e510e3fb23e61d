// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStyledItemDelegate>

namespace ui::deadletters {

/// Makes words of a table's raw values: text from outside on one line and cut, numbers right-aligned in tabular figures,
/// times in the local zone; "–" for what is not known. The tool tip has the exact value.
class ValueDelegate final : public QStyledItemDelegate
{
    Q_OBJECT

public:
    enum class Kind { Text, Number, Bytes, Time, Evidence };
    explicit ValueDelegate(Kind kind, QObject *parent = nullptr);

    bool helpEvent(QHelpEvent *event, QAbstractItemView *view, const QStyleOptionViewItem &option, const QModelIndex &index) override;

protected:
    void initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const override;

private:
    [[nodiscard]] QString words(const QVariant &value) const;
    [[nodiscard]] QString exactWords(const QVariant &value) const;

    const Kind m_kind;
};

} // namespace ui::deadletters
