// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/position.h"

#include <QString>

namespace connectors {

enum class ProcessState {
    Responding,
    NotResponding ///< asked whether it is there, it has said nothing for ten seconds; a slow system is no reason
};

/// What is known of the process that holds a connection.
struct ProcessReport {
    ProcessState state = ProcessState::Responding;
    EpochMs startedAt = 0;  ///< of the one that runs now, or ran last
    int deaths = 0;         ///< ends that nobody wanted, since the connection was opened
    EpochMs diedAt = 0;     ///< the last of them; 0: never
    QString lastDeath;      ///< how: "was ended by signal 9 (Killed)". May hold what the process wrote: plain text, to be cut
    qint64 memoryLimit = 0; ///< bytes that it may take; 0: no limit
    bool operator==(const ProcessReport &) const = default;
};

/// The process that holds a connection, for whoever watches it. Thread-safe; neither call waits for the process.
class ProcessHealth
{
public:
    virtual ~ProcessHealth() = default;
    [[nodiscard]] virtual ProcessReport processReport() const = 0;
    /// Ends the process at once and starts another one. What was asked of it is answered with an error, as when it dies.
    virtual void restartProcess() = 0;
};

} // namespace connectors
