// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/replay/failpoint.h"

#include <csignal>
#include <cstdlib>
#include <string>
#include <string_view>
#include <unistd.h>

namespace models::replay {

namespace {

void dieIfArmed(const char *step, const char *side)
{
    static const char *const armed = std::getenv("STREAMGAUGE_FAILPOINT");
    if (armed == nullptr || std::string(step) + side != std::string_view(armed))
        return;
    ::kill(::getpid(), SIGKILL);
    ::pause();
}

} // namespace

void failpointBefore(FailpointStep step)
{
    dieIfArmed(step.name(), ".before");
}

void failpointAfter(FailpointStep step)
{
    dieIfArmed(step.name(), ".after");
}

} // namespace models::replay
