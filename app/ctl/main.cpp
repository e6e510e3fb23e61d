// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/command.h"
#include "app/ctl/commands.h"
#include "app/ctl/isolation.h"
#include "app/ctl/time_out.h"

#include <CLI/CLI.hpp>

#include <QCoreApplication>

#include <csignal>
#include <optional>
#include <thread>
#include <unistd.h>

namespace {

using ctl::ExitStatus;

/// Every command there is, in the order of the help.
std::vector<std::unique_ptr<ctl::Command>> makeCommands()
{
    std::vector<std::unique_ptr<ctl::Command>> commands;
    commands.push_back(ctl::makeStreamsCommand());
    commands.push_back(ctl::makeLagCommand());
    commands.push_back(ctl::makeMembersCommand());
    commands.push_back(ctl::makeEventsCommand());
    commands.push_back(ctl::makeTraceCommand());
    commands.push_back(ctl::makeAggregateCommand());
    commands.push_back(ctl::makeResetCommand());
    commands.push_back(ctl::makeApplyCommand());
    commands.push_back(ctl::makeJournalCommand());
    commands.push_back(ctl::makeProjectionCommand());
    commands.push_back(ctl::makeUndoCommand());
    commands.push_back(ctl::makeAppendCommand());
    commands.push_back(ctl::makeWaitCommand());
    commands.push_back(ctl::makeHealthCommand());
    return commands;
}

struct GlobalOptions {
    bool isJson = false;
    QString timeout = QStringLiteral("10s");
    QString passwordFile;
    ctl::Isolation isolation;
};

void declareGlobals(ctl::Arguments &arguments, GlobalOptions &options)
{
    arguments.flag("--json", options.isJson, "Print JSON instead of tables for people");
    // A command may have a time-out of its own (wait); then that one is meant.
    if (!arguments.has("--timeout"))
        arguments.option("--timeout", options.timeout, "How long to try to connect and log in, e.g. 10s");
    arguments.option("--password-file", options.passwordFile, "File whose content is the password; else STREAMGAUGE_PASSWORD, else the keyring");
    arguments.flag("--isolate", options.isolation.isIsolated, "Hold each connection in a process of its own; one with via=… has one in any case, there");
    arguments.option("--memory-limit", options.isolation.memoryLimit, "What that process may take, e.g. 512M; 1G where nothing is said. With it there is one, as with --isolate");
}

/// Ctrl+C asks to stop; a second one ends at once. A thread of its own waits for the signals, so that no handler has to be
/// async-signal-safe. The mask must be set before any other thread starts.
void stopOnSignals(const std::stop_source &stop)
{
    static sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    std::thread([stop]() mutable {
        for (;;) {
            int number = 0;
            sigwait(&signals, &number);
            if (!stop.request_stop())
                _exit(128 + number);
        }
    }).detach();
}

int runCommand(ctl::Command &command, const ctl::ContextOptions &options, QCoreApplication &app)
{
    std::stop_source stop;
    stopOnSignals(stop);
    session::SecretStore secrets;
    ctl::Context context(options, secrets, stop);
    ExitStatus status = ExitStatus::NotSo;
    // The command may block; this thread keeps turning for the keyring's answers.
    std::thread worker([&] {
        try {
            status = command.run(context);
        } catch (const std::exception &error) {
            status = context.out().fail({connectors::ErrorCode::Internal, QString::fromUtf8(error.what()), {}, false});
        }
        QMetaObject::invokeMethod(&app, [] { QCoreApplication::quit(); }, Qt::QueuedConnection);
    });
    QCoreApplication::exec();
    worker.join();
    return static_cast<int>(context.out().finish(status, options.isChanging));
}

/// The library would only say that a command is required. Null when the first argument names one, or is an option.
std::optional<QString> unknownCommand(int argc, char *argv[], const CLI::App &app)
{
    const QString first = argc > 1 ? QString::fromLocal8Bit(argv[1]) : QString();
    if (first.isEmpty() || first.startsWith(u'-'))
        return std::nullopt;
    QStringList names;
    for (const CLI::App *command : app.get_subcommands({})) {
        names += QString::fromStdString(command->get_name());
        if (names.back() == first)
            return std::nullopt;
    }
    return QStringLiteral("There is no command “%1”. There are: %2.").arg(first.left(40), names.join(QStringLiteral(", ")));
}

int usageError(const QString &message)
{
    ctl::Output(false).say(message);
    return static_cast<int>(ExitStatus::Usage);
}

} // namespace

int main(int argc, char *argv[])
{
    std::signal(SIGPIPE, SIG_IGN);
    QCoreApplication application(argc, argv);
    QCoreApplication::setApplicationName(QStringLiteral("streamgauge"));
    QCoreApplication::setApplicationVersion(QStringLiteral(STREAMGAUGE_VERSION));

    CLI::App app("Watch, explain and replay event-driven systems from scripts.", "streamgaugectl");
    app.set_version_flag("--version", STREAMGAUGE_VERSION);
    app.require_subcommand(1);
    GlobalOptions globals;
    const auto commands = makeCommands();
    std::vector<CLI::App *> subcommands;
    for (const auto &command : commands) {
        CLI::App *subcommand = app.add_subcommand(command->name(), command->summary());
        ctl::Arguments arguments(*subcommand);
        command->declare(arguments);
        declareGlobals(arguments, globals);
        subcommands.push_back(subcommand);
    }
    if (const auto unknown = unknownCommand(argc, argv, app))
        return usageError(*unknown);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError &error) {
        // Help and version are no errors; whatever else the library returns is status 2 here.
        const bool isHelp = app.exit(error) == 0;
        return static_cast<int>(isHelp ? ctl::Output(false).finish(ExitStatus::Done, false) : ExitStatus::Usage);
    }
    const auto timeout = ctl::parseTimeout(globals.timeout);
    if (!timeout) {
        ctl::Output(false).say(timeout.error());
        return static_cast<int>(ExitStatus::Usage);
    }
    if (timeout->count() == 0)
        return usageError(QStringLiteral("--timeout: “%1” is not a time to wait. Write for example 10s.").arg(globals.timeout));
    const auto systems = ctl::systemsFor(globals.isolation);
    if (!systems) {
        ctl::Output(false).say(systems.error());
        return static_cast<int>(ExitStatus::Usage);
    }
    for (size_t i = 0; i < commands.size(); ++i) {
        if (!subcommands[i]->parsed())
            continue;
        const ctl::ContextOptions options{globals.isJson, *timeout, commands[i]->isChanging(), globals.passwordFile, *systems};
        return runCommand(*commands[i], options, application);
    }
    return static_cast<int>(ExitStatus::Usage);
}
