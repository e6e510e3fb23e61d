// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/result.h"

#include <memory>

namespace models::journal {

/// One change at a time on one target (system id + consumer), across windows and command lines of one user. A lock of the
/// operating system on a file beside the journal: it goes with the process that holds it, however that ends.
class TargetLock final
{
public:
    /// At once or not at all: Conflict names who holds it.
    [[nodiscard]] static connectors::Result<std::unique_ptr<TargetLock>> acquire(const QString &journalPath, const QString &systemId,
                                                                                const QString &target);
    /// Whether somebody holds it now. Only looks: it takes no lock that a change could meet, and makes no file.
    [[nodiscard]] static bool isHeld(const QString &journalPath, const QString &systemId, const QString &target);
    ~TargetLock();
    TargetLock(const TargetLock &) = delete;
    TargetLock &operator=(const TargetLock &) = delete;

private:
    explicit TargetLock(int file) : m_file(file) { }
    const int m_file;
};

} // namespace models::journal
