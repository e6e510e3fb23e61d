// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>

#include <optional>
#include <vector>

namespace CLI {
class App;
}

namespace ctl {

enum class Need { Optional, Required };

/// Declares what one command takes. Values are written when the command line is parsed; they must outlive that. Keeps
/// CLI11, which takes long to compile, out of the commands.
class Arguments final
{
public:
    explicit Arguments(CLI::App &command) : m_command(command) { }

    void positional(const char *name, QString &value, const char *description, Need need = Need::Required);
    void positionals(const char *name, QStringList &values, const char *description); ///< at least one

    /// `--name VALUE`; what the value is now is shown as the default.
    void option(const char *name, QString &value, const char *description, Need need = Need::Optional);
    /// A whole number from 0 on.
    void option(const char *name, std::optional<qint64> &value, const char *description, Need need = Need::Optional);
    /// May be given several times, with one value each.
    void repeated(const char *name, QStringList &values, const char *description);
    void repeated(const char *name, std::vector<int> &values, const char *description); ///< numbers from 0 on
    void flag(const char *name, bool &value, const char *description);

    /// Of these options at most one may be given.
    void exclusive(const std::vector<const char *> &names);
    [[nodiscard]] bool has(const char *name) const;

private:
    CLI::App &m_command;
};

} // namespace ctl
