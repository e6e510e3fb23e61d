// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/context.h"

#include <CLI/CLI.hpp>

#include <memory>

namespace ctl {

/// One command of the command line. A file a command; each is made in the list of main.cpp.
///
///     class LagCommand final : public Command {
///         QString name() …; QString summary() …;
///         void declare(CLI::App &app) override { app.add_option("connection", m_connection, …)->required(); … }
///         ExitStatus run(Context &context) override { … return ExitStatus::Done; }
///     };
///
/// `--json`, `--timeout`, `--password-file` are declared for every command by main and are found in the Context.
/// run() is called on a thread of its own: it may block on futures (Context::wait), and should end soon after
/// Context::stopToken() was asked to stop (Ctrl+C, closed stdout).
class Command
{
public:
    virtual ~Command() = default;
    [[nodiscard]] virtual std::string name() const = 0;
    [[nodiscard]] virtual std::string summary() const = 0; ///< one sentence for --help
    virtual void declare(CLI::App &app) = 0;               ///< adds options and positionals to its subcommand
    [[nodiscard]] virtual ExitStatus run(Context &context) = 0;
};

/// Adds an option that may be repeated and takes one value each time.
CLI::Option *addRepeated(CLI::App &app, const std::string &name, std::vector<std::string> &values, const std::string &description);

} // namespace ctl
