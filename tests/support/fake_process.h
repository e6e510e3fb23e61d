// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/process_health.h"

namespace tests {

/// The process of a connection, as a test tells it. One thread only.
class FakeProcess final : public connectors::ProcessHealth
{
public:
    connectors::ProcessReport report{connectors::ProcessState::Responding, 1'000, 0, 0, {}, 0};
    int restarts = 0;

    [[nodiscard]] connectors::ProcessReport processReport() const override { return report; }
    void restartProcess() override
    {
        ++restarts;
        ++report.startedAt;
        report.state = connectors::ProcessState::Responding;
    }
    void die(const QString &how)
    {
        ++report.deaths;
        report.lastDeath = how;
        report.diedAt = report.startedAt + 1'000;
        report.startedAt = report.diedAt;
    }
};

} // namespace tests
