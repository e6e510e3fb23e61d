// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/event_batch.h"
#include "connectors/query/condition_error.h"
#include "connectors/query/pushdown.h"

#include <memory>
#include <stop_token>
#include <vector>

namespace connectors::query {

struct FilterOutcome {
    std::vector<qsizetype> matches; ///< rows, ascending
    qint64 notFilterable = 0;       ///< no match, but only because the condition could not be evaluated on them
    QString firstNotFilterable;     ///< "orders/3@1204: The body is not JSON."
};

/// A condition of SQL's WHERE in SQLite's dialect over the columns of one event (see eventColumns()), with `field('/ptr')`,
/// `header('name')` and `ago('15m')`. SQLite evaluates it over a virtual table on a batch. It can look at nothing else and
/// change nothing. Not thread-safe: one object for each thread.
class EventFilter final
{
public:
    /// InvalidInput tells what is wrong and at which character. `ago()` counts back from now, once and for all batches.
    /// Takes some 0.2 ms: keep the filter, do not make one for each batch.
    [[nodiscard]] static Result<std::unique_ptr<EventFilter>> compile(const QString &where);
    ~EventFilter();
    EventFilter(const EventFilter &) = delete;
    EventFilter &operator=(const EventFilter &) = delete;

    /// Cancelled when `stop` is requested meanwhile. An event that makes the condition fail is counted, never the end.
    [[nodiscard]] Result<FilterOutcome> apply(const EventBatch &batch, std::stop_token stop);

    /// What the events so far say against the condition, as sentences for ReadReport::note: a pointer that was found in no
    /// event, text that is compared with a number. Empty: nothing.
    [[nodiscard]] QString warnings() const;

    /// What a reader may leave out unread.
    [[nodiscard]] Pushdown pushdown() const;

private:
    friend std::optional<ConditionError> checkCondition(const QString &where);
    struct Engine;
    explicit EventFilter(std::unique_ptr<Engine> engine);
    std::unique_ptr<Engine> m_engine;
};

/// What compile() would refuse, with its place, for a filter bar. Nothing: the condition can be used.
[[nodiscard]] std::optional<ConditionError> checkCondition(const QString &where);

} // namespace connectors::query
