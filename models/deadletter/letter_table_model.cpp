// SPDX-License-Identifier: GPL-3.0-or-later

#include "models/deadletter/letter_table_model.h"

#include <algorithm>

namespace models::deadletter {

using connectors::DeadLetter;

namespace {

/// "orders 3:1204", or only the stream where the place is not told.
QString originalPlace(const DeadLetter &letter)
{
    if (!letter.original)
        return letter.originalStream;
    return QStringLiteral("%1 %2:%3").arg(letter.original->stream).arg(letter.original->partition).arg(letter.original->position);
}

} // namespace

void LetterTableModel::setLetters(std::vector<DeadLetter> letters)
{
    beginResetModel();
    m_letters = std::move(letters);
    endResetModel();
}

int LetterTableModel::rowOf(const connectors::EventAddress &address) const
{
    const auto found = std::find_if(m_letters.cbegin(), m_letters.cend(), [&address](const DeadLetter &letter) { return letter.address == address; });
    return found == m_letters.cend() ? -1 : static_cast<int>(found - m_letters.cbegin());
}

int LetterTableModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_letters.size());
}

int LetterTableModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant LetterTableModel::value(const DeadLetter &letter, int column)
{
    switch (column) {
    case TimeColumn:
        return letter.diedAt == connectors::NoNumber ? QVariant() : QVariant(letter.diedAt);
    case ReasonColumn:
        return letter.reason;
    case OriginalColumn:
        return originalPlace(letter);
    case TypeColumn:
        return letter.eventType;
    case KeyColumn:
        return letter.key;
    case ConsumerColumn:
        return letter.consumer;
    case AttemptsColumn:
        return letter.attempts ? QVariant(*letter.attempts) : QVariant();
    case PositionColumn:
        return QStringLiteral("%1:%2").arg(letter.address.partition).arg(letter.address.position);
    case SizeColumn:
        return letter.size < 0 ? QVariant() : QVariant(letter.size);
    default:
        return {};
    }
}

QVariant LetterTableModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount() || (role != Qt::DisplayRole && role != ValueRole))
        return {};
    return value(m_letters[static_cast<size_t>(index.row())], index.column());
}

QVariant LetterTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    static const char *const headings[] = {QT_TR_NOOP("Died"), QT_TR_NOOP("Reason"), QT_TR_NOOP("Original"), QT_TR_NOOP("Type"), QT_TR_NOOP("Key"),
                                           QT_TR_NOOP("Consumer"), QT_TR_NOOP("Attempts"), QT_TR_NOOP("Position"), QT_TR_NOOP("Size")};
    return section >= 0 && section < ColumnCount ? tr(headings[section]) : QVariant();
}

} // namespace models::deadletter
