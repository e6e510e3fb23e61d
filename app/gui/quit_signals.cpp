// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/quit_signals.h"

#include <QSocketNotifier>

#include <csignal>
#include <fcntl.h>
#include <unistd.h>

namespace gui {

namespace {

constexpr int Signals[] = {SIGINT, SIGTERM, SIGHUP};
int pipeEnds[2] = {-1, -1}; // read, write; all that a signal's handler may touch

void wake(int number)
{
    std::signal(number, SIG_DFL);
    const char byte = 0;
    std::ignore = write(pipeEnds[1], &byte, 1); // async-signal-safe; a full pipe is awake already
}

} // namespace

QuitSignals::QuitSignals(QObject *parent)
    : QObject(parent)
{
    if (pipe2(pipeEnds, O_CLOEXEC | O_NONBLOCK) != 0)
        return; // the signals then end the program as they do by default
    auto *notifier = new QSocketNotifier(pipeEnds[0], QSocketNotifier::Read, this);
    connect(notifier, &QSocketNotifier::activated, this, [this, notifier] {
        notifier->setEnabled(false);
        Q_EMIT quitRequested();
    });
    for (const int number : Signals)
        std::signal(number, wake);
}

QuitSignals::~QuitSignals()
{
    for (const int number : Signals)
        std::signal(number, SIG_DFL);
    for (int &end : pipeEnds) {
        if (end >= 0)
            close(std::exchange(end, -1));
    }
}

} // namespace gui
