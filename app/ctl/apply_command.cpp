// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/change_run.h"
#include "app/ctl/commands.h"

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
    return StoredPlan{std::move(*plan), record->journalId, {}, {}};
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
        Output &out = context.out();
        const auto stored = QFileInfo(m_plan).isFile() ? models::replay::openPlanFile(Journal::defaultPath(), m_plan) : storedPlan(m_plan);
        if (!stored)
            return out.fail(stored.error());
        if (const auto connection = context.open(stored->plan.spec); !connection)
            return out.fail(connection.error());
        return finishChange(context, *stored, m_change);
    }

private:
    QString m_plan;
    ChangeOptions m_change;
};

} // namespace

std::unique_ptr<Command> makeApplyCommand()
{
    return std::make_unique<ApplyCommand>();
}

} // namespace ctl
