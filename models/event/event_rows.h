// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtGlobal>

#include <vector>

namespace models::event {

/// Rows of a table, the last one included.
struct RowSpan {
    int first = 0;
    int last = -1;
    [[nodiscard]] int count() const { return last - first + 1; }
    bool operator==(const RowSpan &) const = default;
};

/// Which events are rows, and in which order: all from `first` on as they came (nothing stored), or a selection vector of
/// 4 bytes a row. Sequence numbers are kept relative to that of the oldest event when the vector was begun.
class EventRows final
{
public:
    /// All events from `first` on, in order.
    void showAll(qint64 first);
    /// None yet, of events from `first` on.
    void beginSelection(qint64 first);

    [[nodiscard]] bool isAll() const { return m_isAll; }
    [[nodiscard]] bool isSorted() const { return m_isSorted; }
    [[nodiscard]] int count() const { return m_isAll ? m_count : static_cast<int>(m_selection.size()); }
    [[nodiscard]] qint64 sequence(int row) const
    {
        return m_isAll ? m_first + row : m_first + m_selection[static_cast<size_t>(row)];
    }
    /// The same relative to first().
    [[nodiscard]] quint32 place(int row) const { return m_isAll ? static_cast<quint32>(row) : m_selection[static_cast<size_t>(row)]; }
    [[nodiscard]] int rowOf(qint64 sequence) const; ///< −1: not a row
    /// Rows at the top that are before `sequence`; only while not sorted.
    [[nodiscard]] int countBefore(qint64 sequence) const;

    void grow(int count) { m_count += count; }  ///< while isAll()
    void add(const std::vector<quint32> &places); ///< while not; relative to first()
    [[nodiscard]] qint64 first() const { return m_first; }
    void removeFirst(int count);
    /// A new order of the same rows, as places relative to first().
    void reorder(std::vector<quint32> places);
    /// Back into the order of reading: at once where the rows are all events there are, else linear.
    void unsort(bool isSelection);
    /// The row of every place, −1 where it is none. Linear.
    [[nodiscard]] std::vector<int> rowsByPlace() const;

private:
    bool m_isAll = true;
    bool m_isSorted = false;
    qint64 m_first = 0;
    int m_count = 0;
    std::vector<quint32> m_selection;
};

} // namespace models::event
