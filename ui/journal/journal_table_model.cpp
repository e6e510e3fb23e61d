// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/journal/journal_table_model.h"

#include "ui/replay/plan_text.h"
#include "ui/widgets/text.h"

#include <algorithm>

namespace ui::journal {

using models::journal::ListedRecord;
using models::journal::Record;
namespace words = widgets::text;

namespace {

qsizetype rowCountOf(const Record &record)
{
    return record.rows.isEmpty() ? record.change.plan[QStringLiteral("rows")].toArray().size() : record.rows.size();
}

theme::Role roleOf(const ListedRecord &each)
{
    return each.needsALook ? theme::Role::Warning : replay::stateRole(each.record.state);
}

} // namespace

QString listedStateWord(const ListedRecord &each)
{
    return each.needsALook ? JournalTableModel::tr("needs a look: %1").arg(replay::stateWord(each.record.state)) : replay::stateWord(each.record.state);
}

QString kindWord(const Record &record)
{
    if (record.change.kind == QStringLiteral("undo"))
        return JournalTableModel::tr("put back");
    return record.change.kind == QStringLiteral("reset") ? JournalTableModel::tr("reset") : words::untrusted(record.change.kind, 40);
}

QString linkWords(const Record &record)
{
    QStringList links;
    if (!record.change.undoes.isEmpty())
        links += JournalTableModel::tr("puts back %1").arg(words::untrusted(record.change.undoes, 20));
    if (!record.undoneBy.isEmpty())
        links += JournalTableModel::tr("put back by %1").arg(record.undoneBy);
    return links.join(QStringLiteral(", "));
}

void JournalTableModel::setRecords(std::vector<ListedRecord> records)
{
    const auto isSame = [](const ListedRecord &a, const ListedRecord &b) { return a.record.journalId == b.record.journalId; };
    const auto added = static_cast<std::ptrdiff_t>(records.size()) - static_cast<std::ptrdiff_t>(m_records.size());
    const bool isContinued = !m_records.empty() && added >= 0 && std::equal(m_records.begin(), m_records.end(), records.begin() + added, isSame);
    if (!isContinued) {
        beginResetModel();
        m_records = std::move(records);
        endResetModel();
        return;
    }
    if (added > 0)
        beginInsertRows({}, 0, static_cast<int>(added) - 1);
    m_records = std::move(records);
    if (added > 0)
        endInsertRows();
    Q_EMIT dataChanged(index(static_cast<int>(added), 0), index(rowCount() - 1, ColumnCount - 1));
}

int JournalTableModel::rowOf(const QString &journalId) const
{
    const auto found = std::find_if(m_records.begin(), m_records.end(), [&](const ListedRecord &each) { return each.record.journalId == journalId; });
    return found == m_records.end() ? -1 : static_cast<int>(found - m_records.begin());
}

int JournalTableModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_records.size());
}

int JournalTableModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant JournalTableModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const ListedRecord &each = record(index.row());
    switch (role) {
    case Qt::DisplayRole:
        return text(each, index.column());
    case Qt::ToolTipRole:
        if (index.column() == WhenColumn)
            return words::utcTime(each.record.created);
        if (index.column() == StateColumn)
            return replay::stateExplanation(each.record.state);
        return words::toolTip(text(each, index.column()));
    case Qt::DecorationRole:
        return index.column() == StateColumn ? QVariant(theme::icon(each.needsALook ? QStringLiteral("warning") : replay::stateIcon(each.record.state), roleOf(each))) : QVariant();
    case Qt::ForegroundRole:
        return index.column() == StateColumn ? QVariant(theme::color(roleOf(each))) : QVariant();
    case Qt::TextAlignmentRole:
        return QVariant::fromValue((index.column() == IdColumn || index.column() == RowsColumn ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    default:
        return {};
    }
}

QString JournalTableModel::text(const ListedRecord &each, int column) const
{
    const Record &record = each.record;
    switch (column) {
    case IdColumn:
        return record.journalId;
    case WhenColumn:
        return words::localTime(record.created).left(19);
    case StateColumn:
        return listedStateWord(each);
    case KindColumn:
        return kindWord(record);
    case TargetColumn:
        return words::untrusted(record.change.target);
    case ConnectionColumn:
        return words::untrusted(record.change.connection);
    case RowsColumn:
        return words::exact(rowCountOf(record));
    case WhoColumn:
        return words::untrusted(record.change.who + u'@' + record.change.host, 80);
    case ReasonColumn:
        return words::untrusted(record.reason);
    case LinkColumn:
        return linkWords(record);
    default:
        return {};
    }
}

QVariant JournalTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue((section == IdColumn || section == RowsColumn ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case IdColumn:
        return tr("Id");
    case WhenColumn:
        return tr("When");
    case StateColumn:
        return tr("State");
    case KindColumn:
        return tr("Kind");
    case TargetColumn:
        return tr("Consumer");
    case ConnectionColumn:
        return tr("Connection");
    case RowsColumn:
        return tr("Rows");
    case WhoColumn:
        return tr("Who");
    case ReasonColumn:
        return tr("Reason");
    case LinkColumn:
        return tr("Put back");
    default:
        return {};
    }
}

} // namespace ui::journal
