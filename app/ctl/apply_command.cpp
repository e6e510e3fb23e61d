// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/change_run.h"
#include "app/ctl/commands.h"
#include "app/ctl/projection_run.h"

#include <QFileInfo>

namespace ctl {

namespace {

using namespace connectors;
using models::journal::Journal;
using models::replay::StoredPlan;

/// A plan that was made before, by its id or its journal id.
Result<StoredPlan> storedPlan(const QString &id)
{
    const auto journal = Journal::open(Journal::defaultPath());
    if (!journal)
        return tl::unexpected(journal.error());
    const auto record = (*journal)->find(id);
    if (!record)
        return tl::unexpected(record.error());
    auto plan = models::replay::planFromJson(record->change.plan);
    if (!plan)
        return tl::unexpected(plan.error());
    const Environment environment = plan->environment;
    return StoredPlan{std::move(*plan), record->journalId, {}, {}, environment, record->change.isForeign};
}

Result<models::journal::Record> recordOf(const QString &id)
{
    const auto journal = Journal::openToRead(Journal::defaultPath());
    if (!journal)
        return tl::unexpected(journal.error());
    return *journal ? (*journal)->find(id) : failure(ErrorCode::NotFound, QStringLiteral("There is no journal yet."));
}

/// Whether the plan was made here: the journal has it. One that comes in a file may have been made by anybody.
bool isInJournal(const QString &planId)
{
    return recordOf(planId).has_value();
}

class ApplyCommand final : public Command
{
public:
    const char *name() const override { return "apply"; }
    const char *summary() const override { return "Apply the very plan that was shown, from its file or by its id"; }
    bool isChanging() const override { return true; }

    void declare(Arguments &arguments) override
    {
        arguments.positional("plan", m_plan, "A file written by reset --plan, or a plan's id");
        declareChange(arguments, m_change, false);
    }

    ExitStatus run(Context &context) override
    {
        return QFileInfo(m_plan).isFile() ? applyFile(context) : applyStored(context);
    }

private:
    ExitStatus applyStored(Context &context) const
    {
        if (const auto record = recordOf(m_plan); record && models::projection::isProjectionKind(record->change.kind))
            return applyProjection(context, *record, {true, m_change.confirmation, m_change.reason, m_change.validFor, {}, {}});
        const auto stored = storedPlan(m_plan);
        if (!stored)
            return context.out().fail(stored.error());
        if (const auto connection = context.openPlanned(stored->plan.spec, !stored->isForeign); !connection)
            return context.out().fail(connection.error());
        if (stored->isForeign)
            context.out().say(QStringLiteral("This plan came in a file that was not made here."));
        return finishChange(context, *stored, m_change);
    }

    ExitStatus applyFile(Context &context)
    {
        const auto plan = models::replay::readPlanFile(m_plan);
        if (!plan)
            return context.out().fail(plan.error());
        if (isInJournal(plan->planId)) { // as it is there, whatever the file says
            m_plan = plan->planId;
            return applyStored(context);
        }
        // First, so that a plan for what cannot be reached leaves nothing behind.
        if (const auto connection = context.openPlanned(plan->spec, false); !connection)
            return context.out().fail(connection.error());
        const auto stored = models::replay::openPlanFile(context.factory(), Journal::defaultPath(), m_plan);
        if (!stored)
            return context.out().fail(stored.error());
        if (stored->plan.changes() == 0 && !stored->plan.hasRefusals())
            return context.out().fail({ErrorCode::Refused, QStringLiteral("When this plan was made, every checkpoint was where it should be already; there is nothing to change in it."),
                                       QStringLiteral("Make a new plan."), false});
        return finishChange(context, *stored, m_change);
    }

    QString m_plan;
    ChangeOptions m_change;
};

} // namespace

std::unique_ptr<Command> makeApplyCommand()
{
    return std::make_unique<ApplyCommand>();
}

} // namespace ctl
