// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/replay/failpoint.h"

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <string>
#include <string_view>
#include <unistd.h>

namespace models::replay {

namespace {

/// Until the pipe has been opened for writing and closed again.
void waitForPipe(const char *path)
{
    const int pipe = ::open(path, O_RDONLY | O_CLOEXEC);
    char byte = 0;
    while (pipe >= 0 && (::read(pipe, &byte, 1) > 0 || errno == EINTR))
        errno = 0;
    ::close(pipe);
}

void stopIfArmed(const char *step, const char *side)
{
    static const char *const armed = std::getenv("STREAMGAUGE_FAILPOINT");
    if (armed == nullptr)
        return;
    const std::string point = std::string(step) + side;
    const std::string_view what = armed;
    if (what == point) {
        ::kill(::getpid(), SIGKILL);
        ::pause();
    }
    if (what.starts_with(point + '='))
        waitForPipe(armed + point.size() + 1);
}

} // namespace

void failpointBefore(FailpointStep step)
{
    stopIfArmed(step.name(), ".before");
}

void failpointAfter(FailpointStep step)
{
    stopIfArmed(step.name(), ".after");
}

} // namespace models::replay
