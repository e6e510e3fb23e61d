// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/query/event_filter.h"

#include <optional>

namespace connectors::query {

/// The event that SQLite stands on: the table moves it, the table's columns and the functions read it. It also keeps the
/// account of what matched and what could not be evaluated, because only here both are known when an event is left.
class EventInHand final
{
public:
    void begin(const EventBatch &batch);
    /// Counts the event in hand and drops the batch.
    void end();

    void moveTo(qsizetype row);
    [[nodiscard]] bool isValid() const { return m_batch && m_row < m_batch->count(); }
    [[nodiscard]] bool hasBegun() const { return m_row >= 0; }
    [[nodiscard]] qsizetype row() const { return m_row; }
    [[nodiscard]] qsizetype firstRow() const { return m_firstRow; }
    void setFirstRow(qsizetype row) { m_firstRow = row; }

    [[nodiscard]] const EventBatch &batch() const { return *m_batch; }
    [[nodiscard]] const EventRecord &record() const { return m_batch->record(m_row); }
    [[nodiscard]] std::string_view text(Slice slice) const { return m_batch->text(slice); }

    /// The body where it is JSON of a bearable depth. Else null; unless there is no body, that is a problem of this event.
    [[nodiscard]] std::optional<std::string_view> json();

    void setMatched() { m_isMatch = true; }
    /// The condition could not be evaluated as it was meant. The first problem of an event stands.
    void setProblem(const QString &problem);
    [[nodiscard]] FilterOutcome takeOutcome();

private:
    void leave();
    [[nodiscard]] BodyFormat format();

    const EventBatch *m_batch = nullptr;
    qsizetype m_row = -1;
    qsizetype m_firstRow = 0;
    bool m_isMatch = false;
    bool m_hasProblem = false;
    QString m_problem;
    std::optional<BodyFormat> m_checkedFormat;
    FilterOutcome m_outcome;
};

} // namespace connectors::query
