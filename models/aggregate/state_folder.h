// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/json_merge.h"
#include "models/aggregate/aggregate_history.h"
#include "models/aggregate/state_difference.h"
#include "models/aggregate/upcasts.h"

namespace models::aggregate {

/// The snapshot that a fold began with.
struct UsedSnapshot {
    qint64 version = 0;
    qint64 position = 0;
    connectors::EpochMs createdAt = connectors::NoNumber;
    bool operator==(const UsedSnapshot &) const = default;
};

/// An event that is not in the state, and why.
struct UnfoldedEvent {
    enum class Reason { NotJson, TooLarge, NoUpcast };
    qint64 version = 0;
    Reason reason = Reason::NotJson;
    bool operator==(const UnfoldedEvent &) const = default;
};

/// What an aggregate was after one of its events.
struct FoldedState {
    qint64 version = 0;
    QByteArray state;                      ///< minified JSON; empty: nothing was folded
    std::optional<UsedSnapshot> snapshot;  ///< null: from the first event on
    qint64 foldedEvents = 0;               ///< read and folded since it
    std::vector<UnfoldedEvent> unfolded;   ///< of these, the first MostUnfolded
    qint64 unfoldedCount = 0;
    StateDifference changes;               ///< from the state after the event before
};

/// The states of one aggregate by connectors::fold's rule after the upcasts. Everything blocks and is cancelled by its token. The
/// connector must outlive this. Thread-safe.
class StateFolder final
{
public:
    static constexpr size_t MostUnfolded = 100;
    static constexpr qint64 MostStateBytes = 64LL * 1024 * 1024;
    enum class Snapshots { Use, Ignore };
    using Observer = std::function<connectors::Result<void>(qint64 version, const connectors::json::MergedValue &state)>;

    StateFolder(connectors::Connector &connector, std::shared_ptr<const AggregateHistory> history, Upcasts upcasts);

    /// From the newest usable snapshot at or below the version, with what it changed. InvalidInput where the aggregate has no such
    /// version, Conflict where its events are others now, Refused for a state beyond MostStateBytes.
    [[nodiscard]] connectors::Result<FoldedState> stateAt(qint64 version, const std::stop_token &stop, Snapshots snapshots = Snapshots::Use) const;
    /// Folds all events from the first on, without snapshots, and shows the state after each; an error of the observer ends it.
    [[nodiscard]] connectors::Result<void> forEachState(qint64 to, const Observer &observer, const std::stop_token &stop) const;

    [[nodiscard]] const AggregateHistory &history() const { return *m_history; }
    [[nodiscard]] connectors::Connector &connector() const { return m_connector; }
    [[nodiscard]] QString ruleName() const { return m_upcasts.ruleName(); }

private:
    struct Running;
    [[nodiscard]] connectors::Result<Running> begin(qint64 version, const std::stop_token &stop, Snapshots snapshots) const;
    [[nodiscard]] connectors::Result<void> foldTo(Running *running, qint64 version, const std::stop_token &stop, const Observer &observer = {}) const;
    [[nodiscard]] connectors::Result<void> foldOne(Running *running, const connectors::EventBatchPtr &batch, qsizetype row, const std::stop_token &stop) const;
    [[nodiscard]] connectors::Result<void> requireSize(Running *running, qsizetype added) const;
    [[nodiscard]] connectors::Result<QByteArray> stateBefore(const Running &now, qint64 version, const std::stop_token &stop, Snapshots snapshots) const;

    connectors::Connector &m_connector;
    const std::shared_ptr<const AggregateHistory> m_history;
    const Upcasts m_upcasts;
};

} // namespace models::aggregate
