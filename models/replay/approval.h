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

/// What a plan asks of a person before it is applied.
struct Demands {
    QString planHash;
    QString confirmation; ///< what must be typed; empty: nothing
    QString confirmationAdvice;
    bool isReasonRequired = false;
};

inline constexpr std::chrono::minutes ApprovalLifetime{15};
inline constexpr std::chrono::hours LongestApproval{24}; ///< of a change window

/// Where this machine is: OS user and host name.
struct Operator {
    QString who;
    QString host;
};
[[nodiscard]] Operator thisOperator();

/// What must be typed; empty: nothing. On production always; elsewhere only for a plan that skips events or writes a saved
/// value outside today's range. `now`: what the plan is judged by (environmentNow()), where that is not the plan's own.
[[nodiscard]] QString requiredConfirmation(const Plan &plan, ConfirmationForm form, std::optional<connectors::Environment> now = {});
[[nodiscard]] bool isReasonRequired(const Plan &plan, std::optional<connectors::Environment> now = {});
/// Refused with what is missing in what a person said, or nothing. Costs no hash: for every key that is pressed.
[[nodiscard]] connectors::Result<void> checkWords(const Plan &plan, const Approval &approval, ConfirmationForm form, std::optional<connectors::Environment> now = {});
/// The same, and that it is an approval of this plan which has not expired.
[[nodiscard]] connectors::Result<void> checkApproval(const Plan &plan, const Approval &approval, ConfirmationForm form, std::optional<connectors::Environment> now = {});
/// The same for a plan of any kind.
[[nodiscard]] connectors::Result<void> checkWords(const Demands &demands, const Approval &approval);
[[nodiscard]] connectors::Result<void> checkApproval(const Demands &demands, const Approval &approval);
[[nodiscard]] Approval approve(const Demands &demands, const QString &confirmation, const QString &reason, std::chrono::milliseconds lifetime = ApprovalLifetime);
[[nodiscard]] Approval approve(const Plan &plan, const QString &confirmation, const QString &reason, bool isSkippingRefused,
                               std::chrono::milliseconds lifetime = ApprovalLifetime);

} // namespace models::replay
