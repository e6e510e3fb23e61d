// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/systems/direct_systems.h"
#include "app/worker/limits.h"
#include "connectors/remote/worker_host.h"

#include <QCoreApplication>

#include <csignal>
#include <cstdio>
#include <cstring>
#include <unistd.h>

namespace {

/// The bytes after `--memory-limit`; 0 where there is none.
qint64 memoryLimit(int argc, char *argv[])
{
    for (int i = 1; i + 1 < argc; ++i) {
        if (std::strcmp(argv[i], "--memory-limit") == 0)
            return QByteArray(argv[i + 1]).toLongLong();
    }
    return 0;
}

/// Messages have a descriptor of their own: what a library prints goes to stderr.
int takeOutput()
{
    const int output = dup(STDOUT_FILENO);
    dup2(STDERR_FILENO, STDOUT_FILENO);
    return output;
}

} // namespace

int main(int argc, char *argv[])
{
    if (argc == 2 && std::strcmp(argv[1], "--version") == 0) {
        std::puts(STREAMGAUGE_VERSION);
        return 0;
    }
    if (isatty(STDIN_FILENO) != 0) {
        std::fputs("streamgauge-worker holds a connection for streamgauge, which starts it; there is nothing to type here.\n", stderr);
        return 2;
    }
    worker::runWithinLimits(memoryLimit(argc, argv), argv);
    std::signal(SIGPIPE, SIG_IGN);
    QCoreApplication application(argc, argv);
    const auto tokens = std::make_shared<connectors::remote::TokenAsker>();
    const systems::DirectSystems systems([tokens](const std::stop_token &stop) { return tokens->ask(stop); });
    const connectors::remote::HostedSystems hosted{
        [&systems](const auto &opening, auto caution) {
            return systems.openWithCare(opening.spec, opening.credentials, [declared = opening.declarations] { return declared; }, std::move(caution));
        },
        [&systems](const auto &opening) { return systems.openCheckpointWriter(opening.spec, opening.credentials); },
        [&systems](const auto &opening) { return systems.openLineLog(opening.spec, opening.credentials, opening.topic); },
        tokens};
    const connectors::remote::WorkerHost host(hosted, dup(STDIN_FILENO), takeOutput(), [] {
        QMetaObject::invokeMethod(qApp, [] { QCoreApplication::quit(); }, Qt::QueuedConnection);
    });
    return QCoreApplication::exec();
}
