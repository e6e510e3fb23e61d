// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/arguments.h"
#include "app/ctl/context.h"

#include <memory>

namespace ctl {

/// One command of the command line. A file a command; each is made in the list of main.cpp.
///
///     class LagCommand final : public Command {
///         const char *name() …; const char *summary() …;
///         void declare(Arguments &arguments) override { arguments.positional("connection", m_connection, …); … }
///         ExitStatus run(Context &context) override { … return ExitStatus::Done; }
///     };
///
/// `--json`, `--timeout`, `--password-file` are declared for every command by main and are found in the Context.
/// run() is called on a thread of its own: it may block on futures (Context::wait), and should end soon after
/// Context::stopToken() was asked to stop (Ctrl+C, or a stdout that cannot be written where it changes nothing).
class Command
{
public:
    virtual ~Command() = default;
    [[nodiscard]] virtual const char *name() const = 0;
    [[nodiscard]] virtual const char *summary() const = 0; ///< one sentence for --help
    virtual void declare(Arguments &arguments) = 0;
    [[nodiscard]] virtual ExitStatus run(Context &context) = 0;
    /// Whether what was declared changes something: then output that cannot be written neither stops it nor hides how it
    /// ended. Asked after the arguments were read.
    [[nodiscard]] virtual bool isChanging() const { return false; }
};

} // namespace ctl
