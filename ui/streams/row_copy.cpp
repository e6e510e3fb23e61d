// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/streams/row_copy.h"

#include "ui/widgets/text.h"

#include <QRegularExpression>

namespace ui::streams {

using models::event::EventColumn;
using models::event::EventTableModel;
using Kind = EventColumn::Kind;

namespace {

QString cellText(const EventTableModel &model, qint64 sequence, const EventColumn &column, qint64 *unread)
{
    const models::event::EventEntry entry = model.list().entry(sequence);
    if (column.kind == Kind::Time)
        return entry.time == connectors::NoNumber ? QString() : widgets::text::utcTime(entry.time);
    if (column.kind == Kind::Position)
        return QString::number(entry.partition) + u':' + QString::number(entry.position);
    const std::optional<QVariant> value = model.wholeValue(sequence, column);
    if (!value)
        ++*unread;
    static const QRegularExpression breaks(QStringLiteral("[\\x00-\\x1f\\x7f\\x{2028}\\x{2029}]+")); // a cell stays a cell
    return value.value_or(QVariant()).toString().replace(breaks, QStringLiteral(" "));
}

} // namespace

CopiedRows copyRows(const EventTableModel &model, const std::vector<models::event::RowSpan> &spans, const std::vector<EventColumn> &columns, qint64 most)
{
    CopiedRows copied;
    QStringList lines;
    for (const models::event::RowSpan &span : spans) {
        for (int row = static_cast<int>(span.first); row <= span.last && copied.rows < most; ++row, ++copied.rows) {
            QStringList cells;
            for (const EventColumn &column : columns)
                cells += cellText(model, model.sequenceOf(row), column, &copied.unread);
            lines += cells.join(u'\t');
        }
    }
    copied.text = lines.join(u'\n');
    return copied;
}

} // namespace ui::streams
