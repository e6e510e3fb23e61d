// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QString>

#include <string_view>
#include <vector>

namespace models::aggregate {

enum class ChangeKind { Added, Removed, Changed };

/// What one member of a state, or one element, was and is.
struct StateChange {
    ChangeKind kind = ChangeKind::Changed;
    QString pointer;   ///< RFC 6901; empty: the whole state
    QByteArray before; ///< JSON; null where it was added
    QByteArray after;  ///< JSON; null where it was removed
    bool operator==(const StateChange &) const = default;
};

struct StateDifference {
    std::vector<StateChange> changes; ///< in the order of `before`, what is new after it
    bool isCut = false;               ///< there are more
    [[nodiscard]] bool isEmpty() const { return changes.empty(); }
    bool operator==(const StateDifference &) const = default;
};

/// What is different between two JSON texts, both valid, or empty for nothing. Objects are compared by their members, in whatever
/// order, arrays element by element; what is new or gone is told once, as a whole. Equal numbers are the same however they are
/// written, at any size; so are texts. Linear in both, but for the sorting of names.
[[nodiscard]] StateDifference differenceOf(std::string_view before, std::string_view after, size_t most = 10'000);

/// The pointer of a member or an element of what stands at `pointer`.
[[nodiscard]] QString pointerBelow(const QString &pointer, const QString &name);

} // namespace models::aggregate
