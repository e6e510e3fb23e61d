// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/position.h"

#include <QJsonArray>
#include <QJsonObject>
#include <QString>

#include <optional>
#include <vector>

namespace models::journal {

/// Where a change stands. Planned may still run; the last four are final; everything between is open.
enum class State { Planned, Approved, Waiting, Intent, Applying, Verifying, Unknown, Done, NotApplied, Partial, Diverged };

/// The word that is stored and printed: PLANNED … DONE, NOT_APPLIED.
[[nodiscard]] QString wordOf(State state);
[[nodiscard]] std::optional<State> stateFrom(const QString &word);
[[nodiscard]] constexpr bool isFinal(State state) { return state >= State::Done; }
[[nodiscard]] constexpr bool isOpen(State state) { return state > State::Planned && state < State::Done; }

/// One line of the journal: what happened to one change at one moment. Never altered after it was written.
struct Entry {
    qint64 id = 0;
    qint64 job = 0; ///< which change; its journal id
    State state = State::Planned;
    connectors::EpochMs at = 0;
    QJsonObject body;
};

/// What is known of a change when it is planned.
struct PlannedChange {
    QString planId;
    QString hash; ///< of the plan's canonical JSON
    QString kind; ///< "reset", "undo"
    QString connection;
    QString systemId;
    QString target; ///< the consumer
    QString who;
    QString host;
    QString undoes; ///< journal id of the change that this puts back; empty: none
    QJsonObject plan;
    bool isForeign = false; ///< it, or the change that it puts back, came in a file that was not made here
};

/// All entries of one change, folded.
struct Record {
    QString journalId;
    State state = State::Planned;
    PlannedChange change;
    QString reason;
    QString approvedBy;
    connectors::EpochMs created = 0;
    std::optional<connectors::EpochMs> approved;
    std::optional<connectors::EpochMs> finished;
    QJsonArray rows;  ///< the newest table of before, target and now; empty until something was tried
    QString note;     ///< why it stands where it stands, in words
    QString undoneBy; ///< journal id of the newest change that put this one back
    bool isWhollyUndone = false; ///< that change put all of it back, and was not put back itself
    bool hasIntent = false; ///< a step was about to be sent, so the system must be read to know
    std::vector<Entry> entries;
};

[[nodiscard]] Record fold(std::vector<Entry> entries);

[[nodiscard]] QJsonObject toJson(const PlannedChange &change);
[[nodiscard]] PlannedChange plannedChangeFrom(const QJsonObject &object);

} // namespace models::journal
