// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtGlobal>

#include <unistd.h>

namespace tests {

/// Rights do not bind the superuser, so the test is nobody for a while.
class Unprivileged final
{
public:
    Unprivileged()
    {
        if (m_isRoot && setresuid(Nobody, Nobody, 0) != 0)
            qFatal("Cannot become nobody.");
    }
    ~Unprivileged()
    {
        if (m_isRoot && setresuid(0, 0, 0) != 0)
            qFatal("Cannot become root again.");
    }
    Q_DISABLE_COPY_MOVE(Unprivileged)

private:
    static constexpr uid_t Nobody = 65534;
    const bool m_isRoot = geteuid() == 0;
};

} // namespace tests
