// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/replay/approval.h"

#include <QDateTime>
#include <QSysInfo>

#include <pwd.h>
#include <unistd.h>

namespace models::replay {

using connectors::countsAsProduction;
using connectors::Environment;
using connectors::ErrorCode;
using connectors::failure;
using connectors::Result;

Operator thisOperator()
{
    const passwd *user = ::getpwuid(::getuid());
    return {user != nullptr ? QString::fromLocal8Bit(user->pw_name) : QString::number(::getuid()), QSysInfo::machineHostName()};
}

QString requiredConfirmation(const Plan &plan, ConfirmationForm form, std::optional<Environment> now)
{
    const bool isProduction = countsAsProduction(now.value_or(plan.environment));
    if (form == ConfirmationForm::ConsumerName)
        return isProduction ? plan.consumer : QString();
    const qint64 skipped = plan.skipped();
    QString effect = skipped > 0 ? QStringLiteral("SKIP %1").arg(skipped) : QString::number(plan.replayed());
    if (plan.isOutOfRangeRestored)
        effect = QStringLiteral("OUT OF RANGE ") + effect;
    if (isProduction)
        return plan.spec.name + u' ' + effect;
    return skipped > 0 || plan.isOutOfRangeRestored ? effect : QString();
}

bool isReasonRequired(const Plan &plan, std::optional<Environment> now)
{
    return countsAsProduction(now.value_or(plan.environment));
}

namespace {

Demands demandsOf(const Plan &plan, ConfirmationForm form, std::optional<Environment> now)
{
    const bool isTypedOut = form == ConfirmationForm::Effect;
    return {{}, requiredConfirmation(plan, form, now),
            isTypedOut ? QStringLiteral("Type exactly that; it shows that the plan was read.") : QStringLiteral("The connection counts as production. Add --confirm with the consumer's name."),
            isReasonRequired(plan, now)};
}

Result<void> checkHash(const QString &hash, const Approval &approval)
{
    if (approval.planHash != hash)
        return failure(ErrorCode::Refused, QStringLiteral("The approval is for another plan."), QStringLiteral("Look at this plan and approve it."));
    if (QDateTime::currentMSecsSinceEpoch() > approval.until)
        return failure(ErrorCode::Refused, QStringLiteral("The approval has expired."), QStringLiteral("Look at the plan again and approve it again."));
    return {};
}

} // namespace

Result<void> checkApproval(const Plan &plan, const Approval &approval, ConfirmationForm form, std::optional<Environment> now)
{
    return checkHash(hashOf(plan), approval).and_then([&] { return checkWords(plan, approval, form, now); });
}

Result<void> checkWords(const Plan &plan, const Approval &approval, ConfirmationForm form, std::optional<Environment> now)
{
    if (plan.hasRefusals() && !approval.isSkippingRefused) {
        return failure(ErrorCode::Refused, QStringLiteral("The plan has rows that cannot be done, so nothing is changed."),
                       QStringLiteral("Choose another target, or leave those rows out."));
    }
    if (plan.changes() == 0) {
        return failure(ErrorCode::Refused, plan.hasRefusals() ? QStringLiteral("None of the plan's rows can be done.")
                                                              : QStringLiteral("Every checkpoint of the plan is where it should be already; there is nothing to change."));
    }
    return checkWords(demandsOf(plan, form, now), approval);
}

Result<void> checkWords(const Demands &demands, const Approval &approval)
{
    if (!demands.confirmation.isEmpty() && approval.confirmation.simplified() != demands.confirmation.simplified())
        return failure(ErrorCode::Refused, QStringLiteral("This change must be confirmed by “%1”.").arg(demands.confirmation), demands.confirmationAdvice);
    if (demands.isReasonRequired && approval.reason.trimmed().isEmpty())
        return failure(ErrorCode::Refused, QStringLiteral("A change on production needs a reason."), QStringLiteral("Write a sentence or a ticket (--reason)."));
    return {};
}

Result<void> checkApproval(const Demands &demands, const Approval &approval)
{
    return checkHash(demands.planHash, approval).and_then([&] { return checkWords(demands, approval); });
}

Approval approve(const Demands &demands, const QString &confirmation, const QString &reason, std::chrono::milliseconds lifetime)
{
    return {demands.planHash, thisOperator().who, reason, confirmation, false, QDateTime::currentMSecsSinceEpoch() + lifetime.count()};
}

Approval approve(const Plan &plan, const QString &confirmation, const QString &reason, bool isSkippingRefused, std::chrono::milliseconds lifetime)
{
    return {hashOf(plan), thisOperator().who, reason, confirmation, isSkippingRefused, QDateTime::currentMSecsSinceEpoch() + lifetime.count()};
}

} // namespace models::replay
