// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/dead_letter_source.h"

#include <QAbstractTableModel>

#include <vector>

namespace models::deadletter {

/// Letters one by one, newest first. Lives on the GUI thread.
class LetterTableModel final : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { TimeColumn, ReasonColumn, OriginalColumn, TypeColumn, KeyColumn, ConsumerColumn, AttemptsColumn, PositionColumn, SizeColumn, ColumnCount };
    enum Role { ValueRole = Qt::UserRole + 1 };

    using QAbstractTableModel::QAbstractTableModel;

    void setLetters(std::vector<connectors::DeadLetter> letters);
    [[nodiscard]] const connectors::DeadLetter &letter(int row) const { return m_letters[static_cast<size_t>(row)]; }
    [[nodiscard]] int rowOf(const connectors::EventAddress &address) const;

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    [[nodiscard]] static QVariant value(const connectors::DeadLetter &letter, int column);

    std::vector<connectors::DeadLetter> m_letters;
};

} // namespace models::deadletter
