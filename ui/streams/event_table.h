// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/event/event_table_model.h"

#include <QHash>
#include <QTableView>

namespace ui::streams {

/// The table of events. The current row stays with its event, whatever the model does; at the bottom it follows what comes.
class EventTable final : public QTableView
{
    Q_OBJECT

public:
    explicit EventTable(models::event::EventTableModel *model, QWidget *parent = nullptr);

    [[nodiscard]] qint64 currentSequence() const { return m_current; } ///< −1: none
    /// False where it is not a row now; it is made the current one as soon as it is.
    bool setCurrentSequence(qint64 sequence);
    void forgetCurrent() { m_current = -1; }
    /// From the top, none touching another.
    [[nodiscard]] std::vector<models::event::RowSpan> selectedRows() const;

    void setColumns(const std::vector<models::event::EventColumn> &columns);
    /// As the user has arranged them.
    [[nodiscard]] std::vector<models::event::EventColumn> columnsInOrder() const;
    [[nodiscard]] const QHash<QString, int> &widths() const { return m_widths; } ///< by EventColumn::key()
    void setWidths(const QHash<QString, int> &widths);
    void setSortingOffered(bool isOffered);

Q_SIGNALS:
    void currentSequenceChanged(qint64 sequence);
    void columnsArranged(); ///< moved or resized by the user
    void menuRequested(const QModelIndex &index, const QPoint &globalPosition);
    void pauseToggled(); ///< Space
    void copyRequested(); ///< Ctrl+C: the selected rows
    void sortRequested(std::optional<models::event::EventColumn::Kind> kind, Qt::SortOrder order);

protected:
    void contextMenuEvent(QContextMenuEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void currentChanged(const QModelIndex &current, const QModelIndex &previous) override;

private:
    void placeRowsSoon();
    void prepareForOrder();
    void showOrder();
    void showIndicator();
    void restoreCurrent();
    void applyWidths();
    void headerClicked(int column);

    models::event::EventTableModel *m_events;
    qint64 m_current = -1;
    bool m_isPlacing = false;
    bool m_isAtBottom = true;
    bool m_isCurrentSeen = false; ///< before the order changed
    bool m_isResetting = false;
    bool m_isSortingOffered = true;
    std::optional<models::event::EventOrder> m_wantedOrder; ///< the last that was asked for, or that is
    QHash<QString, int> m_widths;
};

} // namespace ui::streams
