// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/command.h"

namespace ctl {

// Each is defined in the file of its command.
[[nodiscard]] std::unique_ptr<Command> makeStreamsCommand();
[[nodiscard]] std::unique_ptr<Command> makeLagCommand();
[[nodiscard]] std::unique_ptr<Command> makeMembersCommand();
[[nodiscard]] std::unique_ptr<Command> makeEventsCommand();
[[nodiscard]] std::unique_ptr<Command> makeTraceCommand();
[[nodiscard]] std::unique_ptr<Command> makeResetCommand();
[[nodiscard]] std::unique_ptr<Command> makeApplyCommand();
[[nodiscard]] std::unique_ptr<Command> makeJournalCommand();
[[nodiscard]] std::unique_ptr<Command> makeProjectionCommand();
[[nodiscard]] std::unique_ptr<Command> makeAggregateCommand();
[[nodiscard]] std::unique_ptr<Command> makeUndoCommand();
[[nodiscard]] std::unique_ptr<Command> makeAppendCommand();
[[nodiscard]] std::unique_ptr<Command> makeWaitCommand();
[[nodiscard]] std::unique_ptr<Command> makeHealthCommand();

} // namespace ctl
