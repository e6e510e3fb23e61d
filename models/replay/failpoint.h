// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <string_view>

namespace models::replay {

/// Every durable or remote step of a change has a name, with `.before` and `.after`. A test arms one with
/// STREAMGAUGE_FAILPOINT=intent.set.after, and the process dies there as by kill -9; with intent.set.after=PIPE the change
/// waits there until that named pipe was opened for writing and closed. Steps that a plan does not have
/// (nothing to delete, nobody to wait for) are never reached. In the order in which they begin.
inline constexpr const char *FailpointSteps[] = {
    "plan.store", "approve", "check", "wait", "review", "intent.set", "apply.set", "result.set",
    "intent.delete", "apply.delete", "result.delete", "verify.begin", "verify.read", "finish",
};

/// The same of a projection's rebuild, swap, swapping back and dropping.
inline constexpr const char *ProjectionFailpointSteps[] = {
    "projection.plan", "projection.approve", "projection.check", "projection.intent", "rebuild.begin", "rebuild.store", "rebuild.finish",
    "projection.apply", "projection.verify", "projection.end",
};

/// A step of the lists above. Another name does not compile, so that no step can be added without the tests that kill at
/// each of the list.
class FailpointStep final
{
public:
    consteval FailpointStep(const char *name) // NOLINT(google-explicit-constructor): a name is all it is
        : m_name(name)
    {
        const auto isName = [name](const char *one) { return std::string_view(one) == name; };
        const bool isListed = std::any_of(std::begin(FailpointSteps), std::end(FailpointSteps), isName)
            || std::any_of(std::begin(ProjectionFailpointSteps), std::end(ProjectionFailpointSteps), isName);
        if (!isListed)
            throw "this step is in no list of failpoints";
    }
    [[nodiscard]] constexpr const char *name() const { return m_name; }

private:
    const char *m_name;
};

void failpointBefore(FailpointStep step);
void failpointAfter(FailpointStep step);

} // namespace models::replay
