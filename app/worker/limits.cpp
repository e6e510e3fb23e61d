// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/worker/limits.h"

#ifdef STREAMGAUGE_SANITIZED

void worker::runWithinLimits(qint64, char *[]) { }

#else

#include <algorithm>
#include <array>
#include <climits>
#include <cstdlib>
#include <sys/resource.h>
#include <unistd.h>

namespace worker {

namespace {

constexpr auto DoneVariable = "STREAMGAUGE_WORKER_LIMITS";
constexpr rlim_t MostDescriptors = 1024;
constexpr rlim_t StackBytes = 512 * 1024;

void limit(__rlimit_resource_t resource, rlim_t most)
{
    rlimit now{};
    getrlimit(resource, &now);
    const rlim_t wanted = std::min(most, now.rlim_max);
    const rlimit lowered{wanted, wanted};
    setrlimit(resource, &lowered);
}

} // namespace

void runWithinLimits(qint64 memoryLimit, char *argv[])
{
    if (getenv(DoneVariable))
        return;
    limit(RLIMIT_CORE, 0);
    limit(RLIMIT_NOFILE, MostDescriptors);
    limit(RLIMIT_STACK, StackBytes);
    if (memoryLimit > 0)
        limit(RLIMIT_DATA, static_cast<rlim_t>(memoryLimit));
    setenv(DoneVariable, "1", 1);
    setenv("MALLOC_ARENA_MAX", "2", 1);
    std::array<char, PATH_MAX> program{}; // by its own name, so that lists of processes tell what it is
    if (readlink("/proc/self/exe", program.data(), program.size() - 1) > 0)
        execv(program.data(), argv);
    // It could not be started again: it goes on within what could be set.
}

} // namespace worker

#endif
