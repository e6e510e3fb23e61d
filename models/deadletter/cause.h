// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/dead_letter_source.h"

#include <tuple>

namespace models::deadletter {

/// Why letters died, with what differs from letter to letter taken out, so that equal causes are equal texts.
struct Cause {
    QString exceptionClass;
    QString stage;
    QString message;  ///< numbers, ids, quoted values and offsets replaced by signs such as ‹n›
    QString topFrame; ///< the topmost frame of the stack trace that is not the runtime's or a framework's; may be empty
    bool operator==(const Cause &) const = default;
    bool operator<(const Cause &other) const
    {
        return std::tie(exceptionClass, stage, message, topFrame) < std::tie(other.exceptionClass, other.stage, other.message, other.topFrame);
    }
};

/// The message with its variable parts replaced: UUIDs and hex ids ‹id›, quoted text ‹text›, times ‹time›, numbers ‹n›.
/// Linear in the length; a message longer than 4,096 characters is cut first.
[[nodiscard]] QString normalisedMessage(const QString &message);

/// The first frame that is the team's own, line number removed.
[[nodiscard]] QString topOwnFrame(const QString &stackTrace);

[[nodiscard]] Cause causeOf(const connectors::DeadLetter &letter);

/// With "split by exact text": message and trace as they are.
[[nodiscard]] Cause exactCauseOf(const connectors::DeadLetter &letter);

} // namespace models::deadletter
