// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/journal/journal_reader.h"

#include <QAbstractTableModel>

namespace ui::journal {

/// Records of the journal, one a row, newest first.
class JournalTableModel final : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { IdColumn, WhenColumn, StateColumn, KindColumn, TargetColumn, ConnectionColumn, RowsColumn, WhoColumn, ReasonColumn, LinkColumn, ColumnCount };
    using QAbstractTableModel::QAbstractTableModel;

    /// New records at the top are inserted, so that a selection stays where it is.
    void setRecords(std::vector<models::journal::ListedRecord> records);
    [[nodiscard]] const models::journal::ListedRecord &record(int row) const { return m_records[static_cast<size_t>(row)]; }
    [[nodiscard]] int rowOf(const QString &journalId) const; ///< −1: not shown

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    [[nodiscard]] QString text(const models::journal::ListedRecord &each, int column) const;

    std::vector<models::journal::ListedRecord> m_records;
};

/// "needs a look", or the state's word.
[[nodiscard]] QString listedStateWord(const models::journal::ListedRecord &each);
/// "reset" or "put back".
[[nodiscard]] QString kindWord(const models::journal::Record &record);
/// "put back by 7", "puts back 3", or nothing.
[[nodiscard]] QString linkWords(const models::journal::Record &record);

} // namespace ui::journal
