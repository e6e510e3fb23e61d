// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/change_run.h"
#include "app/ctl/commands.h"
#include "models/replay/undo_planner.h"

namespace ctl {

namespace {

using namespace connectors;
using models::journal::Journal;

class UndoCommand final : public Command
{
public:
    const char *name() const override { return "undo"; }
    const char *summary() const override { return "Plan to put the checkpoints of a recorded change back; with --execute, do it"; }
    bool isChanging() const override { return m_change.isExecuted; }

    void declare(Arguments &arguments) override
    {
        arguments.positional("id", m_id, "The journal id of the change, or its plan's id");
        arguments.flag("--moved-on", m_isMovedOnAccepted, "Put back also what the consumer has moved on from since");
        declareChange(arguments, m_change, true);
    }

    ExitStatus run(Context &context) override
    {
        Output &out = context.out();
        const auto recorded = recordedConnection();
        if (!recorded)
            return out.fail(recorded.error());
        if (const auto connection = context.openRecorded(recorded->spec, recorded->isOwn); !connection)
            return out.fail(connection.error());
        const auto stored = models::replay::openRecord(context.factory(), Journal::defaultPath(), m_id, {}, m_isMovedOnAccepted, context.stopToken());
        if (!stored)
            return out.fail(stored.error());
        if (stored->plan.rows.empty())
            return out.fail({ErrorCode::Refused, QStringLiteral("The change %1 moved no checkpoint, so there is nothing to put back.").arg(m_id), {}, false});
        return finishChange(context, *stored, m_change);
    }

private:
    struct RecordedConnection {
        ConnectionSpec spec;
        bool isOwn = true; ///< not out of a file from elsewhere
    };

    /// The connection that the record names, of a change that can be put back.
    [[nodiscard]] Result<RecordedConnection> recordedConnection() const
    {
        const auto journal = Journal::open(Journal::defaultPath());
        if (!journal)
            return tl::unexpected(journal.error());
        const auto record = (*journal)->find(m_id);
        if (!record)
            return tl::unexpected(record.error());
        if (const Result<void> undoable = models::replay::checkUndoable(*record); !undoable)
            return tl::unexpected(undoable.error());
        return models::replay::planFromJson(record->change.plan).map([&](const models::replay::Plan &plan) { return RecordedConnection{plan.spec, !record->change.isForeign}; });
    }

    QString m_id;
    bool m_isMovedOnAccepted = false;
    ChangeOptions m_change;
};

} // namespace

std::unique_ptr<Command> makeUndoCommand()
{
    return std::make_unique<UndoCommand>();
}

} // namespace ctl
