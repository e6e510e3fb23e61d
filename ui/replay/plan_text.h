// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/journal/record.h"
#include "models/replay/classification.h"
#include "models/replay/effect_learner.h"
#include "models/replay/reset_request.h"
#include "models/replay/take_up.h"
#include "ui/theme/theme.h"

namespace ui::replay {

/// "Reset payments on prod-eu · 1 of 12 partitions changes, 11 do not".
[[nodiscard]] QString headline(const models::replay::Plan &plan);
/// "will process again 12,430 events (≈ 3 min at 69 events/s)"; empty where nothing is.
[[nodiscard]] QString replayedText(const models::replay::Plan &plan, std::optional<double> ratePerSecond);
/// "will SKIP 51 events"; empty where none is.
[[nodiscard]] QString skippedText(const models::replay::Plan &plan);
/// Who reads now, in a sentence. `now` is what the system last told of the consumer; null: it is not known since the plan.
[[nodiscard]] QString membersText(const models::replay::Plan &plan, const connectors::ConsumerState *now);
/// "≈ 12,430 PaymentRequested (learned from 4,100 traces)", or why nothing is known.
/// "learned from 498 traces of 11,857 events": which part of them was looked at.
[[nodiscard]] QString sampleText(const models::replay::LearnedEffects &learned, qint64 replayed, const QString &traces);
[[nodiscard]] QString effectsText(const models::replay::LearnedEffects &learned, const models::replay::Plan &plan);
/// That a plan is not of now, where it is older than a minute; else empty.
[[nodiscard]] QString ageText(const models::replay::Plan &plan, connectors::EpochMs now);
/// "2, not touched: billing, audit".
[[nodiscard]] QString othersText(const models::replay::Plan &plan);
/// What one row does: "process again 12,430", "SKIP 51", "no change", or why not.
[[nodiscard]] QString rowText(const models::replay::PlanRow &row);
[[nodiscard]] QString memberName(const connectors::ConsumerMember &member);
[[nodiscard]] QString positionText(const std::optional<qint64> &position); ///< "none" for a checkpoint that is not there

/// What learning the effects on production costs, beside the button that begins it.
[[nodiscard]] QString learningCostText();
/// The command line that makes the same plan, with the reason where one is given. `request` null: the plan did not come from a
/// request of this window.
[[nodiscard]] QString commandText(const models::replay::Plan &plan, const models::replay::ResetRequest *request, const QString &csvPath, const QString &reason = {});
/// The whole plan as text for a ticket or a chat; `environment` is what it is judged by.
[[nodiscard]] QString summaryText(const models::replay::Plan &plan, connectors::Environment environment, std::optional<double> ratePerSecond, bool isStored);

/// A state of the journal in words and with its meaning.
[[nodiscard]] QString stateWord(models::journal::State state);
[[nodiscard]] QString stateExplanation(models::journal::State state);
[[nodiscard]] theme::Role stateRole(models::journal::State state);
[[nodiscard]] QString stateIcon(models::journal::State state);
[[nodiscard]] QString resultWord(models::replay::RowResult result);
[[nodiscard]] theme::Role resultRole(models::replay::RowResult result);
/// Where a partition is after its checkpoint was moved: "at the target, nobody has read yet".
[[nodiscard]] QString takeUpText(const models::replay::TakeUpRow &row);

} // namespace ui::replay
