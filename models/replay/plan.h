// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/checkpoint_writer.h"
#include "connectors/connector.h"

#include <QJsonObject>

namespace models::replay {

enum class PlanKind { Reset, Undo };

/// Why a row cannot be done; `start` and `end` are the partition's real range, where known.
struct Refusal {
    QString code; ///< outOfRange, noMatch, unknownStream, unknownPartition, noCheckpoint, unreadable, movedOn
    QString message;
    std::optional<qint64> start;
    std::optional<qint64> end;
    bool operator==(const Refusal &) const = default;
};

/// One partition, frozen. `after` null without a refusal means: delete the checkpoint (there was none before).
struct PlanRow {
    QString stream;
    int partition = 0;
    std::optional<qint64> before;
    QByteArray beforeMetadata;
    bool isBeforeExact = true;      ///< false: the library garbled the metadata; it cannot be put back exactly
    std::optional<qint64> after;
    QByteArray afterMetadata;
    std::optional<qint64> start;    ///< when it was planned
    std::optional<qint64> end;
    std::optional<qint64> replayed; ///< events that will be processed again; null where it cannot be told
    std::optional<qint64> skipped;  ///< events that will never be processed
    std::optional<Refusal> refused;

    [[nodiscard]] connectors::PartitionId id() const { return {stream, partition}; }
    [[nodiscard]] bool isDeletion() const { return !refused && !after && before; }
    /// Something is written for this row.
    [[nodiscard]] bool isChange() const { return !refused && (before != after || (after && beforeMetadata != afterMetadata && isRestoringMetadata)); }
    bool isRestoringMetadata = false; ///< an undo: the metadata counts too
    bool operator==(const PlanRow &) const = default;
};

/// A change of one consumer, as data: everything is resolved, nothing is looked up again when it is applied. What is
/// previewed, hashed, approved, recorded and run once.
struct Plan {
    QString planId; ///< random
    PlanKind kind = PlanKind::Reset;
    connectors::ConnectionSpec spec; ///< without secrets
    connectors::Environment environment = connectors::Environment::Untagged;
    QString systemId;
    QString product;
    QString userName; ///< the name used on the system
    QString consumer;
    QString consumerKind;
    QString request;  ///< the target as it was asked for
    connectors::EpochMs created = 0;
    std::vector<PlanRow> rows;      ///< sorted by stream, partition
    std::vector<PlanRow> untouched; ///< the consumer's other checkpoints, so that the snapshot is whole
    std::vector<connectors::ConsumerMember> members; ///< who reads now; they must leave first
    std::vector<QString> otherConsumers;             ///< of the same streams, not touched
    QString reversible; ///< fully, partly or no, with the reason
    std::vector<QString> warnings;
    QString undoes;             ///< journal id
    bool isMovedOnAccepted = false;
    bool isOutOfRangeRestored = false; ///< an undo writes a saved value outside today's range

    [[nodiscard]] bool hasRefusals() const;
    [[nodiscard]] qint64 changes() const; ///< rows that are written; 0: there is nothing to apply
    [[nodiscard]] qint64 replayed() const;
    [[nodiscard]] qint64 skipped() const;
    bool operator==(const Plan &) const = default;
};

/// Canonical: sorted keys; holds everything of the plan.
[[nodiscard]] QJsonObject toJson(const Plan &plan);
[[nodiscard]] connectors::Result<Plan> planFromJson(const QJsonObject &object);
/// SHA-256 of the canonical JSON.
[[nodiscard]] QString hashOf(const Plan &plan);

/// A file that holds the plan and its hash; a file whose hash does not fit is Refused. Errors call it by `name`.
[[nodiscard]] QByteArray toPlanFile(const Plan &plan);
[[nodiscard]] connectors::Result<Plan> planFromFile(const QByteArray &bytes, const QString &name = QStringLiteral("the file"));

[[nodiscard]] QString wordOf(PlanKind kind);

} // namespace models::replay
