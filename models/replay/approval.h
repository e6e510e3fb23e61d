// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/replay/plan.h"

#include <chrono>

namespace models::replay {

/// A person's yes to one plan.
struct Approval {
    QString planHash;
    QString who;
    QString reason;     ///< required on production
    QString confirmation; ///< what was typed
    bool isSkippingRefused = false;
    connectors::EpochMs until = 0;
};

/// How a confirmation is typed: the window asks for the environment and the effect, the command line for the consumer.
enum class ConfirmationForm { Effect, ConsumerName };

inline constexpr std::chrono::minutes ApprovalLifetime{15};

/// Where this machine is: OS user and host name.
struct Operator {
    QString who;
    QString host;
};
[[nodiscard]] Operator thisOperator();

/// What must be typed; empty: nothing. On production always; elsewhere only for a plan that skips events or writes a saved
/// value outside today's range.
[[nodiscard]] QString requiredConfirmation(const Plan &plan, ConfirmationForm form);
[[nodiscard]] bool isReasonRequired(const Plan &plan);
/// Refused with what is missing, or nothing.
[[nodiscard]] connectors::Result<void> checkApproval(const Plan &plan, const Approval &approval, ConfirmationForm form);
[[nodiscard]] Approval approve(const Plan &plan, const QString &confirmation, const QString &reason, bool isSkippingRefused);

} // namespace models::replay
